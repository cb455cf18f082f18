"""rows_of gives the same rows whatever the order of events, and keeps what is latest."""

import json
import random
from typing import Any

from consumer.decode.decode import Decoded, decode
from consumer.rows.keys import key_of
from consumer.rows.rows import Rows, rows_of
from tests.support import corpus


def decoded(event: dict[str, Any]) -> Decoded:
    """Return an event as decode gives it."""
    found = decode(json.dumps(event).encode())
    assert isinstance(found, Decoded), found
    return found


def run_event(time: str, **more: Any) -> dict[str, Any]:
    """Return a RunEvent of one run at a second of one minute."""
    job = {"namespace": "n", "name": "j"}
    return {"eventTime": f"2026-01-01T00:00:{time}Z", "run": {"runId": "r"}, "job": job} | more


def comparable(rows: Rows) -> dict[str, Any]:
    """Return rows without the order in which they were found."""
    return vars(rows) | {"run_claims": sorted(rows.run_claims, key=repr), "quick_values": None}


def test_order_does_not_matter() -> None:
    events = [decoded(event) for event in corpus.all_events()]
    expected = comparable(rows_of(events))
    random.Random(1).shuffle(events)
    assert comparable(rows_of(events)) == expected


def test_the_latest_facet_of_a_name_holds() -> None:
    early = run_event("01", run={"runId": "r", "facets": {"f": {"v": 1}, "g": {"v": 1}}})
    late = run_event("02", run={"runId": "r", "facets": {"f": {"v": 2}, "h": None}})
    rows = rows_of([decoded(late), decoded(early)])
    facets = {name: rows.values[v.value] for (_, _, name), v in rows.facets.items()}
    assert facets == {"f": '{"v":2}', "g": '{"v":1}'}


def test_within_an_event_the_last_mention_holds() -> None:
    twice = [
        {"namespace": "n", "name": "d", "facets": {"f": {"v": 1}}},
        {"namespace": "n", "name": "d", "facets": {"f": {"v": 2}}},
    ]
    rows = rows_of([decoded(run_event("01", inputs=twice))])
    (version,) = rows.facets.values()
    assert rows.values[version.value] == '{"v":2}'
    assert len(rows.run_io) == len(rows.job_io) == 1


def test_deleted_facets_are_kept_as_deleted_on_jobs_and_datasets() -> None:
    facets = {"f": {"_deleted": True}}
    event = run_event(
        "01",
        run={"runId": "r", "facets": facets},
        job={"namespace": "n", "name": "j", "facets": facets},
        outputs=[{"namespace": "n", "name": "d", "facets": facets, "outputFacets": facets}],
    )
    rows = rows_of([decoded(event)])
    deleted = {owner: version.is_deleted for (owner, _, _), version in rows.facets.items()}
    assert deleted == {"run": False, "job": True, "dataset": True, "run_io": False}


def test_parents_and_roots_are_runs_too() -> None:
    parent = {
        "run": {"runId": "p"},
        "job": {"namespace": "n", "name": "dag"},
        "root": {"run": {"runId": "q"}, "job": {"namespace": "n", "name": "top"}},
    }
    airflow = {"dag": {"dag_id": "dag"}}
    facets = {"parent": parent, "airflow": airflow}
    rows = rows_of([decoded(run_event("01", run={"runId": "r", "facets": facets}))])
    assert set(rows.runs.values()) == {"r", "p", "q"}
    claims = {rows.runs[claim.run]: claim for claim in rows.run_claims}
    assert [claims[run].job_rank for run in "rpq"] == [2, 1, 0]
    assert [claims[run].is_dag_run for run in "rpq"] == [False, True, False]
    assert rows.jobs[claims["p"].job] == ("n", "dag")


def test_malformed_parents_are_left_out() -> None:
    parents: list[Any] = [
        *("x", [], {}, {"run": None}, {"run": {"runId": 5}}, {"run": {"runId": ""}}),
        *({"run": {"noRunId": "x"}}, {"root": "x"}, {"root": {"run": []}}),
    ]
    for parent in parents:
        event = run_event("01", run={"runId": "r", "facets": {"parent": parent}})
        assert set(rows_of([decoded(event)]).runs.values()) == {"r"}


def test_names_that_differ_only_in_what_postgres_cannot_hold_stay_apart() -> None:
    assert key_of("a\x00") != key_of("a\ufffd") != key_of("a\ud800")
    assert key_of("ab", "c") != key_of("a", "bc")
    rows = rows_of(
        [
            decoded(run_event("01", job={"namespace": "n", "name": "a\x00"})),
            decoded(run_event("01", job={"namespace": "n", "name": "a\ufffd"})),
        ]
    )
    assert list(rows.jobs.values()) == [("n", "a\ufffd")] * 2
