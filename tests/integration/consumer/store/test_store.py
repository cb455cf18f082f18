"""A batch is stored exactly once, as a whole, whatever is in it."""

import json
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from consumer.decode.decode import original
from consumer.errors import OffsetMoved, StoreProblem
from consumer.store.store import Store
from openlineage_avro import encode
from tests.support import corpus
from tests.support.equality import same
from tests.support.storing import (
    CLUSTER,
    PARTITION,
    batch,
    begin,
    dump,
    event,
    offset_of,
    put,
    rows,
    value,
)


def counters(store: Store) -> tuple[int, int, int, int, int]:
    """Return next_offset, stored, duplicates, rejected, tombstones of partition 0."""
    found = offset_of(store)
    return (
        found.next_offset,
        found.stored,
        found.duplicates,
        found.rejected,
        found.tombstones,
    )


@pytest.mark.parametrize("name", corpus.names())
def test_every_event_comes_back_equal(store: Store, store_url: str, name: str) -> None:
    events = corpus.events(name)
    values = [
        encode(each) if number % 2 else json.dumps(each).encode()
        for number, each in enumerate(events)
    ]
    store.write(batch(values))
    answer = rows(
        store_url, "SELECT record_offset, event, raw, framing, record_bytes FROM lineage.events"
    )
    assert len(answer) == offset_of(store).stored
    for offset, stored, raw, framing, size in answer:
        assert same(original(stored, raw), events[offset])
        assert (framing, size) == ("avro" if offset % 2 else "json", len(values[offset]))
    first_of_each = [number for number, each in enumerate(events) if each not in events[:number]]
    assert sorted(offset for offset, *_ in answer) == first_of_each


def test_what_becomes_of_records_is_counted(store: Store, store_url: str) -> None:
    same = json.dumps(event(1), indent=1).encode()
    store.write(batch([value(1), None, b"garbage", same, encode(event(1)), value(2), b"{}"]))
    assert counters(store) == (7, 2, 2, 2, 1)
    store.write(batch([value(1), value(3)], 7))
    assert counters(store) == (9, 3, 3, 2, 1)
    answer = rows(store_url, "SELECT record_offset, reason, value, key FROM lineage.rejected")
    assert [(each[0], each[2], each[3]) for each in answer] == [
        (2, b"garbage", b"key"),
        (6, b"{}", b"key"),
    ]


def test_a_batch_written_twice_is_stored_once(store: Store, store_url: str) -> None:
    values = [value(1), b"garbage", None, value(2)]
    store.write(batch(values))
    before = dump(store_url)
    store.write(batch(values))
    store.write(batch([*values, value(3)]))
    assert counters(store) == (5, 3, 0, 1, 1)
    assert len(dump(store_url)["events"]) == len(before["events"]) + 1


def test_a_zombie_stores_only_what_is_new(store: Store, store_url: str) -> None:
    zombie = Store(store_url, CLUSTER)
    store.write(batch([value(1), value(2)]))
    zombie.write(batch([value(1), value(2), value(3)]))
    zombie.close()
    store.write(batch([value(3), value(4)], 2))
    assert counters(store) == (4, 4, 0, 0, 0)


def test_an_offset_that_was_moved_back_is_noticed(store: Store, store_url: str) -> None:
    store.write(batch([value(1), value(2)]))
    with psycopg.connect(store_url) as connection:
        connection.execute("UPDATE lineage_store.partitions SET next_offset = 1")
    with pytest.raises(OffsetMoved, match="expected stored offset 2, got 1") as caught:
        store.write(batch([value(3)], 2))
    assert caught.value.retry
    with pytest.raises(OffsetMoved, match="got none"):
        store.write(batch([value(3)], 0, partition=9))
    assert counters(store)[:2] == (1, 2)


def test_an_event_that_postgres_refuses_is_rejected_alone(store: Store, store_url: str) -> None:
    # Names of a job's facets are indexed, and an index entry has at most 2,704 bytes.
    name = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(3000))
    refused = value(5, job={"namespace": "n", "name": "j", "facets": {name: {"x": 1}}})
    values = [value(1), refused, value(2), b"garbage", value(3), None, value(4)]
    store.write(batch(values))
    assert counters(store) == (7, 4, 0, 2, 1)
    answer = rows(store_url, "SELECT record_offset, reason, framing, value FROM lineage.rejected")
    assert [each[0] for each in answer] == [1, 3]
    assert answer[0][1].startswith("PostgreSQL: index row ")
    assert answer[0][2:] == ("json", refused)


