"""rows_of gives the same rows whatever the order of events, and keeps what is latest."""

import json
import random
from typing import Any

from consumer.decode.decode import Decoded, decode
from consumer.rows.facets import versions_by_name
from consumer.rows.keys import key_of, run_key
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
    facets = {owner: versions_by_name(said) for owner, said in rows.facets.items()}
    return vars(rows) | {"facets": facets, "values": rows.values.new}


def values_of(rows: Rows) -> dict[str, list[str]]:
    """Return the JSON of each version of each facet by its name."""
    return {
        name: [rows.values.new[version.value.hash] for version in versions]
        for said in rows.facets.values()
        for name, versions in versions_by_name(said).items()
    }


def test_order_does_not_matter() -> None:
    events = [decoded(event) for event in corpus.all_events()]
    expected = comparable(rows_of(events))
    random.Random(1).shuffle(events)
    assert comparable(rows_of(events)) == expected


def test_a_facet_of_a_job_has_a_version_each_time_its_value_changes() -> None:
    def event(time: str, **facets: Any) -> Decoded:
        return decoded(run_event(time, job={"namespace": "n", "name": "j", "facets": facets}))

    rows = rows_of(
        [
            event("03", f={"v": 1}),
            event("01", f={"v": 1}, g={"v": 1}),
            event("02", f={"v": 2}, h=None),
        ]
    )
    assert values_of(rows) == {"f": ['{"v":1}', '{"v":2}', '{"v":1}'], "g": ['{"v":1}']}


def test_within_an_event_the_last_mention_holds() -> None:
    twice = [
        {"namespace": "n", "name": "d", "facets": {"f": {"v": 1}}},
        {"namespace": "n", "name": "d", "facets": {"f": {"v": 2}}},
    ]
    rows = rows_of([decoded(run_event("01", inputs=twice))])
    assert values_of(rows) == {"f": ['{"v":2}']}
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
    deleted = {
        owner.kind: versions_by_name(said)["f"][0].value.is_deleted
        for owner, said in rows.facets.items()
    }
    assert deleted == {"job": True, "dataset": True}


def test_parents_and_roots_are_runs_too() -> None:
    parent = {
        "run": {"runId": "p"},
        "job": {"namespace": "n", "name": "dag"},
        "root": {"run": {"runId": "q"}, "job": {"namespace": "n", "name": "top"}},
    }
    airflow = {"dag": {"dag_id": "dag"}}
    facets = {"parent": parent, "airflow": airflow}
    rows = rows_of([decoded(run_event("01", run={"runId": "r", "facets": facets}))])
    runs = {row.run_id: row for row in rows.runs.values()}
    assert set(runs) == {"r", "p", "q"}
    assert [runs[run].job_rank for run in "rpq"] == [2, 1, 0]
    assert [runs[run].is_dag_run for run in "rpq"] == [False, True, False]
    assert runs["p"].job == key_of("n", "dag")


def test_malformed_parents_are_left_out() -> None:
    parents: list[Any] = [
        *("x", [], {}, {"run": None}, {"run": {"runId": 5}}, {"run": {"runId": ""}}),
        *({"run": {"noRunId": "x"}}, {"root": "x"}, {"root": {"run": []}}),
    ]
    for parent in parents:
        event = run_event("01", run={"runId": "r", "facets": {"parent": parent}})
        assert [row.run_id for row in rows_of([decoded(event)]).runs.values()] == ["r"]


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


def test_a_run_id_that_is_a_uuid_is_its_own_key() -> None:
    own = "01908225-1fd7-746b-910c-70d24f2898b1"
    assert str(run_key(own)) == own
    assert run_key(own.upper()) == run_key(own)
    assert run_key(own.replace("-", "")) != run_key(own)
    assert run_key("0" * 8 + "-0000-0000-0000-" + "0" * 12).int != 0
