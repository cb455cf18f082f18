"""Turns events into flat rows for the store, merged within a batch; pure, without I/O.

Rows refer to each other by keys (consumer/rows/keys.py); the store replaces them by its ids. What
an event says of its run, job, datasets and facets becomes rows here; graphs within facets in
`facet_graphs`.
"""

import marshal
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.canonical import canonical_json, for_jsonb, hash_of
from consumer.decode.decode import Decoded
from consumer.decode.text import storable_text
from consumer.rows.edges import add_edges
from consumer.rows.facet_graphs import (
    ColumnEdge,
    TaskGraph,
    column_edges,
    columns_of,
    task_graph,
)
from consumer.rows.graph import Graph
from consumer.rows.keys import key_of
from consumer.rows.merging import Span, Version, keep_latest, widen
from openlineage_avro.event.access import at, list_of, object_of
from openlineage_avro.event.kinds import DATASET_EVENT, RUN_EVENT

# lineage_store.runs.job_rank: who says which job a run is of.
ROOT, PARENT, OWN = 0, 1, 2


class RunClaim(NamedTuple):
    """What one event says of one run: its own, its parent or its root (`job_rank`)."""

    run: UUID
    job_rank: int
    job: UUID
    event_time: datetime
    event_hash: UUID
    event_type: str | None
    is_dag_run: bool
    task_graph: UUID | None


class Name(NamedTuple):
    """The name of a job or dataset, as PostgreSQL can hold it."""

    namespace: str
    name: str


class Io(NamedTuple):
    """A dataset that a run or job (`owner`) reads or writes."""

    owner: UUID
    dataset: UUID
    is_output: bool


class FacetOf(NamedTuple):
    """Whose facet of which name; `kind` is a name of lineage_store.facet_owner."""

    kind: str
    owner: UUID | Io  # an Io where the kind is run_io or job_io
    name: str


class Subject(NamedTuple):
    """The keys of the run, job and dataset that an event is about."""

    run: UUID | None
    job: UUID | None
    dataset: UUID | None


@dataclass
class Rows:
    """The rows of a batch, by key; facet values and graphs by the hash of the value."""

    jobs: dict[UUID, Name] = field(default_factory=dict)
    datasets: dict[UUID, Name] = field(default_factory=dict)
    runs: dict[UUID, str] = field(default_factory=dict)
    run_claims: list[RunClaim] = field(default_factory=list)
    run_io: dict[Io, None] = field(default_factory=dict)
    job_io: dict[Io, Span] = field(default_factory=dict)
    facets: dict[FacetOf, Version] = field(default_factory=dict)
    values: dict[UUID, str] = field(default_factory=dict)
    quick_values: dict[bytes, UUID] = field(default_factory=dict, repr=False)
    # By (dataset, job); no job where the dataset's own event says it.
    column_lineage: dict[tuple[UUID, UUID | None], Version] = field(default_factory=dict)
    column_edges: dict[UUID, list[ColumnEdge]] = field(default_factory=dict)
    task_graphs: dict[UUID, TaskGraph] = field(default_factory=dict)
    graph: Graph = field(default_factory=Graph)

    def job(self, namespace: str, name: str) -> UUID:
        """Return the key of a job that the store must know."""
        key = key_of(namespace, name)
        self.jobs[key] = Name(storable_text(namespace), storable_text(name))
        return key

    def dataset(self, namespace: str, name: str) -> UUID:
        """Return the key of a dataset that the store must know."""
        key = key_of(namespace, name)
        self.datasets[key] = Name(storable_text(namespace), storable_text(name))
        return key

    def run(self, run_id: str) -> UUID:
        """Return the key of a run that the store must know."""
        key = key_of(run_id)
        self.runs[key] = storable_text(run_id)
        return key


def rows_of(events: Iterable[Decoded]) -> Rows:
    """Return the rows of some events, in whatever order they come."""
    rows = Rows()
    for event in events:
        _Event(rows, event).add()
    return rows


def subject_of(decoded: Decoded) -> Subject:
    """Return the keys of what an event is about."""
    event = decoded.event
    if decoded.kind == DATASET_EVENT:
        dataset = event["dataset"]
        return Subject(None, None, key_of(dataset["namespace"], dataset["name"]))
    job = key_of(event["job"]["namespace"], event["job"]["name"])
    run = key_of(event["run"]["runId"]) if decoded.kind == RUN_EVENT else None
    return Subject(run, job, None)


