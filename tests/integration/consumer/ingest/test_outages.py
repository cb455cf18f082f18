"""Once the consumer has worked, an outage is waited for, and told once."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient

from consumer.errors import StoreProblem
from consumer.store.database import connect
from services import kafka
from services.state import free_ports
from tests.support.storing import Consumer, produce, rows, value, wait_until

TOPIC = "openlineage"


class Broker:
    """A broker that a test may stop and start again, with what it has on disk."""

    def __init__(self, folder: Path) -> None:
        """Start it, with a topic."""
        self._folder = folder
        (self._port,) = free_ports(1)
        self.servers = f"127.0.0.1:{self._port}"
        self.service = kafka.start(folder, self._port)
        kafka.ensure_topic(self.servers, TOPIC)

    def start(self) -> None:
        """Start it with what it had."""
        self.service = kafka.start(self._folder, self._port)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path / "kafka")
    yield broker
    broker.service.stop()


def told(log: str) -> list[str]:
    """Return what the consumer says of outages: `waiting` or `going on`."""
    said = [line.split(": ", 1)[1] for line in log.splitlines() if "consumer.ingest.outage" in line]
    return [" ".join(line.split()[:2]).rstrip(":") for line in said]


@pytest.mark.slow
def test_kafka_killed_before_anything_was_read_is_waited_for(
    broker: Broker, store_url: str
) -> None:
    # tests/crash/test_connections.py stops it after something was read.
    consumer = Consumer(broker.servers, TOPIC, store_url)
    process = consumer.start("run")
    wait_until(lambda: _has_begun(consumer))
    broker.service.kill()
    log = _lines_until(process, "waiting: Kafka cannot be reached")
    assert process.poll() is None
    broker.start()
    produce(broker.servers, TOPIC, [value(each) for each in range(4)])
    wait_until(lambda: consumer.counted()[1] == 4, seconds=60)
    process.terminate()
    rest = process.communicate(timeout=20)[1]
    assert process.returncode == 0, rest
    said = told(log + rest)
    assert said.count("waiting Kafka") <= 2
    assert said[-1] == "going on"
    assert "kafka." not in log + rest


def _has_begun(consumer: Consumer) -> bool:
    """Tell whether every partition is read."""
    return rows(consumer.url, "SELECT count(*) FROM lineage.partitions") == [(3,)]


def _lines_until(process: subprocess.Popen[str], text: str) -> str:
    """Return what a process writes on standard error, up to a line with a text."""
    lines: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        if text in line:
            break
    return "".join(lines)


def test_the_group_is_told_what_is_stored_and_nobody_reads_it(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(7)], 1)
    arguments = ("run", "--stop-at-end", "--group", consumer.topic)
    assert consumer.run(*arguments).returncode == 0
    offsets = kafka_admin.list_group_offsets({consumer.topic: None})[consumer.topic]
    assert {at.partition: offset.offset for at, offset in offsets.items()} == {0: 7}


def test_a_name_that_does_not_resolve_may_do_so_later() -> None:
    with pytest.raises(StoreProblem, match="correct the host") as caught:
        connect("postgresql://me@no-such-host.invalid/db")
    assert caught.value.retry
