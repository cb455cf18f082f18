"""The runs before a run: those that wrote what it read, and so on."""

from typing import Any

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.told import run_id_of, told


def upstream(api: Client, run: str, **parameters: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each run's job with what it read and from whom."""
    runs = api.body("/runlineage/upstream", runId=run_id_of(run), **parameters)["runs"]
    return [
        (each["job"]["name"], [(i["name"], i["producedByRunId"]) for i in each["inputs"]])
        for each in runs
    ]


def test_the_runs_that_wrote_what_a_run_read_are_told_nearest_first(
    store: Store, api: Client
) -> None:
    put(
        store,
        [
            told("extract", 1, "source", "raw", run="extract 1"),
            told("extract", 2, "source", "raw", run="extract 2"),
            told("transform", 3, "raw", "clean", run="transform"),
            told("extract", 4, "source", "raw", run="extract 3"),
            told("report", 5, "clean raw", "pdf", run="report"),
        ],
    )

    assert upstream(api, "transform") == [
        ("transform", [("raw", run_id_of("extract 2"))]),
        ("extract", []),
    ]
    assert upstream(api, "report", depth=1) == [
        ("report", [("clean", run_id_of("transform")), ("raw", run_id_of("extract 3"))]),
        ("extract", []),
        ("transform", [("raw", run_id_of("extract 2"))]),
    ]
    assert [job for job, _ in upstream(api, "report")] == [
        *("report", "extract", "transform", "extract"),
    ]


def test_a_run_is_told_with_its_times_and_the_version_of_its_job(store: Store, api: Client) -> None:
    put(
        store,
        [
            told("j", 1, "a", "b", state="START", run="r"),
            told("j", 2, "a", "b", run="r"),
        ],
    )

    (found,) = api.body("/runlineage/upstream", runId=run_id_of("r"))["runs"]

    assert found["run"] == {
        "id": run_id_of("r"),
        "start": "2026-03-01T00:01:00Z",
        "end": "2026-03-01T00:02:00Z",
        "status": "COMPLETED",
    }
    versions = api.body("/namespaces/jobs/jobs/j/versions")["versions"]
    assert found["job"]["version"] == versions[0]["version"]


def test_a_run_that_is_not_there_is_not_found(store: Store, api: Client) -> None:
    assert api.get("/runlineage/upstream", runId=run_id_of("none")).status_code == 404
    assert api.get("/runlineage/upstream").status_code == 400
