"""The history of a facet is the same in whatever order, and in whatever batches, events come."""

import json
import random
import threading
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from consumer.maintain.maintain import maintain
from consumer.maintain.rebuild import replay
from consumer.maintain.rebuild.rebuild import rebuild
from consumer.rows.keys import NO_RUN
from consumer.sql import query
from consumer.store.asserting import SpanRow
from consumer.store.database import columns_of, connect
from consumer.store.derived import Known
from consumer.store.events import write_entries
from consumer.store.store import Store
from tests.support.storing import (
    CLUSTER,
    HISTORY,
    PARTITION,
    batch,
    begin,
    put,
    restart,
    rows,
    wait_until,
)

Event = dict[str, Any]
RUNS = [f"00000000-0000-0000-0000-00000000000{number}" for number in range(4)]
SPANS = """
    SELECT value ->> 'v', extract(second FROM first_event_at)::int,
        extract(second FROM last_event_at)::int
    FROM lineage_store.facet_versions
    JOIN lineage_store.facet_values ON hash = value_hash
    WHERE name = 'f' AND owner::text = %s ORDER BY first_event_at
"""


def said(value: str | None) -> Event:
    """Return facets that assert a value of one of them, or do not."""
    return {} if value is None else {"f": {"_deleted": True} if value == "gone" else {"v": value}}


def named(name: str, value: str | None) -> Event:
    """Return a job or dataset with what is said of its facet."""
    return {"namespace": "n", "name": name, "facets": said(value)}


VALUES = st.sampled_from(["A", "A", "A", "B", "gone", None])
TABLE = st.builds(named, st.sampled_from(["t", "t", "u\0"]), VALUES)
SIDES = st.fixed_dictionaries(
    {},
    optional={side: st.lists(TABLE, min_size=1, max_size=2) for side in ("inputs", "outputs")},
)
RUN = st.sampled_from(RUNS).map(lambda each: {"run": {"runId": each}})
JOB = st.builds(named, st.sampled_from(["i", "j", "j"]), VALUES).map(lambda each: {"job": each})
# Many events of runs, and some of a job or a dataset alone.
SUBJECTS = st.one_of(
    *[st.builds(lambda run, job, sides: run | job | sides, RUN, JOB, SIDES)] * 3,
    st.builds(lambda job, sides: job | sides, JOB, SIDES),
    TABLE.map(lambda each: {"dataset": each}),
)


def timed(subjects: list[Event]) -> list[Event]:
    """Return an event for each subject, in order; now and then two are of one time."""
    return [
        {"eventTime": f"2026-01-01T00:00:{number - number % 5 // 4:02}Z"} | subject
        for number, subject in enumerate(subjects)
    ]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(SUBJECTS, min_size=12, max_size=40).map(timed),
    st.sampled_from([1, 5, 11]),
    st.randoms(use_true_random=False),
)
def test_any_order_in_any_batches(
    store: Store, store_url: str, events: list[Event], size: int, chance: random.Random
) -> None:
    restart(store, store_url)
    put(store, events)
    in_order = sorted(rows(store_url, HISTORY))
    restart(store, store_url)
    put(store, chance.sample(events, len(events)), size)
    assert sorted(rows(store_url, HISTORY)) == in_order


def run(second: int, value: str | None, number: int = 0, **more: Any) -> Event:
    """Return an event of a run of job `j` that says a value."""
    return {
        "eventTime": f"2026-01-01T00:00:{second:02}Z",
        "run": {"runId": RUNS[number]},
        "job": named("j", value),
    } | more


def test_a_late_event_cuts_a_version_where_it_is(store: Store, store_url: str) -> None:
    put(store, [run(1, "A"), run(5, "A", 1), run(9, "A", 2), run(4, None)], 1)
    put(store, [run(3, "B")])
    assert rows(store_url, SPANS, "job") == [("A", 1, 1), ("B", 3, 3), ("A", 5, 9)]
    put(store, [run(6, None), run(7, "B"), run(8, "B")])
    assert rows(store_url, SPANS, "job")[2:] == [("A", 5, 5), ("B", 7, 8), ("A", 9, 9)]


def test_a_batch_around_known_versions(store: Store, store_url: str) -> None:
    put(store, [run(4, "A"), run(5, "A"), run(10, "A"), run(15, "A"), run(16, "A")])
    put(store, [run(second, "B") for second in (1, 7, 8, 12, 13, 20)])
    assert rows(store_url, SPANS, "job") == [
        *(("B", 1, 1), ("A", 4, 5), ("B", 7, 8), ("A", 10, 10), ("B", 12, 13), ("A", 15, 16)),
        ("B", 20, 20),
    ]


