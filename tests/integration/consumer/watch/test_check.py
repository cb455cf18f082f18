"""`check` says of each thing that it is well, or what to do."""

import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from consumer.maintain.maintain import maintain
from consumer.store.figures import figures_of, growth_of
from consumer.store.store import Store
from services.state import free_ports
from tests.support.storing import Consumer, command, event, produce, put, value


def found(consumer: Consumer, *options: str, **environment: str) -> tuple[int, dict[str, Any]]:
    """Return the exit status, and each check's result."""
    done = consumer.run("check", "--json", *options, **environment)
    assert "Traceback" not in done.stderr
    return done.returncode, {each["check"]: each for each in json.loads(done.stdout)}


def test_a_store_in_order(kafka_bootstrap_servers: str, topic: str, spare_url: str) -> None:
    import threading

    consumer = Consumer(kafka_bootstrap_servers, topic, spare_url)
    maintain(spare_url, threading.Event())
    status, checks = found(consumer)
    assert {each["status"] for each in checks.values()} == {"OK"}, checks
    assert status == 0
    lines = consumer.run("check").stdout.splitlines()
    assert [line.split(":")[0].split()[1] for line in lines] == list(checks)
    assert "OK   topic: 3 partitions of" in "\n".join(lines)


def test_what_is_not_in_order_is_told_with_what_to_do(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [b"garbage"], 1)
    assert consumer.run("run", "--stop-at-end").returncode == 0
    with psycopg.connect(consumer.url) as connection:
        connection.execute(
            "INSERT INTO lineage_store.gaps (partition_id, from_offset, to_offset)"
            " SELECT id, 0, 7 FROM lineage_store.partitions LIMIT 1"
        )
    produce(kafka_bootstrap_servers, consumer.topic, [value(1)], 1)
    time.sleep(0.01)  # a record of this very millisecond has been waiting for no time
    status, checks = found(consumer, "--max-lag-seconds", "0")
    assert status == 0  # all of it is a warning
    expected = {
        "lag": ("1 records are not stored", "is `run` running"),
        "rejected": ("1 records hold no event", "`rejected list`"),
        "gaps": ("7 records were deleted on Kafka", "retention.ms"),
        "partitions": ("no month has a partition", "run `maintain` daily"),
    }
    for name, (what, advice) in expected.items():
        assert checks[name]["status"] == "WARN", checks[name]
        assert what in checks[name]["found"]
        assert advice in checks[name]["advice"]


def test_a_disk_that_will_be_full(consumer: Consumer, store: Store) -> None:
    now = datetime.now(timezone.utc)

    def at(number: int, days: float) -> dict[str, Any]:
        return event(number, eventTime=(now - timedelta(days=days)).isoformat())

    assert "a day" not in found(consumer)[1]["disk"]["found"]  # too few to tell
    put(store, [at(number, 1 + number % 3) for number in range(9_999)])
    put(store, [at(number, 0) for number in range(10_000, 10_007)])
    growth = growth_of(consumer.url)
    assert (growth.events, growth.recent_events) == (10_006, 9_999)  # today is not over yet
    assert growth.recent_days in (3, 4)  # it may be midnight by now
    put(store, [at(20_000, 100)])
    growth = growth_of(consumer.url)
    assert (growth.recent_events, growth.recent_days) == (9_999, 7)
    assert growth.bytes_a_day == pytest.approx(9_999 / 7 * growth.table_bytes / 10_007)

    bytes_now = figures_of(consumer.url).database_bytes
    soon = bytes_now + round(2 * growth.bytes_a_day)  # what vacuum frees may double it, and more
    expected = {
        "1TB": ("OK", 0, "; 1,000.0 GB are full in "),
        str(soon): ("WARN", 0, " are full in "),
        "1MB": ("FAIL", 1, ", more than 1.0 MB"),
    }
    for size, (status, exit_status, told) in expected.items():
        done, checks = found(consumer, "--disk", size)
        assert (checks["disk"]["status"], done) == (status, exit_status), checks["disk"]
        assert "1,428 events, about " in checks["disk"]["found"]
        assert told in checks["disk"]["found"]
        assert ("maintain --keep" in checks["disk"]["advice"]) == (status != "OK")


def test_a_size_that_is_none_is_refused(consumer: Consumer) -> None:
    done = consumer.run("check", "--disk", "much")
    assert done.returncode == 2
    assert "--disk: expected a number of bytes above 0, such as 500000000 or 500MB" in done.stderr


