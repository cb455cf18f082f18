"""Processes that emit are killed at random moments, while Kafka is there, away or silent.

Each process notes an event's number before `emit` and after it. What was noted after, and what
had been under way for long enough to be written down, must be on the topic or in the spool.
"""

import random
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from openlineage_avro import decode
from openlineage_avro.delivery.spool import FILE
from tests.support.emitting import drain, read_records
from tests.support.tcp_proxy import TcpProxy

pytestmark = pytest.mark.slow

# To prepare an event and write it down takes a few milliseconds, on a machine that has others.
SECONDS_TO_WRITE = 1.0

PROGRAM = """
import os, sys, time
from tests.support.emitting import event_with, make_transport
servers, topic, name, notes = sys.argv[1:]
transport = make_transport(servers, topic)
file = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for number in range(100_000):
    event = event_with({"n": {"n": f"{name}-{number}"}})
    os.write(file, f"begun {name}-{number} {time.time()}\\n".encode())
    transport.emit(event)
    os.write(file, f"ended {name}-{number} {time.time()}\\n".encode())
"""


@dataclass
class Emitting:
    """Processes that emit, what they noted, and when each was killed."""

    servers: str
    topic: str
    notes: Path

    def run_and_kill(self, seconds: float) -> None:
        """Let a process emit for a random part of `seconds` from its first event; kill it."""
        name, notes = uuid.uuid4().hex, self.notes / uuid.uuid4().hex
        arguments = [sys.executable, "-c", PROGRAM, self.servers, self.topic, name, str(notes)]
        process = subprocess.Popen(arguments)
        while not notes.exists() or not notes.read_bytes():
            assert process.poll() is None
            time.sleep(0.001)
        time.sleep(random.random() * seconds)
        with notes.open("a") as file:
            process.send_signal(signal.SIGSTOP)  # nothing happens between this note and the kill
            file.write(f"killed - {time.time()}\n")
        process.kill()
        process.wait()

    def safe(self) -> set[str]:
        """Return the numbers of the events that must be somewhere."""
        found = set()
        for notes in self.notes.iterdir():
            lines = [line.split() for line in notes.read_text().splitlines()]
            killed = float(next(at for what, _, at in lines if what == "killed"))
            found |= {number for what, number, _ in lines if what == "ended"}
            found |= {
                number
                for what, number, at in lines
                if what == "begun" and killed - float(at) > SECONDS_TO_WRITE
            }
        return found


@pytest.fixture
def emitting(kafka_proxy: TcpProxy, new_topic: str, tmp_path: Path) -> Emitting:
    """Return processes that emit to a new topic through the proxy."""
    (tmp_path / "notes").mkdir()
    return Emitting(kafka_proxy.address, new_topic, tmp_path / "notes")


def check(emitting: Emitting, proxy: TcpProxy, spool: Path) -> None:
    """Bring Kafka back and drain; every event is on the topic then."""
    proxy.restore()
    safe = emitting.safe()
    assert safe
    assert (spool / FILE).exists()
    drain(emitting.servers, emitting.topic)
    records = read_records(emitting.servers, emitting.topic)
    assert safe <= {decode(record.value)["run"]["facets"]["n"]["n"] for record in records}


def test_kills_while_kafka_is_there(
    emitting: Emitting, kafka_proxy: TcpProxy, default_spool: Path
) -> None:
    for _ in range(6):
        emitting.run_and_kill(seconds=0.5)
    check(emitting, kafka_proxy, default_spool)


@pytest.mark.parametrize("fault", ["refuse", "silence"])
def test_kills_while_kafka_is_away(
    emitting: Emitting, kafka_proxy: TcpProxy, default_spool: Path, fault: str
) -> None:
    getattr(kafka_proxy, fault)()
    for _ in range(4):
        emitting.run_and_kill(seconds=4.5)
    check(emitting, kafka_proxy, default_spool)


def test_kills_while_the_line_is_cut_and_mended(
    emitting: Emitting, kafka_proxy: TcpProxy, default_spool: Path
) -> None:
    faults = (kafka_proxy.cut, kafka_proxy.refuse, kafka_proxy.silence, kafka_proxy.restore)
    for _ in range(2):
        for fault in faults:
            fault()
            emitting.run_and_kill(seconds=2)
    check(emitting, kafka_proxy, default_spool)
