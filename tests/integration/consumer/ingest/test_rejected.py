"""What was rejected can be looked at, read later, and forgotten; it never comes in the way."""

import time
import uuid
from typing import Any

import psycopg
import pytest

from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import encode_body
from openlineage_avro.codec.framing import confluent
from openlineage_avro.schema_registry import Registry
from tests.support.storing import Consumer, event, produce, rows, value

NEWEST = schemas.versions()[schemas.newest()]
# An index entry of PostgreSQL's has at most 2,704 bytes; names that repeat are compressed.
LONG = "".join(chr(0x4E00 + place * 7 % 20_000) for place in range(3000))


@pytest.fixture
def framed(schema_registry_url: str) -> bytes:
    """Return an event in the Confluent wire format, of a schema that the registry knows."""
    subject = f"{uuid.uuid4().hex}-value"
    number = Registry(schema_registry_url).id_of(subject, NEWEST, time.monotonic() + 20)
    return confluent(number, encode_body(event(1)))


def ran(consumer: Consumer, *arguments: str, **environment: str) -> str:
    """Return what a command printed, which must succeed."""
    done = consumer.run(*arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_can_be_read_later_is_stored_once(
    kafka_bootstrap_servers: str, consumer: Consumer, schema_registry_url: str, framed: bytes
) -> None:
    refused = value(5, job={"namespace": "n", "name": "j", "facets": {LONG: {"x": 1}}})
    values = [framed, b"garbage", value(1), framed, refused]
    produce(kafka_bootstrap_servers, consumer.topic, values, 1)
    ran(consumer, "run", "--stop-at-end")
    assert consumer.counted() == (5, 1, 0, 4, 0)
    known = {"SCHEMA_REGISTRY_URL": schema_registry_url}
    said = ran(consumer, "rejected", "retry", "--partition", "0", **known)
    # All three hold the same event, in Avro and in JSON.
    assert said == "0 stored, 2 were stored before, 2 are still rejected\n"
    assert consumer.counted() == (5, 1, 2, 2, 0)
    said = ran(consumer, "rejected", "retry", **known)
    assert said == "0 stored, 0 were stored before, 2 are still rejected\n"
    assert len(rows(consumer.url, "SELECT 1 FROM lineage.events")) == 1


def test_an_event_that_nothing_else_brought_is_stored_with_all_that_follows(
    kafka_bootstrap_servers: str, consumer: Consumer, schema_registry_url: str, framed: bytes
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [framed, b"garbage"], 1)
    ran(consumer, "run", "--stop-at-end")
    known = {"SCHEMA_REGISTRY_URL": schema_registry_url}
    ran(consumer, "rejected", "retry", **known)
    assert consumer.counted() == (2, 1, 0, 1, 0)
    query = "SELECT run_id, framing, record_offset, record_time IS NOT NULL FROM lineage.events"
    assert rows(consumer.url, query) == [("run 1", "confluent", 0, True)]
    assert rows(consumer.url, "SELECT run_id FROM lineage.runs") == [("run 1",)]


def test_records_are_listed_shown_and_dropped(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    values = [b"garbage", b"{}", b"\x00\x01\xff" * 10, "grün".encode()]
    produce(kafka_bootstrap_servers, consumer.topic, values, 1)
    ran(consumer, "run", "--stop-at-end")
    listed = ran(consumer, "rejected", "list").splitlines()
    assert [line.split(": ")[0].split()[-1] for line in listed] == ["0", "1", "2", "3"]
    assert listed[1].endswith(
        "2 bytes, json: event: expected run, job or dataset, got none of them"
    )
    some = ran(consumer, "rejected", "list", "--reason", "none of them")
    assert some.splitlines() == [listed[1]]
    shown = ran(consumer, "rejected", "show", "--offset", "2")
    assert "00000010  01 ff 00" in shown
    assert "key key" in shown
    assert ran(consumer, "rejected", "show", "--offset", "3").splitlines()[-1] == "grün"
    assert "2 records would be" in ran(consumer, "rejected", "drop", "--reason", "expected JSON")
    assert len(ran(consumer, "rejected", "list").splitlines()) == 4
    dropped = ran(consumer, "rejected", "drop", "--reason", "expected JSON", "--yes")
    assert dropped == "2 records deleted\n"
    assert ran(consumer, "rejected", "list").splitlines() == listed[1:3]


def test_a_rejected_record_that_comes_again_is_no_error(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    values: list[Any] = [b"garbage", value(1)]
    produce(kafka_bootstrap_servers, consumer.topic, values, 1)
    ran(consumer, "run", "--stop-at-end")
    with psycopg.connect(consumer.url) as connection:
        connection.execute("UPDATE lineage_store.partitions SET next_offset = 0")
    ran(consumer, "run", "--stop-at-end")
    assert len(rows(consumer.url, "SELECT 1 FROM lineage.rejected")) == 1
    assert len(rows(consumer.url, "SELECT 1 FROM lineage.events")) == 1
