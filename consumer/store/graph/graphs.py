"""Writes the graphs of a batch: names and edges, columns and what they come from, task graphs."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from uuid import UUID

from consumer.rows.keys import key_of
from consumer.rows.merging import Latest
from consumer.rows.rows import Rows
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.graph.edges import write_edges, write_statements
from consumer.store.graph.names import write_links, write_use
from consumer.store.ids import Ids

if TYPE_CHECKING:
    from consumer.rows.facet_graphs import ColumnEdge

Graph = TypeVar("Graph")

NO_JOB = 0  # lineage_store.column_lineage.job_id where the dataset's own event says it


class TaskNodeRow(NamedTuple):
    """A row of lineage_store.task_graph_nodes."""

    value_hash: UUID
    kind: str
    node_id: str
    task_group: str | None
    operator: str | None
    label: str | None
    is_setup: bool | None
    is_teardown: bool | None
    emits_ol_events: bool | None


class TaskEdgeRow(NamedTuple):
    """A row of lineage_store.task_graph_edges."""

    value_hash: UUID
    from_kind: str
    from_id: str
    to_kind: str
    to_id: str
    label: str | None


class ColumnEdgeRow(NamedTuple):
    """A row of lineage_store.column_edges."""

    value_hash: UUID
    field: str | None
    input_dataset_id: int
    input_field: str
    type: str | None
    subtype: str | None
    description: str | None
    masking: bool | None


class ColumnRow(NamedTuple):
    """A row of lineage_store.facet_columns."""

    value_hash: UUID
    field: str


class ColumnLineageRow(NamedTuple):
    """A row of lineage_store.column_lineage."""

    dataset_id: int
    job_id: int
    facet: str
    value_hash: UUID
    is_deleted: bool
    event_time: datetime
    event_hash: UUID


class JobIoRow(NamedTuple):
    """An input or output of a job, which is a row of lineage_store.edges."""

    job_id: int
    dataset_id: int
    is_output: bool
    first_event_at: datetime
    last_event_at: datetime


class JobParentRow(NamedTuple):
    """A row of lineage_store.job_parents."""

    job_id: int
    parent_id: int
    first_event_at: datetime
    last_event_at: datetime


def write_graphs(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge all that a batch says of names and edges.

    The last of what consumers write into rows that they share: in the order of ids, so that they
    wait for each other without a deadlock.
    """
    write_task_graphs(connection, rows)
    write_column_lineage(connection, rows, ids)
    write_job_io(connection, rows, ids)
    write_job_parents(connection, rows, ids)
    write_edges(connection, rows.graph, ids)
    write_statements(connection, rows.graph, ids)
    write_use(connection, rows.graph, ids)
    write_links(connection, rows.graph, ids)


def write_task_graphs(connection: Connection, rows: Rows) -> None:
    """Write the nodes and edges of task graphs that the store does not have yet."""
    graphs = _new(connection, "tasks", rows.task_graphs)
    nodes = [
        TaskNodeRow(value_hash=value, **node._asdict())
        for value, graph in graphs.items()
        for node in graph.nodes
    ]
    edges = [
        TaskEdgeRow(value_hash=value, **edge._asdict())
        for value, graph in graphs.items()
        for edge in graph.edges
    ]
    send(connection, "graphs/insert_task_nodes", nodes)
    send(connection, "graphs/insert_task_edges", edges)


def write_column_lineage(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Write columns and their edges that the store does not have yet, and which of them hold."""
    columns = _new(connection, "columns", rows.graph.columns)
    all_edges: dict[UUID, list[ColumnEdge]] = rows.column_edges | rows.graph.column_edges
    edges = [
        ColumnEdgeRow(
            value_hash=value,
            field=edge.field,
            input_dataset_id=ids.datasets[key_of(edge.namespace, edge.name)],
            input_field=edge.input_field,
            type=edge.type,
            subtype=edge.subtype,
            description=edge.description,
            masking=edge.masking,
        )
        for value, known in _new(connection, "column_edges", all_edges).items()
        for edge in known
    ]
    named = [ColumnRow(value, name) for value, names in columns.items() for name in names]
    send(connection, "graphs/insert_columns", named)
    send(connection, "graphs/insert_column_edges", edges)
    facets = [
        _column_lineage_row(dataset, job, "columnLineage", version, ids)
        for (dataset, job), version in rows.column_lineage.items()
    ]
    facets += [
        _column_lineage_row(dataset, job, "lineage", version, ids)
        for (dataset, job), version in rows.graph.column_facets.items()
    ]
    send(connection, "graphs/merge_column_lineage", facets)


def write_job_io(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge what jobs read and wrote."""
    edges = [
        JobIoRow(ids.jobs[io.owner], ids.datasets[io.dataset], io.is_output, *span)
        for io, span in rows.job_io.items()
    ]
    send(connection, "jobs/merge_io", sorted(edges))


def write_job_parents(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge under which jobs the jobs of a batch ran."""
    parents = [
        JobParentRow(
            ids.jobs[placed.job], ids.jobs[placed.parent] if placed.parent else NO_JOB, *span
        )
        for placed, span in rows.job_parents.items()
    ]
    send(connection, "jobs/merge_parents", sorted(parents))


def _column_lineage_row(
    dataset: UUID, job: UUID | None, facet: str, version: Latest, ids: Ids
) -> ColumnLineageRow:
    return ColumnLineageRow(
        dataset_id=ids.datasets[dataset],
        job_id=ids.jobs[job] if job else NO_JOB,
        facet=facet,
        value_hash=version.value,
        is_deleted=version.is_deleted,
        event_time=version.event_time,
        event_hash=version.event_hash,
    )


def _new(connection: Connection, part: str, graphs: Mapping[UUID, Graph]) -> dict[UUID, Graph]:
    """Return those graphs that the store does not have, now this transaction's to write."""
    if not graphs:
        return {}
    parameters = {"part": part, "value_hash": list(graphs)}
    answer = connection.execute(query("graphs/claim_values"), parameters)
    return {value: graphs[value] for (value,) in answer}
