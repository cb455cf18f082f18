"""`openlineage-avro-consumer run`: from a real topic into a real database, and what it says."""

import json
import signal
import subprocess
from typing import Any

import psycopg
import pytest
from kafka import KafkaProducer
from psycopg.conninfo import make_conninfo

from openlineage_avro import encode
from services.state import free_ports
from tests.support import corpus
from tests.support.storing import Consumer, event, produce, rows, value, wait_until


def test_everything_on_the_topic_is_stored_and_counted(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    events = corpus.all_events()
    values: list[bytes | None] = [
        encode(each) if number % 2 else json.dumps(each).encode()
        for number, each in enumerate(events)
    ]
    count = len(values)
    values += [*values[:10], b"garbage", b"\x00\x00\x00\x00\x01x", None, b"{}"]
    offsets = produce(kafka_bootstrap_servers, consumer.topic, values)
    done = consumer.run("run", "--stop-at-end")
    assert done.returncode == 0, done.stderr
    distinct = len({json.dumps(each, sort_keys=True) for each in events})
    expected = (count + 14, distinct, count + 10 - distinct, 3, 1)
    assert consumer.counted() == expected
    place = f"partition {offsets[-4][0]} of {consumer.topic}, offset {offsets[-4][1]}"
    assert f"rejected: {place}: expected JSON" in done.stderr
    rejected = rows(consumer.url, "SELECT partition, record_offset FROM lineage.rejected")
    assert sorted(rejected) == sorted([offsets[-4], offsets[-3], offsets[-1]])

    again = consumer.run("run", "--stop-at-end")
    assert again.returncode == 0, again.stderr
    assert consumer.counted() == expected

    shown = consumer.run("status").stdout.splitlines()
    assert shown[0].split()[:2] == ["topic", "partition"]
    assert shown[-3].split() == ["total", str(expected[0]), "0", *map(str, expected[1:4])]


def test_status_of_a_topic_that_was_never_read(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(1)])
    shown = consumer.run("status").stdout.splitlines()
    assert "not read yet" in shown[1]
    assert shown[-3].split() == ["total", "1", "1", "0", "0", "0"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_after_the_batch(
    kafka_bootstrap_servers: str, consumer: Consumer, number: signal.Signals
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(30)])
    process = consumer.start("run")
    wait_until(lambda: consumer.counted()[1] == 30)
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 0, error


def test_transactions_and_their_markers(kafka_bootstrap_servers: str, consumer: Consumer) -> None:
    producer = KafkaProducer(
        bootstrap_servers=kafka_bootstrap_servers, transactional_id=consumer.topic
    )
    producer.init_transactions()
    for number in range(6):
        producer.begin_transaction()
        producer.send(consumer.topic, value(number), partition=0)
        producer.flush()
        if number % 2:
            producer.abort_transaction()
        else:
            producer.commit_transaction()
    producer.close()
    done = consumer.run("run", "--stop-at-end")
    assert done.returncode == 0, done.stderr
    assert consumer.counted()[:2] == (12, 3)
    stored = rows(consumer.url, "SELECT run_id FROM lineage.events ORDER BY run_id")
    assert stored == [("run 0",), ("run 2",), ("run 4",)]


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line that tells the problem, after seeing that the command failed."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_a_missing_topic_is_told(consumer: Consumer) -> None:
    for arguments in (["run"], ["status"]):
        told = last_line(consumer.run(*arguments, OPENLINEAGE_TOPIC="not-there"))
        assert "topic not-there at" in told
        assert "kafka-topics.sh --create" in told


def test_services_that_cannot_be_reached_are_told(consumer: Consumer) -> None:
    (port,) = free_ports(1)
    hasty = ("--kafka-setting", "bootstrap_timeout_ms=1000")
    told = last_line(consumer.run("run", *hasty, KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{port}"))
    assert "Kafka cannot be reached" in told
    assert "KAFKA_BOOTSTRAP_SERVERS" in told
    nobody = make_conninfo(consumer.url, port=port)
    told = last_line(consumer.run("run", DATABASE_URL=nobody))
    assert f"PostgreSQL at 127.0.0.1:{port}" in told
    assert "is the server running" in told


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"password": "wrong"}, "correct the user or password in DATABASE_URL"),
        ({"dbname": "not_there"}, "create it, or correct DATABASE_URL"),
        ({"user": "nobody_knows"}, "correct the user or password in DATABASE_URL"),
        ({"host": "not.there.invalid"}, "correct the host in DATABASE_URL"),
    ],
)
def test_a_wrong_database_url_is_told(
    consumer: Consumer, change: dict[str, Any], expected: str
) -> None:
    told = last_line(consumer.run("migrate", DATABASE_URL=make_conninfo(consumer.url, **change)))
    assert expected in told
    assert "wrong" not in told.replace("wrong_", "")


def test_an_unreadable_database_url_is_told(consumer: Consumer) -> None:
    told = last_line(consumer.run("migrate", DATABASE_URL="postgres//x:secret@y"))
    assert "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in told


def test_status_before_migrate_tells_what_to_do(consumer: Consumer, database_url: str) -> None:
    told = last_line(consumer.run("status", DATABASE_URL=database_url))
    assert "openlineage-avro-consumer migrate" in told


def test_a_kafka_setting_that_does_not_exist_is_told(consumer: Consumer) -> None:
    told = last_line(consumer.run("status", "--kafka-setting", "no_such=1"))
    assert "no_such" in told


def test_a_connection_that_is_cut_while_it_runs_is_made_again(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    process = consumer.start("run")
    try:
        produce(kafka_bootstrap_servers, consumer.topic, [json.dumps(event(1)).encode()])
        wait_until(lambda: consumer.counted()[1] == 1)
        with psycopg.connect(consumer.url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'openlineage-avro-consumer'"
            )
        produce(kafka_bootstrap_servers, consumer.topic, [json.dumps(event(2)).encode()])
        wait_until(lambda: consumer.counted()[1] == 2)
    finally:
        process.terminate()
        _, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    assert "waiting: " in error
