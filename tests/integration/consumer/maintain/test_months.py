"""Partitions of months are like those PostgreSQL makes itself, and rows move there unseen."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from consumer.errors import StoreProblem
from consumer.maintain import months
from consumer.maintain import session as sessions
from consumer.maintain.maintain import maintain
from consumer.store.packs import FULL_EVENTS, PACK_EVENTS
from consumer.store.store import Store
from tests.support.storing import CLUSTER, Consumer, begin, event, offset_of, put, rows, wait_until

EVENTS = "SELECT * FROM lineage.events ORDER BY event_id"
MONTHS = "SELECT name FROM lineage_store.months WHERE start IS NOT NULL ORDER BY start, name"
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
# What a table is, without its own name.
SHAPE = """
SELECT attname::text, format_type(atttypid, atttypmod), attnotnull, attstorage::text,
       attcompression::text
FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0
UNION ALL
SELECT replace(pg_get_indexdef(indexrelid), index.relname || ' ON ', ''),
       parent.inhparent::regclass::text, indisunique, '', ''
FROM pg_index
JOIN pg_class AS index ON index.oid = indexrelid
LEFT JOIN pg_inherits AS parent ON parent.inhrelid = indexrelid
WHERE indrelid = %(table)s::regclass
UNION ALL
SELECT pg_get_constraintdef(oid), '', convalidated, '', ''
FROM pg_constraint WHERE conrelid = %(table)s::regclass
"""


@pytest.fixture
def spare(spare_url: str) -> Iterator[Store]:
    """Yield a store whose schema the test may change."""
    store = Store(spare_url, CLUSTER)
    begin(store)
    yield store
    store.close()


def shape(url: str, table: str) -> list[Any]:
    """Return columns, indexes and constraints of a table of schema lineage_store."""
    with psycopg.connect(url) as connection:
        found = connection.execute(SHAPE.encode(), {"table": f"lineage_store.{table}"}).fetchall()
    return sorted(repr(row).replace(table, "table") for row in found)


def many(month: int, first: int, count: int) -> list[Any]:
    """Return different events of a month of 2026."""
    time = f"2026-{month:02}-03T00:00:00Z"
    return [event(number, eventTime=time) for number in range(first, first + count)]


def wait_for_waiting(url: str, count: int) -> None:
    """Wait until so many sessions of a database wait for a lock."""
    wait_until(lambda: rows(url, WAITING) == [(count,)])


@pytest.mark.parametrize("parent", ["events", "event_packs"])
def test_a_months_partition_is_like_any(spare_url: str, parent: str) -> None:
    maintain(spare_url, threading.Event())
    with psycopg.connect(spare_url) as connection:
        connection.execute(
            f"CREATE TABLE lineage_store.by_itself PARTITION OF lineage_store.{parent}"
            " FOR VALUES FROM ('1990-01-01') TO ('1990-02-01')".encode()
        )
    made = [name for (name,) in rows(spare_url, MONTHS) if name.startswith(f"{parent}_")]
    assert len(made) == 1 + months.AHEAD
    wanted = shape(spare_url, "by_itself")
    assert len(wanted) > 10
    for name in made:
        assert shape(spare_url, name) == wanted


def test_it_makes_this_month_and_some_ahead_once(spare_url: str) -> None:
    maintain(spare_url, threading.Event())
    made = rows(spare_url, MONTHS)
    starts = rows(
        spare_url,
        "SELECT to_char(now() + make_interval(months => number), 'YYYY_MM')"
        " FROM generate_series(0, 3) AS number",
    )
    tables = ("event_packs", "events")
    assert made == [(f"{name}_{start}",) for (start,) in starts for name in tables]
    maintain(spare_url, threading.Event())
    assert rows(spare_url, MONTHS) == made


def test_rows_move_while_others_write(
    spare: Store, spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "MANY_EVENTS", 50)
    put(spare, [*many(1, 0, 100), *many(2, 100, 49), *many(3, 200, 100)], 30)
    stop = threading.Event()
    numbers = iter(range(1000, 100_000))

    def write_on() -> None:
        while not stop.is_set():
            put(spare, many(1, next(numbers), 1))

    seen: list[int] = []

    def read_on() -> None:
        with psycopg.connect(spare_url, autocommit=True) as reader:
            while not stop.is_set():
                seen.extend(reader.execute("SELECT count(*) FROM lineage.events").fetchone() or ())

    threads = [threading.Thread(target=write_on), threading.Thread(target=read_on)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(seen) > 5)
    maintain(spare_url, threading.Event())
    stop.set()
    for thread in threads:
        thread.join()
    assert seen == sorted(seen)
    assert seen[0] >= 249
    count = offset_of(spare).next_offset
    found = rows(spare_url, "SELECT count(*), count(DISTINCT event_id) FROM lineage.events")
    assert found == [(count, count)]
    made = rows(spare_url, MONTHS)
    assert made[:4] == [("event_packs_2026_01",), ("events_2026_01",)] + [
        ("event_packs_2026_03",),
        ("events_2026_03",),
    ]
    assert rows(spare_url, "SELECT count(*) FROM lineage_store.events_default") == [(49,)]


def test_who_asks_while_rows_move_sees_each(
    spare: Store, spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "MANY_EVENTS", 5)
    monkeypatch.setattr(sessions, "LOCK_MILLISECONDS", 60_000)
    put(spare, many(1, 0, 10))
    seen: list[Any] = []
    threads = [
        threading.Thread(target=lambda: maintain(spare_url, threading.Event())),
        threading.Thread(
            target=lambda: seen.extend(rows(spare_url, "SELECT count(*) FROM lineage.events"))
        ),
    ]
    with psycopg.connect(spare_url) as other:
        other.execute("LOCK TABLE lineage_store.events_default IN ACCESS SHARE MODE")
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            wait_for_waiting(spare_url, waiting)
    for thread in threads:
        thread.join()
    assert seen == [(10,)]
    assert ("events_2026_01",) in rows(spare_url, MONTHS)


def test_a_long_reader_stops_nobody(
    spare: Store, spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "MANY_EVENTS", 5)
    monkeypatch.setattr(sessions, "PAUSES", (0.1, 0.1))
    put(spare, many(1, 0, 10))
    with psycopg.connect(spare_url) as reader:
        before = reader.execute(EVENTS.encode()).fetchall()
        with pytest.raises(StoreProblem, match="event_packs: transactions that last"):
            maintain(spare_url, threading.Event())
        put(spare, many(2, 10, 1))
        assert len(reader.execute(EVENTS.encode()).fetchall()) == 11
    assert rows(spare_url, "SELECT to_regclass('lineage_store.event_packs_2026_01')") == [(None,)]
    maintain(spare_url, threading.Event())
    after = rows(spare_url, EVENTS)
    assert len(after) == 11
    assert all(row in after for row in before)


def test_any_date_has_a_place(
    spare: Store, spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "MANY_EVENTS", 1)
    times = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-11-30Z", "9999-12-31T23:59:59Z"]
    put(spare, [event(number, eventTime=time) for number, time in enumerate(times)])
    stored = "SELECT count(*) FROM lineage.events"
    count = rows(spare_url, stored)
    maintain(spare_url, threading.Event())
    assert rows(spare_url, stored) == count
    names = [name for (name,) in rows(spare_url, MONTHS)]
    assert names[0] == "event_packs_0001_01"
    assert not any("9999_12" in name for name in names)


def test_run_maintains_beside_reading(consumer: Consumer, spare: Store, spare_url: str) -> None:
    count = PACK_EVENTS + FULL_EVENTS - 1
    put(spare, map(event, range(count)), 1)
    consumer.environment["DATABASE_URL"] = spare_url
    process = consumer.start("run", "--maintain")
    small = "SELECT count(*) FROM lineage_store.event_packs WHERE is_small"
    try:
        wait_until(lambda: rows(spare_url, small) == [(FULL_EVENTS - 1,)])
    finally:
        process.terminate()
    _, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    assert len(rows(spare_url, MONTHS)) == 2 * (1 + months.AHEAD)
    told = consumer.run("status", DATABASE_URL=spare_url).stdout.splitlines()
    assert told[-2].startswith(f"events: {count}, bodies compressed with ")
    assert told[-1].endswith(f"; {count} events in the default partition")
