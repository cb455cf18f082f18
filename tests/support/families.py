"""Events of runs that are related, and of which few name a pipeline run."""

from typing import Any


def event(run: str, second: int, parent: str | None = None, **facets: Any) -> dict[str, Any]:
    """Return an event of a run."""
    if parent:
        job = {"namespace": "n", "name": f"job of {parent}"}
        facets["parent"] = {"run": {"runId": parent}, "job": job}
    return {
        "eventTime": f"2026-01-01T00:00:{second:02}Z",
        "run": {"runId": run, "facets": facets},
        "job": {"namespace": "n", "name": f"job of {run}"},
    }


def own(pipeline: str) -> dict[str, Any]:
    """Return the facet that names a pipeline run."""
    return {"openlineageAvro_pipelineRun": {"pipelineRunId": pipeline, "source": "xcom"}}


def two_dags() -> list[dict[str, Any]]:
    """Return events of two DAG runs: tasks of one name pipeline runs, the other names its own."""
    return [
        event("a", 9, "dag", **own("A")),
        event("b", 5, "dag", **own("B")),
        event("under a", 1, "a"),
        event("none", 2, "dag"),
        event("other dag", 1, **own("O")),
        event("other task", 2, "other dag"),
        event("named", 2, "other dag", **own("N")),
    ]


def families() -> list[dict[str, Any]]:
    """Return events of families whose ids come from above, from beside, over ten runs, or never."""
    chain = [event(f"link {number}", 1, f"link {number - 1}") for number in range(1, 12)]
    return [
        *two_dags(),
        event("link 0", 1),
        *chain,
        event("beside the chain", 1, "link 1", **own("L")),
        event("also beside", 1, "link 0", **own("K")),
        event("round 1", 1, "round 2"),
        event("round 2", 1, "round 3"),
        event("round 3", 1, "round 1", **own("R")),
        event("under the round", 1, "round 2"),
        event("self", 1, "self", **own("S")),
        event("nobody's", 1, "nobody"),
    ]
