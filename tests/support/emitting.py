"""Events, transports that emit them, and what of that is on a topic or still waits."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from openlineage.client.event_v2 import Job, Run, RunEvent
from openlineage.client.uuid import generate_new_uuid

from openlineage_avro import AvroKafkaTransport, decode
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.delivery.spool import Status, statuses
from openlineage_avro.errors import DeliveryError

TIME = "2026-01-01T00:00:00.123456+00:00"


def run_event(name: str = "job") -> RunEvent:
    run = Run(runId=str(generate_new_uuid()))
    return RunEvent(eventTime=TIME, producer="tests", run=run, job=Job("ns", name))


def make_transport(servers: str, topic: str, **settings: Any) -> AvroKafkaTransport:
    given = {"bootstrap_servers": servers, "topic": topic, **settings}
    return AvroKafkaTransport(AvroKafkaConfig.from_dict(given))


def read_records(servers: str, topic: str) -> list[Any]:
    consumer = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest")
    partitions = [TopicPartition(topic, number) for number in range(3)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    records: list[Any] = []
    while any(consumer.position(each) < ends[each] for each in partitions):
        records += [record for batch in consumer.poll(500).values() for record in batch]
    consumer.close()
    return records


def event_with(facets: dict[str, Any]) -> RunEvent:
    run = Run(runId=str(generate_new_uuid()), facets=facets)
    return RunEvent(eventTime=TIME, producer="tests", run=run, job=Job("ns", "job"))


def expect(holds: bool) -> None:
    assert holds


def eventually(attempt: Callable[[], None], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (AssertionError, DeliveryError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


COMMAND = str(Path(sys.executable).with_name("openlineage-avro"))


def names_on(servers: str, topic: str) -> list[str]:
    records = sorted(read_records(servers, topic), key=lambda each: (each.partition, each.offset))
    return [decode(record.value)["job"]["name"] for record in records]


def status_of(folder: Path) -> Status:
    [status] = statuses(folder)
    return status


def emit_until_nothing_waits(transport: AvroKafkaTransport, folder: Path) -> None:
    """Emit as a running Airflow would, until the spool has been drained by that."""

    def attempt() -> None:
        transport.emit(run_event("again"))
        assert status_of(folder).waiting == 0

    eventually(attempt, seconds=30)


def environment_of(servers: str, topic: str) -> dict[str, str]:
    place = "OPENLINEAGE__TRANSPORT__"
    return {
        **os.environ,
        f"{place}TYPE": "openlineage_avro.AvroKafkaTransport",
        f"{place}BOOTSTRAP_SERVERS": servers,
        f"{place}TOPIC": topic,
    }


def run_command(servers: str, topic: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, *arguments],
        env=environment_of(servers, topic),
        capture_output=True,
        text=True,
        timeout=100,
    )


def drain(servers: str, topic: str) -> None:
    """Drain the spool, waiting for the leases of processes that were killed to end."""

    def attempt() -> None:
        assert run_command(servers, topic, "drain").returncode == 0
        assert sum(each.waiting + each.sending for each in statuses(_default_spool())) == 0

    eventually(attempt, seconds=60)


def _default_spool() -> Path:
    return Path(os.environ["AIRFLOW_HOME"]) / "openlineage_avro_spool"
