"""Writes the graphs that facets hold: Airflow's task graphs and the lineage of columns."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from consumer.rows.keys import key_of
from consumer.rows.rows import Rows
from consumer.store.database import Connection, send
from consumer.store.ids import Ids

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


class ColumnLineageRow(NamedTuple):
    """A row of lineage_store.column_lineage."""

    dataset_id: int
    job_id: int
    value_hash: UUID
    is_deleted: bool
    event_time: datetime
    event_hash: UUID


class JobIoRow(NamedTuple):
    """A row of lineage_store.job_io."""

    job_id: int
    dataset_id: int
    is_output: bool
    first_event_at: datetime
    last_event_at: datetime


def write_task_graphs(connection: Connection, rows: Rows) -> None:
    """Write the nodes and edges of task graphs that the store does not have yet."""
    nodes = [
        TaskNodeRow(value_hash=value, **node._asdict())
        for value, graph in rows.task_graphs.items()
        for node in graph.nodes
    ]
    edges = [
        TaskEdgeRow(value_hash=value, **edge._asdict())
        for value, graph in rows.task_graphs.items()
        for edge in graph.edges
    ]
    send(connection, "graphs/insert_task_nodes", nodes)
    send(connection, "graphs/insert_task_edges", edges)


def write_column_lineage(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Write the edges that the store does not have yet, and merge which of them hold."""
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
        for value, known in rows.column_edges.items()
        for edge in known
    ]
    facets = [
        ColumnLineageRow(
            dataset_id=ids.datasets[dataset],
            job_id=ids.jobs[job] if job else NO_JOB,
            value_hash=said.value.hash,
            is_deleted=said.value.is_deleted,
            event_time=said.moment.time,
            event_hash=said.moment.hash,
        )
        for (dataset, job), said in rows.column_lineage.items()
    ]
    send(connection, "graphs/insert_column_edges", edges)
    send(connection, "graphs/merge_column_lineage", facets)


def write_job_io(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge what jobs read and wrote."""
    edges = [
        JobIoRow(ids.jobs[io.owner], ids.datasets[io.dataset], io.is_output, *span)
        for io, span in rows.job_io.items()
    ]
    send(connection, "jobs/merge_io", sorted(edges))