def test_a_database_that_was_not_migrated(consumer: Consumer, database_url: str) -> None:
    status, checks = found(consumer, DATABASE_URL=database_url)
    assert status == 1
    assert checks["database"]["status"] == "OK"
    assert checks["migrations"]["status"] == "FAIL"
    assert "0001_records.sql" in checks["migrations"]["found"]
    assert "run `migrate`" in checks["migrations"]["advice"]
    assert checks["lag"]["found"] == "not checked: migrations must be OK first"
    assert checks["topic"]["status"] == "OK"


def test_services_that_are_away(consumer: Consumer) -> None:
    (port,) = free_ports(1)
    away = make_conninfo(consumer.url, port=port)
    hasty = ("--kafka-setting", "bootstrap_timeout_ms=1000")
    servers = f"127.0.0.1:{port}"
    status, checks = found(consumer, *hasty, DATABASE_URL=away, KAFKA_BOOTSTRAP_SERVERS=servers)
    assert status == 1
    assert [checks[name]["status"] for name in ("database", "topic", "lag")] == [
        "FAIL",
        "FAIL",
        "SKIP",
    ]
    assert "is DATABASE_URL right?" in checks["database"]["advice"]
    assert "KAFKA_BOOTSTRAP_SERVERS" in checks["topic"]["advice"]
    told = consumer.run("check", *hasty, KAFKA_BOOTSTRAP_SERVERS=servers).stderr
    assert told.splitlines()[-1] == "openlineage-avro-consumer: check failed: topic"


@pytest.mark.parametrize(
    "lacking",
    ["INSERT ON lineage_store.runs", "DELETE ON lineage_store.edges", "SELECT ON lineage.gaps"]
    + ["USAGE ON SEQUENCE lineage_store.event_pack_ids", "USAGE ON SCHEMA lineage"],
)
def test_a_right_that_is_lacking_is_told(consumer: Consumer, store_url: str, lacking: str) -> None:
    with psycopg.connect(store_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE checker LOGIN PASSWORD 'secret'")
        try:
            done = command("migrate", "--grant-to", "checker", DATABASE_URL=store_url)
            assert done.returncode == 0, done.stderr
            connection.execute(f"REVOKE {lacking} FROM checker".encode())
            mine = make_conninfo(store_url, user="checker", password="secret")
            _, checks = found(consumer, DATABASE_URL=mine)
            assert checks["role"]["status"] == "FAIL", checks
            named = lacking.split()[-1]
            assert f"checker lacks rights on {named}" in checks["role"]["found"].replace(
                "schema ", ""
            )
        finally:
            connection.execute("DROP OWNED BY checker")
            connection.execute("DROP ROLE checker")


def test_a_month_without_partition_is_told_though_later_ones_have_theirs(
    consumer: Consumer, spare_url: str
) -> None:
    import threading

    maintain(spare_url, threading.Event())
    end = figures_of(spare_url).months_end
    assert end is not None
    far = f"CREATE TABLE lineage_store.far PARTITION OF lineage_store.events {RANGE}"
    with psycopg.connect(spare_url, autocommit=True) as connection:
        connection.execute(far.format("2199-01-01", "2199-02-01").encode())
        assert figures_of(spare_url).months_end == end
        [(present,)] = connection.execute(PRESENT).fetchall()
        connection.execute(f"DROP TABLE lineage_store.{present}".encode())
        assert figures_of(spare_url).months_end is None


PRESENT = """
SELECT name FROM lineage_store.months
WHERE parent = 'events' AND start <= now() AND finish > now()
"""
RANGE = "FOR VALUES FROM ('{} 00:00Z') TO ('{} 00:00Z')"


@pytest.mark.parametrize(("is_granted", "expected"), [(False, "FAIL"), (True, "OK")])
def test_a_role_is_told_what_it_may_do(
    consumer: Consumer, store_url: str, is_granted: bool, expected: str
) -> None:
    with psycopg.connect(store_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE checker LOGIN PASSWORD 'secret' IN ROLE lineage_reader")
        try:
            connection.execute("GRANT USAGE ON SCHEMA lineage_store TO checker")
            connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA lineage_store TO checker")
            if is_granted:
                done = command("migrate", "--grant-to", "checker", DATABASE_URL=store_url)
                assert done.returncode == 0, done.stderr
            mine = make_conninfo(store_url, user="checker", password="secret")
            _, checks = found(consumer, DATABASE_URL=mine)
            assert checks["role"]["status"] == expected, checks
            wanted = "migrate and maintain need the owner" if is_granted else "--grant-to checker"
            assert wanted in checks["role"]["found"] + checks["role"]["advice"]
        finally:
            connection.execute("DROP OWNED BY checker")
            connection.execute("DROP ROLE checker")
