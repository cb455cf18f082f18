"""What is older than is kept goes, and every answer about the rest stays as it was."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.errors import StoreProblem
from consumer.maintain import forget as forgetting
from consumer.maintain import session as sessions
from consumer.maintain.forget import forget
from consumer.maintain.maintain import maintain
from consumer.maintain.session import Session, maintaining
from consumer.store.store import Store
from tests.support.storing import CLUSTER, begin, command, dump, put, restart, rows

BOUND = datetime(2026, 4, 1, tzinfo=timezone.utc)
TIMES = [f"2026-{month:02}-{day:02}T00:00:00Z" for month in range(2, 7) for day in (1, 15, 28)]
LIVE_ON = ("datasets", "dataset_fields", "job_datasets", "job_facets", "dataset_facets") + (
    "task_graph_nodes",
    "task_graph_edges",
    "column_lineage",
)
# What the runs' rows say of each other. Views have text.
REFERENCES = """
SELECT coalesce(run.run_id, run.id::text), run.last_event_at, array_remove(ARRAY[
    coalesce(parent.run_id, parent.id::text),
    coalesce(root.run_id, root.id::text),
    coalesce(upstream.run_id, upstream.id::text)
], NULL)
FROM lineage_store.runs AS run
LEFT JOIN lineage_store.runs AS parent ON parent.id = run.parent_run_id
LEFT JOIN lineage_store.runs AS root ON root.id = run.root_run_id
LEFT JOIN lineage_store.runs AS upstream ON upstream.id = run.upstream_run_id
"""
RUNS = "SELECT * FROM lineage.runs"


def own(pipeline: str) -> dict[str, Any]:
    """Return the facet that names a pipeline run."""
    return {"openlineageAvro_pipelineRun": {"pipelineRunId": pipeline, "source": "xcom"}}


@st.composite
def run_events(draw: st.DrawFn) -> dict[str, Any]:
    """Return an event of one of few runs, which are linked in every way."""
    name = st.sampled_from("abcdefgh")
    facets: dict[str, Any] = {}
    if parent := draw(st.none() | name):
        job = {"namespace": "n", "name": f"job of {parent}"}
        facets["parent"] = {"run": {"runId": parent}, "job": job}
        if root := draw(st.none() | name):
            facets["parent"]["root"] = {"run": {"runId": root}, "job": job}
    if upstream := draw(st.none() | name):
        facets["jobDependencies"] = {"upstream": [{"run": {"runId": upstream}}]}
    if pipeline := draw(st.sampled_from([None, None, "P", "Q"])):
        facets |= own(pipeline)
    if draw(st.booleans()):
        facets["airflowState"] = {"tasksState": {"t": "success"}}
    run = draw(name)
    dataset = {"namespace": "d", "name": draw(st.sampled_from("xyz"))}
    checks = {"assertions": [{"assertion": "not null", "success": draw(st.booleans())}]}
    return {
        "eventTime": draw(st.sampled_from(TIMES)),
        "eventType": draw(st.sampled_from(["START", "COMPLETE", "FAIL"])),
        "run": {"runId": run, "facets": facets},
        "job": {"namespace": "n", "name": f"job of {run}", "facets": {"f": {"of": run}}},
        "inputs": [{**dataset, "inputFacets": {"dataQualityAssertions": checks}}],
        "outputs": [{**dataset, "outputFacets": {"outputStatistics": {"rowCount": 1}}}],
    }


@st.composite
def other_events(draw: st.DrawFn) -> dict[str, Any]:
    """Return a JobEvent or a DatasetEvent."""
    dataset = {"namespace": "d", "name": draw(st.sampled_from("xyz"))}
    event: dict[str, Any] = {"eventTime": draw(st.sampled_from(TIMES))}
    if draw(st.booleans()):
        job = {"namespace": "n", "name": draw(st.sampled_from(["job of a", "other"]))}
        return event | {"job": job, "inputs": [{**dataset, "inputFacets": {"f": {"v": 1}}}]}
    return event | {"dataset": {**dataset, "facets": {"f": {"v": draw(st.integers(1, 2))}}}}


def forget_before(url: str, bound: datetime) -> None:
    """Forget as `maintain` does."""
    with maintaining(url, threading.Event()) as session:
        forget(session, bound)


def make_month(url: str, start: str, end: str) -> None:
    """Make the partitions of a month, which may be there."""
    with psycopg.connect(url) as connection:
        for parent in ("events", "event_packs"):
            name = f"lineage_store.{parent}_{start[:4]}_{start[5:7]}"
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF lineage_store.{parent}"
                f" FOR VALUES FROM ('{start}') TO ('{end}')".encode()
            )


def staying(url: str) -> tuple[set[str], set[str]]:
    """Return the runs that have an event since the bound, and those they refer to as well."""
    known = {run: (last, others) for run, last, others in rows(url, REFERENCES)}
    alive = {run for run, (last, _) in known.items() if last and last >= BOUND}
    return alive, alive.union(*(known[run][1] for run in alive))


def by_run(url: str) -> dict[str, dict[str, Any]]:
    """Return the rows of lineage.runs."""
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        return {row["run_id"]: row for row in connection.execute(RUNS)}


@pytest.fixture
def spare(spare_url: str) -> Iterator[Store]:
    """Yield a store whose schema the test may change."""
    store = Store(spare_url, CLUSTER)
    begin(store)
    yield store
    store.close()


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(run_events() | run_events() | other_events(), min_size=2, max_size=14),
    st.booleans(),
    st.sampled_from("abcdefgh"),
    st.booleans(),
)
def test_what_stays_is_as_it_was(
    spare: Store, spare_url: str, events: list[Any], has_month: bool, other: str, names: bool
) -> None:
    restart(spare, spare_url)
    if has_month:
        make_month(spare_url, "2026-03-01", "2026-04-01")
    put(spare, events)
    before, runs_before = dump(spare_url), by_run(spare_url)
    alive, stay = staying(spare_url)
    forget_before(spare_url, BOUND)
    after, runs_after = dump(spare_url), by_run(spare_url)

    assert after["events"] == [each for each in before["events"] if is_kept(each)]
    assert set(runs_after) == stay
    for run, row in runs_after.items():
        gone = () if run in alive else ("parent_run_id", "root_run_id", "dag_id", "airflow_run_id")
        wanted = runs_before[run] | {name: row[name] for name in gone}
        assert row == wanted
    for view in LIVE_ON:
        assert after[view] == before[view], view
    for view in ("run_inputs", "run_outputs"):
        assert after[view] == [row for row in before[view] if json.loads(row)[0] in stay], view
    counted = Counter(row["pipeline_run_id"] for row in runs_after.values())
    del counted[None]
    assert {row[0]: row[1] for row in map(json.loads, after["pipeline_runs"])} == counted
    assert_nothing_hangs_on(spare_url)

    late = child_of(other)
    late["run"]["facets"] |= own("Z") if names else {}
    put(spare, [late])
    found = pipelines(spare_url, stay | {"late"})
    restart(spare, spare_url)
    put(spare, [each for each in events if each["eventTime"] >= "2026-04"])
    fresh = dump(spare_url)
    for view in ("run_facets", "input_facets", "output_facets"):
        assert after[view] == fresh[view], view
    restart(spare, spare_url)
    put(spare, [*events, late])
    if other in stay:
        assert found == pipelines(spare_url, stay | {"late"})


def test_who_named_a_pipeline_first_counts_when_it_is_gone(spare: Store, spare_url: str) -> None:
    def run(name: str, parent: str, month: int, facets: dict[str, Any]) -> dict[str, Any]:
        event = child_of(parent) | {"eventTime": f"2026-0{month}-01T00:00:00Z"}
        return event | {"run": {"runId": name, "facets": facets | event["run"]["facets"]}}

    old = [run("child", "top", 2, {}), run("names", "child", 2, own("P"))]
    put(spare, [*old, run("stays", "top", 5, {})])
    forget_before(spare_url, BOUND)
    assert pipelines(spare_url) == {"top": "P", "stays": "P"}
    put(spare, [run("late", "stays", 6, own("Q"))])
    assert pipelines(spare_url) == {"top": "P", "stays": "P", "late": "Q"}


def pipelines(url: str, runs: set[str] | None = None) -> dict[str, Any]:
    """Return the pipeline run of each of some runs, or of all."""
    found = {run: row["pipeline_run_id"] for run, row in by_run(url).items()}
    return found if runs is None else {run: found[run] for run in runs}


def is_kept(row: str) -> bool:
    """Tell whether a row of lineage.events is of an event that is kept."""
    return str(json.loads(row)[3]) >= "2026-04"


def child_of(parent: str) -> dict[str, Any]:
    """Return the event of a run that is not known yet."""
    return {
        "eventTime": "2026-07-01T00:00:00Z",
        "run": {"runId": "late", "facets": {"parent": {"run": {"runId": parent}}}},
        "job": {"namespace": "n", "name": "late"},
    }


def assert_nothing_hangs_on(url: str) -> None:
    """Assert that no row is left that hangs on runs that are gone, and nothing of old events."""
    for table in ("run_io", "quality_checks", "dag_runs"):
        left = f"SELECT run_id FROM lineage_store.{table} EXCEPT SELECT id FROM lineage_store.runs"  # noqa: S608
        assert rows(url, left) == [], table
    unneeded = """
        SELECT run_id FROM lineage_store.families AS family
        WHERE run_id NOT IN (SELECT id FROM lineage_store.runs)
          AND run_id NOT IN (
            SELECT coalesce(parent_run_id, upstream_run_id, id) FROM lineage_store.runs
            UNION ALL
            SELECT needed.run_id
            FROM lineage_store.families AS other
            CROSS JOIN unnest(ARRAY[link_run_id, head_run_id, top_run_id]) AS needed (run_id)
            WHERE other.run_id <> family.run_id AND needed.run_id IS NOT NULL
          )
    """
    assert rows(url, unneeded) == []
    packs = "SELECT count(*) FROM lineage_store.event_packs WHERE event_time < %s"
    assert rows(url, packs, BOUND) == [(0,)]


def test_a_chain_without_end_is_forgotten_link_by_link(
    spare: Store, spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "STEP_BLOCKS", 1)
    events = []
    for day in range(90):
        time = datetime(2026, 2, 1, tzinfo=timezone.utc) + timedelta(days=day)
        facets: dict[str, Any] = {
            "jobDependencies": {"upstream": [{"run": {"runId": f"r{day - 1}"}}]}
        }
        events.append(
            {
                "eventTime": time.isoformat(),
                "run": {"runId": f"r{day}", "facets": facets if day else own("P")},
                "job": {"namespace": "n", "name": "daily"},
            }
        )
    put(spare, events)
    forget_before(spare_url, BOUND)
    found = by_run(spare_url)
    assert set(found) == {f"r{day}" for day in range(58, 90)}  # the first two months had 59 days
    assert {row["pipeline_run_id"] for row in found.values()} == {"P"}


def test_a_long_reader_stops_nobody(
    spare: Store, spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "PAUSES", (0.1, 0.1))
    make_month(spare_url, "2026-02-01", "2026-03-01")
    event = child_of("parent") | {"eventTime": "2026-02-05T00:00:00Z"}
    put(spare, [event])
    with psycopg.connect(spare_url) as reader:
        reader.execute("SELECT * FROM lineage.events").fetchall()
        with pytest.raises(
            StoreProblem, match="events_2026_02, event_packs_2026_02: transactions that last"
        ):
            forget_before(spare_url, BOUND)
        put(spare, [event | {"more": 1}])
        assert len(reader.execute("SELECT * FROM lineage.events").fetchall()) == 2
    forget_before(spare_url, BOUND)
    assert rows(spare_url, "SELECT * FROM lineage.events") == []


def test_late_events_are_stored_and_forgotten_next_time(spare: Store, spare_url: str) -> None:
    make_month(spare_url, "2026-02-01", "2026-03-01")
    event = child_of("parent") | {"eventTime": "2026-02-05T00:00:00Z"}
    put(spare, [event])
    forget_before(spare_url, BOUND)
    assert by_run(spare_url) == {}
    put(spare, [event, event])
    assert rows(spare_url, "SELECT count(*) FROM lineage.events") == [(1,)]
    assert set(by_run(spare_url)) == {"late", "parent"}
    forget_before(spare_url, BOUND)
    assert by_run(spare_url) == {}


def test_without_yes_it_says_how_much_that_is(store: Store, store_url: str) -> None:
    put(
        store,
        [child_of("parent") | {"eventTime": f"20{year}-02-05T00:00:00Z"} for year in (19, 20)],
    )
    said = command("maintain", "--keep", "90d", DATABASE_URL=store_url)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("2 events before ")
    assert said.stdout.endswith("and 2 runs would be forgotten: add --yes\n")
    assert rows(store_url, "SELECT count(*) FROM lineage.events") == [(2,)]


@pytest.mark.parametrize("text", ["90", "d", "-1d", "0d", "1.5d", "90 days"])
def test_what_is_no_number_of_days_is_told(text: str) -> None:
    said = command("maintain", f"--keep={text}")
    assert said.returncode == 2
    assert f"expected a number of days such as 90d, got '{text}'" in said.stderr


def test_one_process_maintains_a_store_at_a_time(store_url: str) -> None:
    with maintaining(store_url, threading.Event()):
        said = command("maintain", DATABASE_URL=store_url)
    assert said.returncode == 1
    assert "another process maintains the store at this moment" in said.stderr


def test_days_that_are_kept_are_kept(spare: Store, spare_url: str) -> None:
    now = datetime.now(timezone.utc)
    events = [
        child_of("parent") | {"eventTime": (now - timedelta(days=days)).isoformat()}
        for days in (0, 29, 62)
    ]
    put(spare, events)
    maintain(spare_url, threading.Event(), 30)
    assert rows(spare_url, "SELECT count(*) FROM lineage.events") == [(2,)]


def test_it_stops_between_steps(store_url: str) -> None:
    stopped = threading.Event()
    stopped.set()
    with maintaining(store_url, stopped) as session:
        assert isinstance(session, Session)
        assert list(session.blocks("runs", 1)) == []
        with pytest.raises(StoreProblem):
            session.patiently(lambda: raise_locked(), "a table")


def raise_locked() -> None:
    """Fail as a lock that is not to be had."""
    raise psycopg.errors.LockNotAvailable
