"""Merging small packs changes no row that anybody can see, at any moment."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.decode.batch import decode_batch
from consumer.maintain.maintain import maintain
from consumer.maintain.packs import merge_packs
from consumer.maintain.session import maintaining
from consumer.record import Bounds, Partition, Polled, Record
from consumer.store.packs import FULL_EVENTS, PACK_EVENTS
from consumer.store.store import Store
from openlineage_avro import encode
from tests.support import corpus
from tests.support.storing import CLUSTER, PARTITION, begin, event, offset_of, put, restart, rows

EVENTS = "SELECT * FROM lineage.events ORDER BY event_id"
SMALL = "SELECT count(*) FROM lineage_store.event_packs WHERE cardinality(record_offsets) < 16"


def merge(url: str) -> None:
    """Merge small packs as `maintain` does."""
    with maintaining(url, threading.Event()) as session:
        merge_packs(session)


@st.composite
def batches(draw: st.DrawFn) -> list[list[Record]]:
    """Return batches of one to three records on two partitions, different in every column."""
    offsets = {0: 0, 1: 0}
    found, number = [], 0
    for size in draw(st.lists(st.sampled_from([1, 1, 1, 2, 3]), min_size=20, max_size=60)):
        records = []
        for _ in range(size):
            number += 1
            month, text = draw(st.integers(1, 2)), draw(st.sampled_from(["", "\0", "é" * 9]))
            one = event(number, eventTime=f"2026-0{month}-01T00:00:00Z", text=text)
            value = draw(st.sampled_from([encode(one), json.dumps(one).encode()]))
            partition, sent = draw(st.integers(0, 1)), draw(st.sampled_from([-1, 0, 10**12]))
            place = PARTITION._replace(number=partition)
            records.append(Record(place, offsets[partition], sent, None, (), value))
            offsets[partition] += 1
        found.append(records)
    return found


def write(store: Store, records: list[Record]) -> None:
    """Store a batch of records."""
    start: dict[Partition, int] = {}
    for each in records:
        start.setdefault(each.partition, each.offset)
    end = {each.partition: each.offset + 1 for each in records}
    store.write(decode_batch(Polled(records, start, end)))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches())
def test_no_row_changes(store: Store, store_url: str, records: list[list[Record]]) -> None:
    restart(store, store_url)
    store.take_up({PARTITION._replace(number=1): Bounds(0, 0)})
    for batch in records:
        write(store, batch)
    before = rows(store_url, EVENTS)
    merge(store_url)
    assert rows(store_url, EVENTS) == before
    assert len(before) == sum(map(len, records))
    small = rows(store_url, f"{SMALL} GROUP BY date_trunc('month', event_time)")
    assert all(count < FULL_EVENTS for (count,) in small)
    merge(store_url)
    assert rows(store_url, EVENTS) == before


def test_the_corpus_one_by_one(store: Store, store_url: str) -> None:
    put(store, corpus.all_events()[::3], 1)
    before = rows(store_url, EVENTS)
    packs = rows(store_url, "SELECT count(*) FROM lineage_store.event_packs")[0][0]
    merge(store_url)
    assert rows(store_url, EVENTS) == before
    assert rows(store_url, "SELECT count(*) < %s FROM lineage_store.event_packs", packs / 8) == [
        (True,)
    ]
    largest = "SELECT max(cardinality(bodies)) <= %s FROM lineage_store.event_packs"
    assert rows(store_url, largest, PACK_EVENTS) == [(True,)]


def test_a_reader_sees_each_event_once_while_others_write(store: Store, store_url: str) -> None:
    put(store, map(event, range(200)), 1)
    stop = threading.Event()
    more = iter(range(200, 100_000))

    def write_on() -> None:
        while not stop.is_set():
            put(store, [event(next(more))], 1)

    def read_on() -> Iterator[tuple[int, int]]:
        with psycopg.connect(store_url, autocommit=True) as reader:
            while not stop.is_set():
                yield reader.execute(  # type: ignore[misc]
                    "SELECT count(*), count(DISTINCT event_id) FROM lineage.events"
                ).fetchone()

    seen: list[tuple[int, int]] = []
    threads = [
        threading.Thread(target=write_on),
        threading.Thread(target=lambda: seen.extend(read_on())),
    ]
    with psycopg.connect(store_url) as old:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        before = old.execute(EVENTS).fetchall()
        for thread in threads:
            thread.start()
        for _ in range(10):
            merge(store_url)
        stop.set()
        for thread in threads:
            thread.join()
        assert old.execute(EVENTS).fetchall() == before
    assert all(count == distinct >= 200 for count, distinct in seen)
    assert [count for count, _ in seen] == sorted(count for count, _ in seen)
    count = offset_of(store).next_offset
    assert rows(store_url, "SELECT count(*) FROM lineage.events") == [(count,)]


def test_what_is_stored_again_is_known(store: Store, store_url: str) -> None:
    events: list[Any] = [event(number) for number in range(50)]
    put(store, events, 1)
    merge(store_url)
    put(store, events, 1)
    assert offset_of(store).duplicates == 50


@pytest.mark.parametrize("in_month", [True, False])
def test_packs_of_a_months_partition(spare_url: str, in_month: bool) -> None:
    store = Store(spare_url, CLUSTER)
    begin(store)
    if in_month:
        maintain(spare_url, threading.Event())
    times = rows(spare_url, "SELECT now()::text FROM generate_series(1, 45)")
    put(store, [event(n, eventTime=time) for n, (time,) in enumerate(times)], 1)
    before = rows(spare_url, EVENTS)
    maintain(spare_url, threading.Event())
    assert rows(spare_url, EVENTS) == before
    assert rows(spare_url, SMALL) == [(45 - PACK_EVENTS,)]
    assert rows(spare_url, "SELECT count(*) FROM lineage_store.events_default") == [(0,)]
    store.close()
