"""Writes the edges between jobs and datasets that facets state, and since when they do."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from consumer.rows.graph import EdgeKind, Graph, Job, Lane, Node
from consumer.store.database import Connection, send
from consumer.store.ids import Ids

# Which facet states edges of a kind; those of other kinds are never withdrawn.
STATED_BY = {EdgeKind.LINEAGE: "lineage", EdgeKind.COLUMNS: "columnLineage"}
NO_DATASET = 0  # lineage_store.lanes.dataset_id of the lane that ends at the job itself


class LaneRow(NamedTuple):
    """A row of lineage_store.lanes."""

    job_id: int
    dataset_id: int


class EdgeRow(NamedTuple):
    """A row of lineage_store.edges."""

    from_id: int
    to_id: int
    kind: str
    stated_by: int
    dependency_type: str
    first_event_at: datetime
    last_event_at: datetime


class OwnerRow(NamedTuple):
    """Whose facet, of which name."""

    owner_id: int
    facet: str


class StatementRow(NamedTuple):
    """A row of lineage_store.facet_statements."""

    owner_id: int
    facet: str
    stated_at: datetime | None
    deleted_at: datetime | None


def write_edges(connection: Connection, graph: Graph, ids: Ids) -> None:
    """Merge the edges of a batch's facets."""
    lanes = _lane_ids(connection, graph, ids)
    edges = [
        EdgeRow(
            from_id=_node_id(edge.origin, ids, lanes),
            to_id=_node_id(edge.target, ids, lanes),
            kind=edge.kind.value,
            stated_by=_node_id(edge.stated_by, ids, lanes),
            dependency_type=edge.dependency_type,
            first_event_at=span.first,
            last_event_at=span.last,
        )
        for edge, span in graph.edges.items()
    ]
    send(connection, "edges/merge", edges)


def write_statements(connection: Connection, graph: Graph, ids: Ids) -> None:
    """Merge when facets were stated and deleted, and withdraw what deleted ones had stated."""
    statements = [
        StatementRow(_node_id(owner, ids, {}), facet, *statement)
        for (owner, facet), statement in graph.statements.items()
    ]
    send(connection, "edges/merge_statements", statements)
    # A facet that a batch states may have been deleted by a later event, stored before.
    owners = {OwnerRow(row.owner_id, row.facet) for row in statements} | {
        OwnerRow(_node_id(edge.stated_by, ids, {}), STATED_BY[edge.kind])
        for edge in graph.edges
        if edge.kind in STATED_BY
    }
    send(connection, "edges/withdraw", sorted(owners))


def _lane_ids(connection: Connection, graph: Graph, ids: Ids) -> dict[Lane, int]:
    nodes = {node for edge in graph.edges for node in (edge.origin, edge.target)}
    lanes = [node for node in nodes if isinstance(node, Lane)]
    rows = [
        LaneRow(ids.jobs[lane.job], ids.datasets[lane.dataset] if lane.dataset else NO_DATASET)
        for lane in lanes
    ]
    send(connection, "edges/insert_lanes", rows)
    answer = send(connection, "edges/lane_ids", rows)
    return {lane: row[0] for lane, row in zip(lanes, answer, strict=True)}


def _node_id(node: Node, ids: Ids, lanes: Mapping[Lane, int]) -> int:
    if isinstance(node, Lane):
        return lanes[node]
    return ids.jobs[node.job] if isinstance(node, Job) else ids.datasets[node.dataset]
