"""Events of small stories: what a run of a job reads and writes, at a minute of an hour."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

Event = dict[str, Any]
PRODUCER = {"_producer": "https://example.com/producer", "_schemaURL": "https://example.com/s"}
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs"


def run_id_of(text: str) -> str:
    """Return the id of a run, a UUID that a text stands for."""
    return str(uuid5(NAMESPACE_URL, text))


def named(text: str) -> dict[str, Any]:
    """Return {namespace, name} of `namespace|name`; the namespace is `data` where none is given."""
    namespace, _, name = text.rpartition("|")
    return {"namespace": namespace or "data", "name": name}


def dataset(text: str, columns: str = "", **facets: Any) -> dict[str, Any]:
    """Return a dataset that has columns (`a b`, all texts) and other facets."""
    if columns:
        facets["schema"] = {"fields": [{"name": each, "type": "text"} for each in columns.split()]}
    return named(text) | {"facets": {name: PRODUCER | facet for name, facet in facets.items()}}


def made_of(**columns: str) -> dict[str, Any]:
    """Return a facet columnLineage: of each column the sources, as `dataset.column, dataset...`."""
    fields = {}
    for column, sources in columns.items():
        inputs = []
        for source in sources.split(", "):
            name, _, field = source.rpartition(".")
            inputs.append(named(name) | {"field": field})
        fields[column] = {"inputFields": inputs}
    return {"fields": fields}


def told(
    job: str,
    minute: int = 0,
    inputs: Any = "",
    outputs: Any = "",
    *,
    state: str = "COMPLETE",
    run: str | None = None,
    parent: tuple[str, str] | None = None,
    namespace: str = "jobs",
) -> Event:
    """Return an event of a run of a job.

    Inputs and outputs are texts `a b` or lists of datasets; `run` stands for the run's id, by
    default one for each minute; `parent` is (job, run).
    """
    facets: dict[str, Any] = {}
    if parent is not None:
        facets["parent"] = PRODUCER | {
            "job": {"namespace": namespace, "name": parent[0]},
            "run": {"runId": run_id_of(parent[1])},
        }
    return {
        "eventType": state,
        "eventTime": f"2026-03-01T00:{minute:02}:00Z",
        "producer": PRODUCER["_producer"],
        "schemaURL": f"{SPEC}/RunEvent",
        "run": {"runId": run_id_of(run or f"{job} at {minute}"), "facets": facets},
        "job": {"namespace": namespace, "name": job, "facets": {}},
        "inputs": _datasets(inputs),
        "outputs": _datasets(outputs),
    }


def _datasets(given: Any) -> list[Any]:
    return [dataset(each) for each in given.split()] if isinstance(given, str) else given
