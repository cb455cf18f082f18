"""Turns events into flat rows for the store, merged within a batch; pure, without I/O.

Rows name jobs and datasets by keys (consumer/rows/keys.py); the store replaces them by its ids.
What an event says of its run is in `runs`, of what it read and wrote in `io`, of facets in
`facets`; graphs within facets in `facet_graphs`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.canonical import canonical_json, for_jsonb
from consumer.decode.decode import Decoded
from consumer.decode.text import storable_text
from consumer.rows.facet_graphs import ColumnEdge, TaskGraph, column_edges, task_graph
from consumer.rows.facets import Facets, FacetValues, Moment, Value
from consumer.rows.io import NOTHING, CheckRow, Counts, checks_of, counts_of, tests_of
from consumer.rows.keys import NO_RUN, key_of, run_key
from consumer.rows.runs import (
    PARENT,
    ROOT,
    RunRow,
    is_of_airflow,
    named_run,
    own_row,
    relative_row,
    relatives_of,
    upstream_of,
)
from openlineage_avro.event.access import at, list_of, object_of
from openlineage_avro.event.doctor_event import is_test_event
from openlineage_avro.event.kinds import DATASET_EVENT, RUN_EVENT


class Name(NamedTuple):
    """The name of a job or dataset, as PostgreSQL can hold it."""

    namespace: str
    name: str


class Io(NamedTuple):
    """A dataset that a run or job (`owner`) reads or writes."""

    owner: UUID
    dataset: UUID
    is_output: bool


class Span(NamedTuple):
    """The times of the first and the last event that say something."""

    first: datetime
    last: datetime


class Owner(NamedTuple):
    """Who has facets; `kind` is a name of lineage_store.facet_owner."""

    kind: str
    key: UUID


class Latest(NamedTuple):
    """A facet's value, and the event that says so."""

    moment: Moment
    value: Value


class DagRun(NamedTuple):
    """What events say of the tasks of a DAG run; `tasks` is JSON: {task_id: [state, seconds]}."""

    task_graph: UUID | None = None
    tasks_at: Moment | None = None
    tasks: str | None = None


class Relative(NamedTuple):
    """A run that a facet names as the parent or root of another, or upstream of it (`rank`)."""

    run_id: str
    rank: int
    job: UUID | None
    is_dag_run: bool = False
    dag_id: str | None = None
    airflow_run_id: str | None = None


class Subject(NamedTuple):
    """The keys of the run, job and dataset that an event is about."""

    run: UUID
    job: UUID | None
    dataset: UUID | None


