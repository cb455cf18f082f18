"""Consumers go on while a store is maintained: nothing is lost, doubled or rejected."""

import random
import threading
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from consumer.errors import Conflict
from consumer.maintain import months
from consumer.maintain.maintain import maintain
from consumer.sql import query
from consumer.store.database import connect, translated
from consumer.store.events import COLUMNS
from consumer.store.store import Store
from tests.integration.consumer.maintain.test_forget import (
    BOUND,
    assert_nothing_hangs_on,
    child_of,
    forget_before,
    make_month,
    own,
    staying,
)
from tests.support.storing import begin, put, rows, wait_until

BATCHES = 150


def events(seed: int) -> list[Any]:
    """Return events of few runs, linked in every way, half of them to be forgotten."""
    chance, found = random.Random(seed), []
    for number in range(BATCHES * 3):
        event = child_of(chance.choice("abcdefgh"))
        event["eventTime"] = f"2026-0{chance.randint(2, 5)}-01T00:00:00Z"
        event["run"]["runId"] = chance.choice("abcdefgh")
        event["run"]["facets"] |= own("P") if chance.random() < 0.1 else {}
        found.append(event | {"number": number, "of": seed})
    return found


def test_consumers_go_on_while_a_store_is_maintained(
    spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "MANY_EVENTS", 10)
    failures: list[BaseException] = []

    def consume(seed: int) -> None:
        store = Store(spare_url, f"cluster {seed}")
        begin(store)
        try:
            put(store, events(seed), 3)
        except BaseException as exc:  # handed to the test's thread
            failures.append(exc)
        store.close()

    consumers = [threading.Thread(target=consume, args=[seed]) for seed in (1, 2)]
    for thread in consumers:
        thread.start()
    while any(thread.is_alive() for thread in consumers):
        maintain(spare_url, threading.Event())
        forget_before(spare_url, BOUND)
    assert not failures
    forget_before(spare_url, BOUND)
    kept = [each for seed in (1, 2) for each in events(seed) if each["eventTime"] >= "2026-04"]
    found = rows(
        spare_url, "SELECT (event -> 'of')::int, (event -> 'number')::int FROM lineage.events"
    )
    assert sorted(found) == [(each["of"], each["number"]) for each in kept]
    assert rows(spare_url, "SELECT reason FROM lineage.rejected") == []
    alive, stay = staying(spare_url)
    assert {run for (run,) in rows(spare_url, "SELECT run_id FROM lineage.runs")} == stay
    assert alive == {each["run"]["runId"] for each in kept}
    assert_nothing_hangs_on(spare_url)


def test_a_partition_that_somebody_attaches_in_the_middle_of_a_batch_rejects_no_event(
    spare_url: str,
) -> None:
    make_month(spare_url, "2026-05-01", "2026-06-01")

    def write() -> None:
        with (
            connect(spare_url) as writer,
            translated("a database"),
            writer.cursor().copy(query("events/copy")) as copy,
        ):
            copy.set_types(COLUMNS)
            for _ in range(2000):  # more than the client keeps back
                copy.write_row(row_of(5))
            wait_until(lambda: is_being_written(spare_url, "events_2026_05"))
            attach_february(spare_url)
            copy.write_row(row_of(2))

    with pytest.raises(Conflict):
        write()


def row_of(month: int) -> tuple[Any, ...]:
    """Return a row of lineage_store.events."""
    time = datetime(2026, month, 1, tzinfo=timezone.utc)
    return (time, uuid4(), uuid4(), None, None, 1, 1, None)


def is_being_written(url: str, table: str) -> bool:
    """Tell whether a transaction has written to a table, and goes on."""
    locks = "SELECT FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation = %s::regclass"
    return bool(rows(url, locks, f"lineage_store.{table}"))


def attach_february(url: str) -> None:
    """Make a partition in the way that does not wait for writers."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE lineage_store.february (LIKE lineage_store.events)")
        connection.execute(
            "ALTER TABLE lineage_store.events ATTACH PARTITION lineage_store.february"
            " FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')"
        )
