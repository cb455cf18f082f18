"""Turns events into flat rows for the store, merged within a batch; pure, without I/O.

Rows refer to each other by keys (consumer/names.py); the store replaces them by its ids. What an
event says of its run, job, datasets and facets becomes rows here; graphs within facets in
`facet_graphs`.
"""

import marshal
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from consumer.decode.canonical import canonical_json, for_jsonb, hash_of
from consumer.decode.decode import Decoded
from consumer.rows.facet_graphs import ColumnEdge, TaskGraph, column_edges, task_graph
from consumer.rows.keys import key_of, storable_text

# lineage_store.runs.job_rank: who says which job a run is of.
ROOT, PARENT, OWN = 0, 1, 2
NO_JOB = ""


class RunClaim(NamedTuple):
    """What one event says of one run: its own, its parent or its root (`job_rank`)."""

    run: str
    job_rank: int
    job: str
    event_time: datetime
    event_hash: str
    event_type: str | None
    is_dag_run: bool
    task_graph: str | None


class Version(NamedTuple):
    """A facet's value and the event it is from; the greatest (time, hash) holds."""

    event_time: datetime
    event_hash: str
    value: str
    is_deleted: bool


class Io(NamedTuple):
    """A dataset that a run or job reads or writes."""

    owner: str
    dataset: str
    is_output: bool


@dataclass
class Rows:
    """The rows of a batch; keys are 32 hex digits."""

    jobs: dict[str, tuple[str, str]] = field(default_factory=dict)
    datasets: dict[str, tuple[str, str]] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    run_claims: list[RunClaim] = field(default_factory=list)
    run_io: dict[Io, None] = field(default_factory=dict)
    job_io: dict[Io, tuple[datetime, datetime]] = field(default_factory=dict)
    # Facets by (owner kind, owner, name); the owner of run_io and job_io facets is an Io.
    facets: dict[tuple[str, str | Io, str], Version] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    quick_values: dict[bytes, str] = field(default_factory=dict, repr=False)
    # columnLineage facets by (dataset, job).
    column_lineage: dict[tuple[str, str], Version] = field(default_factory=dict)
    column_edges: dict[str, list[ColumnEdge]] = field(default_factory=dict)
    task_graphs: dict[str, TaskGraph] = field(default_factory=dict)

    def job(self, namespace: str, name: str) -> str:
        """Return the key of a job that the store must know."""
        key = key_of(namespace, name)
        self.jobs[key] = (storable_text(namespace), storable_text(name))
        return key

    def dataset(self, namespace: str, name: str) -> str:
        """Return the key of a dataset that the store must know."""
        key = key_of(namespace, name)
        self.datasets[key] = (storable_text(namespace), storable_text(name))
        return key

    def run(self, run_id: str) -> str:
        """Return the key of a run that the store must know."""
        key = key_of(run_id)
        self.runs[key] = storable_text(run_id)
        return key


def rows_of(events: Iterable[Decoded]) -> Rows:
    """Return the rows of some events, in whatever order they come."""
    rows = Rows()
    for event in events:
        add(rows, event)
    return rows


def add(rows: Rows, decoded: Decoded) -> None:
    """Add the rows of one event."""
    event = decoded.event
    if decoded.kind == "DatasetEvent":
        dataset = event["dataset"]
        key = rows.dataset(dataset["namespace"], dataset["name"])
        _facets(rows, decoded, "dataset", key, dataset.get("facets"))
        _column_lineage(rows, decoded, key, NO_JOB, dataset)
        return
    job = rows.job(event["job"]["namespace"], event["job"]["name"])
    _facets(rows, decoded, "job", job, event["job"].get("facets"))
    run = _run(rows, decoded, job) if decoded.kind == "RunEvent" else None
    for side, is_output in (("inputs", False), ("outputs", True)):
        for dataset in event.get(side) or ():
            _io(rows, decoded, job, run, dataset, is_output)


def keys_of(decoded: Decoded) -> tuple[str | None, str | None, str | None]:
    """Return the keys of the run, job and dataset that an event is about."""
    event = decoded.event
    if decoded.kind == "DatasetEvent":
        return None, None, key_of(event["dataset"]["namespace"], event["dataset"]["name"])
    job = key_of(event["job"]["namespace"], event["job"]["name"])
    return (key_of(event["run"]["runId"]) if decoded.kind == "RunEvent" else None), job, None