@dataclass
class Rows:
    """The rows of a batch, by key; facet values and graphs by the hash of the value."""

    values: FacetValues = field(default_factory=FacetValues)
    jobs: dict[UUID, Name] = field(default_factory=dict)
    datasets: dict[UUID, Name] = field(default_factory=dict)
    runs: dict[UUID, RunRow] = field(default_factory=dict)
    relatives: dict[Relative, None] = field(default_factory=dict)
    dag_runs: dict[UUID, DagRun] = field(default_factory=dict)
    run_io: dict[Io, Counts] = field(default_factory=dict)
    job_io: dict[Io, Span] = field(default_factory=dict)
    checks: dict[UUID, CheckRow] = field(default_factory=dict)
    facets: dict[Owner, list[tuple[Moment, Facets]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # By (dataset, job); no job where the dataset's own event says it.
    column_lineage: dict[tuple[UUID, UUID | None], Latest] = field(default_factory=dict)
    column_edges: dict[UUID, list[ColumnEdge]] = field(default_factory=dict)
    task_graphs: dict[UUID, TaskGraph] = field(default_factory=dict)

    def job(self, namespace: str, name: str) -> UUID:
        """Return the key of a job that the store must know."""
        key = key_of(namespace, name)
        if key not in self.jobs:
            self.jobs[key] = Name(storable_text(namespace), storable_text(name))
        return key

    def dataset(self, namespace: str, name: str) -> UUID:
        """Return the key of a dataset that the store must know."""
        key = key_of(namespace, name)
        if key not in self.datasets:
            self.datasets[key] = Name(storable_text(namespace), storable_text(name))
        return key

    def add_run(self, row: RunRow) -> None:
        """Add a run, or to what is known of it."""
        known = self.runs.setdefault(row.id, row)
        if known is not row:
            known.merge(row)


def rows_of(events: Iterable[Decoded], values: FacetValues | None = None) -> Rows:
    """Return the rows of some events, in whatever order they come.

    `values` knows facet values of earlier events. Test events of `doctor` make no rows.
    """
    rows = Rows(values or FacetValues())
    for event in events:
        if not is_test_event(event.event):
            _Event(rows, event).add()
    for relative in rows.relatives:
        rows.add_run(relative_row(*relative))
    return rows


def subject_of(decoded: Decoded) -> Subject:
    """Return the keys of what an event is about; a test event of `doctor` is about nothing."""
    event = decoded.event
    if is_test_event(event):
        return Subject(NO_RUN, None, None)
    if decoded.kind == DATASET_EVENT:
        dataset = event["dataset"]
        return Subject(NO_RUN, None, key_of(dataset["namespace"], dataset["name"]))
    job = key_of(event["job"]["namespace"], event["job"]["name"])
    run = run_key(event["run"]["runId"]) if decoded.kind == RUN_EVENT else NO_RUN
    return Subject(run, job, None)


class _Event:
    """One event whose rows are added to those of a batch."""

    def __init__(self, rows: Rows, decoded: Decoded) -> None:
        self._rows = rows
        self._decoded = decoded
        self._moment = Moment(decoded.time, decoded.hash)

    def add(self) -> None:
        event, kind = self._decoded.event, self._decoded.kind
        if kind == DATASET_EVENT:
            self._add_dataset(event["dataset"], None)
            return
        job = self._rows.job(event["job"]["namespace"], event["job"]["name"])
        self._add_facets("job", job, event["job"].get("facets"))
        run = self._add_run(event, job) if kind == RUN_EVENT else None
        for side, is_output in (("inputs", False), ("outputs", True)):
            for dataset in list_of(event.get(side)):
                self._add_io(job, run, dataset, is_output)

    def _add_dataset(self, dataset: dict[str, Any], job: UUID | None) -> UUID:
        """Add a dataset that a job reads or writes, or that the event is about: no job."""
        key = self._rows.dataset(dataset["namespace"], dataset["name"])
        if facets := object_of(dataset.get("facets")):
            self._add_facets("dataset", key, facets)
            column_lineage = facets.get("columnLineage")
            if isinstance(column_lineage, dict):
                self._add_column_lineage(key, job, column_lineage)
        return key

    def _add_run(self, event: dict[str, Any], job: UUID) -> UUID:
        row = own_row(self._decoded, job)
        facets = object_of(event["run"].get("facets"))
        parent, root = relatives_of(facets)
        # A task's parent is the DAG run if it has the name of the DAG.
        dag_id = at(facets, "airflow", "dag", "dag_id")
        is_task = dag_id is None and is_of_airflow(event["job"], "TASK")
        is_of_task = is_task or (dag_id is not None and dag_id == at(parent, "job", "name"))
        self._add_relative(parent, PARENT, row if is_of_task else None)
        self._rows.add_run(row)
        self._add_relative(root, ROOT)
        for upstream in upstream_of(facets):
            self._add_relative(upstream, PARENT)
        self._add_dag_run(row.id, facets)
        if "test" in facets:
            self._add_checks(row.id, job, None, tests_of(facets))
        return row.id

    def _add_relative(self, named: dict[str, Any], rank: int, task: RunRow | None = None) -> None:
        """Add a run that a facet names; it may have no events of its own, ever.

        The parent of a run of a task of Airflow, `task`, is the DAG run: what all tasks of it have
        in common is kept with that one alone.
        """
        run_id = named_run(named)
        if run_id is None:
            return
        namespace, name = at(named, "job", "namespace"), at(named, "job", "name")
        is_named = isinstance(namespace, str) and isinstance(name, str)
        job = self._rows.job(namespace, name) if is_named else None
        relative = Relative(run_id, rank, job)
        if task is not None:
            relative = Relative(run_id, rank, job, True, task.dag_id, task.airflow_run_id)
            task.dag_id = task.airflow_run_id = None
        self._rows.relatives[relative] = None

    def _add_dag_run(self, run: UUID, facets: dict[str, Any]) -> None:
        graph = self._add_task_graph()
        states = facets.get("airflowState")
        if graph is None and not isinstance(states, dict):
            return
        known = self._rows.dag_runs.get(run, DagRun())
        if graph and (known.task_graph is None or graph > known.task_graph):
            known = known._replace(task_graph=graph)
        if isinstance(states, dict) and (not known.tasks_at or self._moment > known.tasks_at):
            known = known._replace(tasks_at=self._moment, tasks=_tasks(states))
        self._rows.dag_runs[run] = known

    def _add_io(
        self, job: UUID, run: UUID | None, dataset: dict[str, Any], is_output: bool
    ) -> None:
        key, time = self._add_dataset(dataset, job), self._decoded.time
        edge = Io(job, key, is_output)
        known = self._rows.job_io.get(edge, Span(time, time))
        self._rows.job_io[edge] = Span(min(known.first, time), max(known.last, time))
        if run is not None:
            io = Io(run, key, is_output)
            counts = self._rows.run_io.get(io, NOTHING)
            self._rows.run_io[io] = counts.merged(counts_of(dataset, is_output))
            self._add_checks(run, job, key, checks_of(dataset))

    def _add_checks(self, run: UUID, job: UUID, dataset: UUID | None, checks: Any) -> None:
        for check in checks:
            parts = (str(run), str(dataset), check.assertion, str(check.column_name))
            row = CheckRow(run, job, dataset, check, self._decoded.time)
            known = self._rows.checks.setdefault(key_of(*parts), row)
            if row.holds_over(known):
                self._rows.checks[key_of(*parts)] = row

    def _add_facets(self, kind: str, owner: UUID, facets: dict[str, Any] | None) -> None:
        if facets:
            said = self._rows.values.facets_of(facets)
            self._rows.facets[Owner(kind, owner)].append((self._moment, said))

    def _add_column_lineage(self, dataset: UUID, job: UUID | None, facet: dict[str, Any]) -> None:
        said = Latest(self._moment, self._rows.values.value_of(facet))
        known = self._rows.column_lineage.setdefault((dataset, job), said)
        if known.moment <= said.moment:
            self._rows.column_lineage[dataset, job] = said
        if said.value.hash not in self._rows.column_edges:
            edges = list(column_edges(facet))
            for edge in edges:
                self._rows.dataset(edge.namespace, edge.name)
            self._rows.column_edges[said.value.hash] = edges

    def _add_task_graph(self) -> UUID | None:
        """Return the hash of the facet that holds the event's task graph, if it has one."""
        facet = at(self._decoded.event, "job", "facets", "airflow")
        if not isinstance(at(facet, "tasks"), dict):
            return None
        value = self._rows.values.hash_of(facet)
        if value not in self._rows.task_graphs:
            self._rows.task_graphs[value] = task_graph(facet)
        return value


def _tasks(states: dict[str, Any]) -> str:
    """Return the JSON of {task_id: [state, seconds]} in a facet airflowState."""
    seconds, named = object_of(states.get("tasksDuration")), object_of(states.get("tasksState"))
    tasks = {task: [state, seconds.get(task)] for task, state in named.items()}
    return for_jsonb(tasks, canonical_json(tasks))[0]
