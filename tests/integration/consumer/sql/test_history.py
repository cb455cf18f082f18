"""What a question about one run costs does not depend on how many runs came before and after."""

import random
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from consumer.store.store import Store
from tests.fixtures.stores import clone
from tests.integration.consumer.sql.test_statements import dataset_event, name_of
from tests.support.storing import put, restart, rows

RUNS = 100_000  # of a job that reads and writes; between each two the other job does so
FEW = 1_000  # pages that a question may look at
RUN = "00000000-0000-0000-0000-{:012x}"

# Job `load` writes `table` at each even minute, job `report` reads it a minute later and writes
# `out`. No job ever completed but those two; nothing has analyzed the tables.
FILL = """
INSERT INTO lineage_store.jobs (id, key, namespace, name)
VALUES (1, gen_random_uuid(), 'n', 'load'), (2, gen_random_uuid(), 'n', 'report');
INSERT INTO lineage_store.datasets (id, key, namespace, name)
VALUES (3, gen_random_uuid(), 'n', 'table'), (4, gen_random_uuid(), 'n', 'out');
INSERT INTO lineage_store.edges (from_id, to_id, kind, stated_by, first_event_at, last_event_at)
VALUES (1, 3, 'output', 1, '2026-01-01', 'infinity'), (3, 2, 'input', 2, '2026-01-01', 'infinity'),
    (2, 4, 'output', 2, '2026-01-01', 'infinity');
INSERT INTO lineage_store.runs (
    id, job_id, first_event_at, last_event_at, started_at, ended_at, job_rank, is_running,
    is_dag_run, end_state
)
SELECT lpad(to_hex(n), 32, '0')::uuid, 1 + n % 2, time, time, time, time, 2, true, false, 'COMPLETE'
FROM generate_series(1, {runs}) AS n,
    LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 minute' AS time) AS at;
INSERT INTO lineage_store.run_io
SELECT id, CASE job_id WHEN 1 THEN 3 ELSE 4 END, true, last_event_at FROM lineage_store.runs;
INSERT INTO lineage_store.run_io
SELECT id, 3, false, last_event_at FROM lineage_store.runs WHERE job_id = 2;
"""


@pytest.fixture(scope="module")
def full_url(postgres_url: str, template: str) -> Iterator[str]:
    """Yield the DSN of a store with a long history."""
    for url in clone(postgres_url, template):
        with psycopg.connect(url) as connection:
            connection.execute(FILL.format(runs=RUNS).encode())
        yield url


def asked(url: str, query: str) -> tuple[list[tuple[Any, ...]], int]:
    """Return the answer of a query, and how many pages it looked at."""
    with psycopg.connect(url) as connection:
        answer = connection.execute(query.encode()).fetchall()
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}".encode()
        (told,) = connection.execute(explain).fetchone() or ()
    plan = told[0]["Plan"]
    return answer, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


@pytest.mark.parametrize("middle", [1_000, RUNS // 2, RUNS - 1_000])
def test_a_run_among_many(full_url: str, middle: int) -> None:
    query = "SELECT run_id, name FROM lineage.run_{}('{}')"
    reader = asked(full_url, query.format("upstream", RUN.format(middle + 1)))
    writer = asked(full_url, query.format("downstream", RUN.format(middle)))
    assert reader[0] == [(RUN.format(middle), "table")]
    assert writer[0] == [(RUN.format(middle + 1), "table")]
    assert reader[1] < FEW, reader[1]
    assert writer[1] < FEW, writer[1]


@pytest.mark.parametrize("day", ["2026-01-02", "2026-02-01", "infinity"])
def test_the_last_run_among_many(full_url: str, day: str) -> None:
    query = f"SELECT name FROM lineage.downstream('load', as_of => '{day}', edges => 'latest')"  # noqa: S608
    answer, pages = asked(full_url, query)
    assert answer == [("table",), ("report",), ("out",)]
    assert pages < FEW, pages


def model_of(events: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return who read what whom wrote, by all pairs; dataset `a` is also called `b`."""
    told: dict[tuple[str, str, str], str] = {}
    for event in events:
        for side in ("inputs", "outputs"):
            for each in event[side]:
                key = (event["run"]["runId"], side, each["name"])
                told[key] = max(told.get(key, ""), event["eventTime"])
    found = set()
    for (reader, side, name), read_at in told.items():
        writers = [
            (time, run)
            for (run, other, written), time in told.items()
            if other == "outputs"
            and run != reader
            and time <= read_at
            and (written == name or {written, name} == {"a", "b"})
        ]
        if side == "inputs" and writers:
            found.add((reader, max(writers)[1]))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_steps_agree_with_a_model(store: Store, store_url: str, seed: int) -> None:
    chance = random.Random(seed)

    def some() -> list[dict[str, Any]]:
        return [name_of(each) for each in chance.sample("abc", chance.choice([0, 0, 1, 2]))]

    runs = [RUN.format(number) for number in range(1, 12)]
    events = [
        {
            "eventTime": f"2026-01-01T00:00:{chance.randrange(20):02}Z",
            "run": {"runId": chance.choice(runs)},
            "job": name_of("job"),
            "inputs": some(),
            "outputs": some(),
        }
        for _ in range(30)
    ]
    restart(store, store_url)
    link = {**name_of("a"), "facets": {"symlinks": {"identifiers": [name_of("b")]}}}
    put(store, [*events, dataset_event(link, 0)], 7)
    steps = {
        "upstream": "SELECT run.run_id, step.run_id",
        "downstream": "SELECT step.run_id, run.run_id",
    }
    expected = model_of(events)
    assert len(expected) > 5
    for direction, pair in steps.items():
        query = f"{pair} FROM lineage.runs AS run, lineage.run_{direction}(run.run_id, 1) AS step"
        assert set(rows(store_url, query)) == expected, direction