def _run(rows: Rows, decoded: Decoded, job: str) -> str:
    facets = decoded.event["run"].get("facets") or {}
    run = rows.run(decoded.event["run"]["runId"])
    graph = _task_graph(rows, decoded)
    claim = RunClaim(
        run, OWN, job, decoded.time, decoded.hash, decoded.type, "airflowDagRun" in facets, graph
    )
    rows.run_claims.append(claim)
    _facets(rows, decoded, "run", run, facets)
    parent = facets.get("parent")
    if isinstance(parent, dict):
        _relative(rows, decoded, parent, PARENT, _dag_id(facets))
        if isinstance(parent.get("root"), dict):
            _relative(rows, decoded, parent["root"], ROOT, None)
    return run


def _relative(
    rows: Rows, decoded: Decoded, named: dict[str, Any], rank: int, dag_id: str | None
) -> None:
    """Add the run that a parent facet names; it may have no events of its own, ever."""
    run_id = _at(named, "run", "runId")
    if not isinstance(run_id, str) or not run_id:
        return
    run = rows.run(run_id)
    namespace, name = _at(named, "job", "namespace"), _at(named, "job", "name")
    if isinstance(namespace, str) and isinstance(name, str):
        is_dag_run = dag_id is not None and dag_id == name
        job = rows.job(namespace, name)
        rows.run_claims.append(
            RunClaim(run, rank, job, decoded.time, decoded.hash, None, is_dag_run, None)
        )


def _dag_id(facets: dict[str, Any]) -> str | None:
    """Return the dag_id of a task's event: its parent of that name is the DAG run."""
    dag_id = _at(facets, "airflow", "dag", "dag_id")
    return dag_id if isinstance(dag_id, str) else None


def _task_graph(rows: Rows, decoded: Decoded) -> str | None:
    facet = _at(decoded.event, "job", "facets", "airflow")
    if not isinstance(_at(facet, "tasks"), dict):
        return None
    value = _value(rows, decoded, facet)
    if value not in rows.task_graphs:
        rows.task_graphs[value] = task_graph(facet)
    return value


def _io(
    rows: Rows,
    decoded: Decoded,
    job: str,
    run: str | None,
    dataset: dict[str, Any],
    is_output: bool,
) -> None:
    key = rows.dataset(dataset["namespace"], dataset["name"])
    edge = Io(job, key, is_output)
    first, last = rows.job_io.get(edge, (decoded.time, decoded.time))
    rows.job_io[edge] = (min(first, decoded.time), max(last, decoded.time))
    _facets(rows, decoded, "dataset", key, dataset.get("facets"))
    _column_lineage(rows, decoded, key, job, dataset)
    facets = dataset.get("outputFacets" if is_output else "inputFacets")
    if run is None:
        _facets(rows, decoded, "job_io", edge, facets)
        return
    io = Io(run, key, is_output)
    rows.run_io[io] = None
    _facets(rows, decoded, "run_io", io, facets)


def _facets(
    rows: Rows, decoded: Decoded, owner: str, key: str | Io, facets: dict[str, Any] | None
) -> None:
    for name, facet in (facets or {}).items():
        if facet is not None:
            place = (owner, key, storable_text(name))
            version = _version(rows, decoded, facet, owner in ("job", "dataset"))
            _keep_latest(rows.facets, place, version)


def _column_lineage(
    rows: Rows, decoded: Decoded, dataset: str, job: str, described: dict[str, Any]
) -> None:
    facet = (described.get("facets") or {}).get("columnLineage")
    if not isinstance(facet, dict):
        return
    version = _version(rows, decoded, facet, True)
    _keep_latest(rows.column_lineage, (dataset, job), version)
    if version.value not in rows.column_edges:
        edges = list(column_edges(facet))
        for edge in edges:
            rows.dataset(edge.namespace, edge.name)
        rows.column_edges[version.value] = edges


def _version(rows: Rows, decoded: Decoded, facet: Any, may_delete: bool) -> Version:
    is_deleted = may_delete and isinstance(facet, dict) and facet.get("_deleted") is True
    return Version(decoded.time, decoded.hash, _value(rows, decoded, facet), is_deleted)


def _value(rows: Rows, decoded: Decoded, facet: Any) -> str:
    """Return the hash of a facet's value, which the store must know."""
    # Most facets repeat. marshal is several times as fast as JSON, and tells apart what JSON
    # does; version 2 writes equal values alike wherever they came from.
    quick = marshal.dumps(facet, 2)
    key = rows.quick_values.get(quick)
    if key is None:
        text = canonical_json(facet)
        key = rows.quick_values[quick] = hash_of(text)
        rows.values[key] = text if decoded.is_exact else for_jsonb(facet, text)[0]
    return key


def _keep_latest(versions: dict[Any, Version], place: Any, version: Version) -> None:
    """Keep the greatest (event_time, event_hash); within one event the last one written."""
    known = versions.get(place)
    if known is None or known[:2] <= version[:2]:
        versions[place] = version


def _at(value: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value
