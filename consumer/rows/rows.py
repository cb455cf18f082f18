"""Turns events into flat rows for the store, merged within a batch; pure, without I/O.

Rows name jobs and datasets by keys (consumer/rows/keys.py); the store replaces them by its ids.
What an event says of its run is in `runs`, of what it read and wrote in `io`, of facets in
`facets`; graphs within facets in `facet_graphs`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.canonical import canonical_and_stored
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
from consumer.rows.facets import Facets, FacetValues, Moment
from consumer.rows.graph import Graph
from consumer.rows.io import CheckRow, RunIo, checks_of, counts_of, tests_of
from consumer.rows.keys import NO_RUN, key_of, run_key
from consumer.rows.merging import Latest, Span, keep_latest, widen
from consumer.rows.runs import (
    PARENT,
    ROOT,
    Named,
    Relative,
    RunRow,
    TaskSettings,
    own_row,
    relative_row,
    relatives_of,
    task_settings_of,
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


class Placed(NamedTuple):
    """A job under the job of the run that is its run's parent; None where there is none."""

    job: UUID
    parent: UUID | None


class Owner(NamedTuple):
    """Who has facets; `kind` is a name of lineage_store.facet_owner."""

    kind: str
    key: UUID


class DagRun(NamedTuple):
    """What events say of the tasks of a DAG run; `tasks` is JSON: {task_id: [state, seconds]}."""

    task_graph: UUID | None = None
    tasks_at: Moment | None = None
    tasks: str | None = None


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
    task_settings: dict[UUID, TaskSettings] = field(default_factory=dict)
    relatives: dict[Relative, None] = field(default_factory=dict)
    dag_runs: dict[UUID, DagRun] = field(default_factory=dict)
    run_io: dict[Io, RunIo] = field(default_factory=dict)
    job_io: dict[Io, Span] = field(default_factory=dict)
    job_parents: dict[Placed, Span] = field(default_factory=dict)
    checks: dict[UUID, CheckRow] = field(default_factory=dict)
    facets: dict[Owner, list[tuple[Moment, Facets]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # By (dataset, job); no job where the dataset's own event says it.
    column_lineage: dict[tuple[UUID, UUID | None], Latest] = field(default_factory=dict)
    column_edges: dict[UUID, list[ColumnEdge]] = field(default_factory=dict)
    task_graphs: dict[UUID, TaskGraph] = field(default_factory=dict)
    graph: Graph = field(default_factory=Graph)

    def job(self, namespace: str, name: str) -> UUID:
        """Return the key of a job that the store must know."""
        key = key_of(namespace, name)
        if key not in self.jobs:
            self.jobs[key] = Name(storable_text(namespace), storable_text(name))
        return key

    def job_of(self, named: Named) -> UUID | None:
        """Return the key of the job of a run that a facet names, if it has one."""
        if named.namespace is None or named.name is None:
            return None
        return self.job(named.namespace, named.name)

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
        rows.add_run(relative_row(relative, rows.job_of(relative.named)))
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
        add_edges(self._rows, self._decoded)
        if kind == DATASET_EVENT:
            self._add_dataset(event["dataset"], None)
            return
        job = self._rows.job(event["job"]["namespace"], event["job"]["name"])
        self._add_facets("job", job, event["job"].get("facets"))
        if kind == RUN_EVENT:
            run: UUID | None = self._add_run(event, job)
        else:
            run = None
            self._add_parent(job, None)
        for side, is_output in (("inputs", False), ("outputs", True)):
            for dataset in list_of(event.get(side)):
                self._add_io(job, run, dataset, is_output)

    def _add_dataset(self, dataset: dict[str, Any], job: UUID | None) -> UUID:
        """Add a dataset that a job reads or writes, or that the event is about: no job."""
        key = self._rows.dataset(dataset["namespace"], dataset["name"])
        if facets := object_of(dataset.get("facets")):
            self._add_facets("dataset", key, facets)
            if isinstance(facet := facets.get("columnLineage"), dict):
                self._add_column_lineage(key, job, facet)
            if isinstance(facet := facets.get("schema"), dict):
                self._add_columns(facet)
        return key

    def _add_run(self, event: dict[str, Any], job: UUID) -> UUID:
        facets = object_of(event["run"].get("facets"))
        parent, root = relatives_of(facets)
        row = own_row(self._decoded, job, parent, root)
        if "airflow" in facets:
            row.task_settings = self._add_task_settings(facets)
        self._add_relatives(row, parent, root)
        self._add_parent(job, parent)
        self._rows.add_run(row)
        for upstream in upstream_of(facets) if "jobDependencies" in facets else ():
            self._rows.relatives[Relative(upstream, PARENT)] = None
        self._add_dag_run(row.id, facets)
        if "test" in facets:
            self._add_checks(row.id, None, tests_of(facets))
        return row.id

    def _add_task_settings(self, facets: dict[str, Any]) -> UUID | None:
        settings = task_settings_of(facets)
        if settings is None:
            return None
        if self._rows.values.is_first("task_settings", settings.hash):
            self._rows.task_settings[settings.hash] = settings
        return settings.hash

    def _add_parent(self, job: UUID, parent: Named | None) -> None:
        """Add under which job this one ran; that one is known by its own name, too."""
        above = self._rows.job_of(parent) if parent else None
        widen(self._rows.job_parents, Placed(job, above), self._decoded.time)
        if above is not None:
            widen(self._rows.job_parents, Placed(above, None), self._decoded.time)

    def _add_relatives(self, row: RunRow, parent: Named | None, root: Named | None) -> None:
        """Add the runs that facets name; they may have no events of their own, ever.

        A task's parent that has the name of its DAG is the DAG run: what all tasks of it have in
        common is kept with that one alone.
        """
        relatives = self._rows.relatives
        is_dag = row.is_dag_run or row.dag_id is None
        if parent and parent.name == row.dag_id and not is_dag:
            relatives[Relative(parent, PARENT, True, row.dag_id, row.airflow_run_id)] = None
            row.dag_id = row.airflow_run_id = None
        elif parent:
            relatives[Relative(parent, PARENT)] = None
        if root:
            relatives[Relative(root, ROOT)] = None

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
        widen(self._rows.job_io, Io(job, key, is_output), time)
        if run is not None:
            io = Io(run, key, is_output)
            told = RunIo(time, counts_of(dataset, is_output))
            known = self._rows.run_io.get(io)
            self._rows.run_io[io] = told.merged(known) if known else told
            self._add_checks(run, key, checks_of(dataset))

    def _add_checks(self, run: UUID, dataset: UUID | None, checks: Any) -> None:
        for check in checks:
            parts = (str(run), str(dataset), check.assertion, str(check.column_name))
            row = CheckRow(run, dataset, check, self._decoded.time)
            known = self._rows.checks.setdefault(key_of(*parts), row)
            if row.holds_over(known):
                self._rows.checks[key_of(*parts)] = row

    def _add_facets(self, kind: str, owner: UUID, facets: dict[str, Any] | None) -> None:
        if facets:
            said = self._rows.values.facets_of(facets)
            self._rows.facets[Owner(kind, owner)].append((self._moment, said))

    def _add_column_lineage(self, dataset: UUID, job: UUID | None, facet: dict[str, Any]) -> None:
        value = self._rows.values.value_of(facet)
        keep_latest(self._rows.column_lineage, (dataset, job), Latest(*self._moment, *value))
        if self._rows.values.is_first("columnLineage", value.hash):
            edges = list(column_edges(facet))
            for edge in edges:
                self._rows.dataset(edge.namespace, edge.name)
            self._rows.column_edges[value.hash] = edges
            self._rows.graph.columns[value.hash] = columns_of(facet)

    def _add_columns(self, schema: dict[str, Any]) -> None:
        value = self._rows.values.hash_of(schema)
        if self._rows.values.is_first("schema", value):
            self._rows.graph.columns[value] = columns_of(schema)

    def _add_task_graph(self) -> UUID | None:
        """Return the hash of the facet that holds the event's task graph, if it has one."""
        facet = at(self._decoded.event, "job", "facets", "airflow")
        if not isinstance(at(facet, "tasks"), dict):
            return None
        value = self._rows.values.hash_of(facet)
        if self._rows.values.is_first("airflow", value):
            self._rows.task_graphs[value] = task_graph(facet)
        return value


def _tasks(states: dict[str, Any]) -> str:
    """Return the JSON of {task_id: [state, seconds]} in a facet airflowState."""
    seconds, named = object_of(states.get("tasksDuration")), object_of(states.get("tasksState"))
    tasks = {task: [state, seconds.get(task)] for task, state in named.items()}
    return canonical_and_stored(tasks)[1]