class _Event:
    """One event whose rows are added to those of a batch."""

    def __init__(self, rows: Rows, decoded: Decoded) -> None:
        self._rows = rows
        self._decoded = decoded

    def add(self) -> None:
        event, kind = self._decoded.event, self._decoded.kind
        add_edges(self._rows, self._decoded)
        if kind == DATASET_EVENT:
            self._add_dataset(event["dataset"], None)
            return
        job = self._rows.job(event["job"]["namespace"], event["job"]["name"])
        self._add_facets("job", job, event["job"].get("facets"))
        run = self._add_run(event["run"], job) if kind == RUN_EVENT else None
        for side, is_output in (("inputs", False), ("outputs", True)):
            for dataset in list_of(event.get(side)):
                self._add_io(job, run, dataset, is_output)

    def _add_dataset(self, dataset: dict[str, Any], job: UUID | None) -> UUID:
        """Add a dataset that a job reads or writes, or that the event is about: no job."""
        key = self._rows.dataset(dataset["namespace"], dataset["name"])
        facets = object_of(dataset.get("facets"))
        self._add_facets("dataset", key, facets)
        column_lineage = facets.get("columnLineage")
        if isinstance(column_lineage, dict):
            self._add_column_lineage(key, job, column_lineage)
        return key

    def _add_run(self, described: dict[str, Any], job: UUID) -> UUID:
        facets = object_of(described.get("facets"))
        run = self._rows.run(described["runId"])
        is_dag_run = "airflowDagRun" in facets
        self._claim(run, OWN, job, self._decoded.type, is_dag_run, self._add_task_graph())
        self._add_facets("run", run, facets)
        parent = object_of(facets.get("parent"))
        self._add_relative(parent, PARENT, at(facets, "airflow", "dag", "dag_id"))
        self._add_relative(object_of(parent.get("root")), ROOT, None)
        return run

    def _add_relative(self, named: dict[str, Any], rank: int, dag_id: Any) -> None:
        """Add the run that a parent facet names; it may have no events of its own, ever.

        A task's parent that has the name of its DAG (`dag_id`) is the DAG run.
        """
        run_id = at(named, "run", "runId")
        if not isinstance(run_id, str) or not run_id:
            return
        run = self._rows.run(run_id)
        namespace, name = at(named, "job", "namespace"), at(named, "job", "name")
        if isinstance(namespace, str) and isinstance(name, str):
            self._claim(run, rank, self._rows.job(namespace, name), None, dag_id == name, None)

    def _claim(
        self,
        run: UUID,
        rank: int,
        job: UUID,
        event_type: str | None,
        is_dag_run: bool,
        graph: UUID | None,
    ) -> None:
        claim = RunClaim(
            run=run,
            job_rank=rank,
            job=job,
            event_time=self._decoded.time,
            event_hash=self._decoded.hash,
            event_type=event_type,
            is_dag_run=is_dag_run,
            task_graph=graph,
        )
        self._rows.run_claims.append(claim)

    def _add_io(
        self, job: UUID, run: UUID | None, dataset: dict[str, Any], is_output: bool
    ) -> None:
        key, time = self._add_dataset(dataset, job), self._decoded.time
        edge = Io(job, key, is_output)
        widen(self._rows.job_io, edge, time)
        facets = dataset.get("outputFacets" if is_output else "inputFacets")
        if run is None:
            self._add_facets("job_io", edge, facets)
        else:
            io = Io(run, key, is_output)
            self._rows.run_io[io] = None
            self._add_facets("run_io", io, facets)

    def _add_facets(self, kind: str, owner: UUID | Io, facets: dict[str, Any] | None) -> None:
        may_delete = kind in ("job", "dataset")
        for name, facet in object_of(facets).items():
            if facet is not None:
                version = self._version(facet, may_delete)
                keep_latest(self._rows.facets, FacetOf(kind, owner, storable_text(name)), version)
                if name == "schema" and version.value not in self._rows.graph.columns:
                    self._rows.graph.columns[version.value] = columns_of(object_of(facet))

    def _add_column_lineage(self, dataset: UUID, job: UUID | None, facet: dict[str, Any]) -> None:
        version = self._version(facet, True)
        keep_latest(self._rows.column_lineage, (dataset, job), version)
        if version.value not in self._rows.column_edges:
            edges = list(column_edges(facet))
            for edge in edges:
                self._rows.dataset(edge.namespace, edge.name)
            self._rows.column_edges[version.value] = edges
            self._rows.graph.columns[version.value] = columns_of(facet)

    def _add_task_graph(self) -> UUID | None:
        """Return the hash of the facet that holds the event's task graph, if it has one."""
        facet = at(self._decoded.event, "job", "facets", "airflow")
        if not isinstance(at(facet, "tasks"), dict):
            return None
        value = self._add_value(facet)
        if value not in self._rows.task_graphs:
            self._rows.task_graphs[value] = task_graph(facet)
        return value

    def _version(self, facet: Any, may_delete: bool) -> Version:
        is_deleted = may_delete and at(facet, "_deleted") is True
        return Version(self._decoded.time, self._decoded.hash, self._add_value(facet), is_deleted)

    def _add_value(self, facet: Any) -> UUID:
        """Return the hash of a facet's value, which the store must know."""
        # Most facets repeat. marshal is several times as fast as JSON, and tells apart what JSON
        # does; version 2 writes equal values alike wherever they came from.
        quick = marshal.dumps(facet, 2)
        key = self._rows.quick_values.get(quick)
        if key is None:
            text = canonical_json(facet)
            key = self._rows.quick_values[quick] = hash_of(text)
            exact = self._decoded.is_exact
            self._rows.values[key] = text if exact else for_jsonb(facet, text)[0]
        return key