def test_a_cut_among_months_whose_packs_were_merged(spare_url: str) -> None:
    today = datetime.now(timezone.utc).replace(hour=12, minute=0, microsecond=0)

    def of(day: int, value: str) -> Event:
        time = today.replace(second=day // 2) + timedelta(days=day)
        return run(0, value, day % 4) | {"eventTime": time.isoformat()}

    with closing(Store(spare_url, CLUSTER)) as store:
        begin(store)
        maintain(spare_url, threading.Event())
        put(store, [of(day, "A") for day in (0, 1, 35, 36, 69, 70, 71)], 1)
        maintain(spare_url, threading.Event())
        tables = "SELECT DISTINCT tableoid::regclass FROM lineage_store.events"
        assert len(rows(spare_url, tables)) >= 3
        put(store, [of(40, "B")])
    assert rows(spare_url, SPANS, "job") == [("A", 0, 18), ("B", 20, 20), ("A", 34, 35)]


def test_two_consumers_at_once(store: Store, store_url: str) -> None:
    """What one has stored but not committed is not lost when the other cuts the version."""
    put(store, [run(1, "A"), run(9, "A")])
    uncommitted = batch([json.dumps(run(second, "A", 1)).encode() for second in (5, 20)], 100)
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
    cutting = threading.Thread(target=put, args=(store, [run(7, "B", 2)]))
    with connect(store_url) as other:
        with other.transaction():
            entries = list(zip(uncommitted.records, uncommitted.contents, strict=True))
            write_entries(other, Known(), entries, {PARTITION: 99})
            cutting.start()
            wait_until(lambda: rows(store_url, blocked) == [(1,)])
        cutting.join()
    assert rows(store_url, SPANS, "job") == [("A", 1, 5), ("B", 7, 7), ("A", 9, 20)]


# One job and the dataset that it writes, with many events, of which nothing is known.
MANY = """
    INSERT INTO lineage_store.events
    SELECT timestamptz '2026-01-01' + n * interval '10 seconds', gen_random_uuid(),
        lpad(to_hex(n), 32, '0')::uuid, 1, NULL, n, 1, 'START'
    FROM generate_series(1, 50000) AS n;
    INSERT INTO lineage_store.event_packs
    SELECT pack_id, event_time, '{null}', NULL, '{1}', '{1}', ARRAY[now()], '{1}', '{json}',
        ARRAY[now()], false
    FROM lineage_store.events;
    INSERT INTO lineage_store.run_io SELECT run_id, 2, true, event_time FROM lineage_store.events;
    INSERT INTO lineage_store.edges (
        from_id, to_id, kind, stated_by, first_event_at, last_event_at
    ) VALUES (1, 2, 'output', 1, '2026-01-01', '2026-02-01');
"""
FEW = 200  # pages: of an hour's 360 events
START = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("owner", ["job", "dataset"])
def test_events_are_found_by_time_among_many(spare_url: str, owner: str, order: str) -> None:
    owner_id = {"job": 1, "dataset": 2}[owner]
    first, last = (START + timedelta(seconds=second) for second in (10_000, 400_000))
    span = SpanRow(owner, owner_id, first, NO_RUN, last, NO_RUN)
    given = {**columns_of([span]), "passed": 0, "limit": 4}
    with psycopg.connect(spare_url) as connection:
        connection.execute(MANY)
    for analyze in ("", "ANALYZE lineage_store.events, lineage_store.run_io"):
        with connect(spare_url) as connection:
            connection.execute(analyze.encode())
            text = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query("facets/asserting"))
            (told,) = connection.execute(text.format(order=sql.SQL(order)), given).fetchone() or ()
        plan = told[0]["Plan"]
        assert plan["Actual Rows"] == 4
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < FEW, plan


def test_a_rebuild_comes_to_the_same(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = random.Random(3).choices(["A", "A", "A", "B", None], k=40)
    events = [
        run(second, value, outputs=[named("t", value)]) for second, value in enumerate(values)
    ]
    put(store, events, 40)
    in_order = sorted(rows(store_url, HISTORY))
    restart(store, store_url)
    put(store, random.Random(5).sample(events, len(events)), 2)
    assert sorted(rows(store_url, HISTORY)) == in_order
    monkeypatch.setattr(replay, "AT_ONCE", 1)
    rebuilt = rebuild(store_url, threading.Event())
    assert rebuilt is not None
    assert rebuilt.changed == 0