def test_names_have_no_limit(store: Store, store_url: str) -> None:
    long = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(5000))
    job = {"namespace": long, "name": long}
    put(store, [event(1, run={"runId": long}, job=job, inputs=[job])])
    assert rows(store_url, "SELECT run_id, job_name FROM lineage.runs") == [(long, long)]
    assert rows(store_url, "SELECT name FROM lineage.datasets WHERE name = %s", long) == [(long,)]


def test_a_run_is_one_whichever_case_its_id_is_sent_in(store: Store, store_url: str) -> None:
    run_id = "01908225-1fd7-746b-910c-70d24f2898b1"
    start, complete = event(1), event(1)
    start |= {"eventType": "START", "run": {"runId": run_id.upper()}}
    complete |= {"eventType": "COMPLETE", "run": {"runId": run_id}}
    put(store, [start, complete])
    assert rows(store_url, "SELECT run_id, state FROM lineage.runs") == [(run_id, "COMPLETE")]
    sent = rows(store_url, "SELECT event #>> '{run,runId}' FROM lineage.events ORDER BY 1")
    assert sorted(sent) == sorted([(run_id.upper(),), (run_id,)])


def test_what_jsonb_cannot_hold_is_kept_raw(store: Store, store_url: str) -> None:
    odd: list[dict[str, Any]] = [
        event(1, producer="a\x00b"),
        event(2, x={"\ud800": "\udfff"}),
        event(3, x=[-0.0, 1e16, 4.1005172498013169e18]),
        event(4, x=float("inf")),
        event(5, run={"runId": "r\x00", "facets": {"f\x00": {"v": "\x00"}}}),
        event(6, job={"namespace": "n\x00", "name": "\ud800"}, eventType="X\x00"),
        event(7, inputs=[{"namespace": "\x00", "name": "\x00", "facets": {"\x00": {}}}]),
    ]
    for encoded in ([json.dumps(each).encode() for each in odd], [encode(each) for each in odd]):
        start = offset_of(store).next_offset
        store.write(batch(encoded, start))
    assert rows(store_url, "SELECT reason FROM lineage.rejected") == []
    assert counters(store)[1:] == (7, 7, 0, 0)
    answer = rows(store_url, "SELECT event, raw FROM lineage.events ORDER BY record_offset")
    for sent, (stored, raw) in zip(odd, answer, strict=True):
        assert raw is not None
        assert same(original(stored, raw), sent)
    assert rows(store_url, "SELECT name FROM lineage.run_facets") == [("f\ufffd",)]


def test_numbers_keep_the_digits_that_were_sent(store: Store, store_url: str) -> None:
    numbers = ["0.1234567890123456789", "0.1234567890123456788", "1e-400", "-0", "1e400", "9" * 40]
    sent = json.dumps(event(1, x="?", run={"runId": "r", "facets": {"f": {"n": "?"}}}))
    store.write(batch([sent.replace('"?"', number).encode() for number in numbers]))
    assert counters(store)[1:] == (6, 0, 0, 0), "they are six events"
    answer = rows(store_url, "SELECT event::text, convert_from(raw, 'UTF8') FROM lineage.events")
    found = [
        json.loads(raw or shown, parse_float=Decimal, parse_int=Decimal)["x"]
        for shown, raw in answer
    ]
    signed = {(each.is_signed(), each) for each in map(Decimal, numbers)}
    assert {(each.is_signed(), each) for each in found} == signed


def test_offsets_are_kept_by_cluster(store: Store, store_url: str) -> None:
    store.write(batch([value(1)]))
    other = Store(store_url, "another")
    assert other.offsets([PARTITION]) == {}
    begin(other, 5)
    other.write(batch([value(1)], 5))
    assert counters(other)[:3] == (6, 0, 1)
    other.close()
    assert counters(store)[:3] == (1, 1, 0)


def test_problems_say_whether_a_retry_helps(spare_url: str) -> None:
    store = Store(spare_url, CLUSTER)
    begin(store)
    with psycopg.connect(spare_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(StoreProblem, match="cannot be reached") as caught:
        store.write(batch([value(1)]))
    assert caught.value.retry
    store.reconnect()
    store.write(batch([value(1)]))
    with psycopg.connect(spare_url) as connection:
        connection.execute("ALTER TABLE lineage_store.events RENAME TO gone")
    with pytest.raises(StoreProblem, match=r'relation "lineage_store.events" does not exist') as no:
        store.write(batch([value(2)], 1))
    assert not no.value.retry
    store.close()
