"""The graph around a job or dataset; columns, and the path of one of them."""

from datetime import datetime, timezone
from itertools import groupby
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from consumer.api.context import Store
from consumer.api.errors import ApiError, not_found
from consumer.api.prefixes import WEB
from consumer.api.web.graph import ColumnList, ColumnPath, LineageEdge, LineageGraph, LineageNode
from consumer.query.reader import Row, Snapshot

router = APIRouter(prefix=WEB, tags=["web"])

Depth = Annotated[int, Query(ge=0, le=50)]
MOST_COLUMNS = 2000  # on the path of one column


@router.get("/graph")
def get_graph(
    store: Store,
    kind: Literal["job", "dataset"],
    name: str,
    namespace: str | None = None,
    upstream: Depth = 2,
    downstream: Depth = 2,
    as_of: datetime | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> LineageGraph:
    """Return the jobs and datasets around one of them, as they were at a moment."""
    moment = datetime.max.replace(tzinfo=timezone.utc) if as_of is None else as_of
    with store.snapshot() as snapshot:
        rows = snapshot.rows(
            "web/graph/nodes",
            kind=kind,
            namespace=namespace,
            name=name,
            upstream=upstream,
            downstream=downstream,
            as_of=moment,
            limit=limit,
        )
        if not rows:
            raise not_found(kind.capitalize(), name)
        nodes = [LineageNode(id=_id(row), **_members(row)) for row in rows]
        edges = _edges(snapshot, rows, moment)
    return LineageGraph(start=nodes[0].id, total=rows[0]["total"], nodes=nodes, edges=edges)


@router.get("/columns")
def get_columns(
    store: Store,
    namespace: Annotated[list[str], Query()],
    name: Annotated[list[str], Query()],
) -> ColumnList:
    """Return the columns of datasets: the first namespace is that of the first name, and so on."""
    if len(namespace) != len(name):
        raise ApiError(
            400, f"expected a namespace for each name, got {len(namespace)} and {len(name)}"
        )
    rows = store.rows("web/graph/columns", namespaces=namespace, names=name)
    datasets = [
        {"namespace": key[0], "name": key[1], "columns": _columns(list(group))}
        for key, group in groupby(rows, key=lambda row: (row["namespace"], row["name"]))
    ]
    return ColumnList.model_validate({"datasets": datasets})


@router.get("/columns/path")
def get_column_path(
    store: Store, name: str, field: str, namespace: str | None = None
) -> ColumnPath:
    """Return the columns that a column comes from, and those that depend on it."""
    rows = store.rows(
        "web/graph/column_path", namespace=namespace, name=name, field=field, limit=MOST_COLUMNS
    )
    return ColumnPath.model_validate({"steps": rows})


def _edges(snapshot: Snapshot, nodes: list[Row], moment: datetime) -> list[LineageEdge]:
    """Return the edges between nodes: those that were walked, and all others of their jobs."""
    jobs = [node for node in nodes if node["kind"] == "job"]
    rows = snapshot.rows(
        "web/graph/edges",
        job_namespaces=[job["namespace"] for job in jobs],
        job_names=[job["name"] for job in jobs],
        as_of=moment,
    )
    shown = {_id(node) for node in nodes}
    found: dict[tuple[str, str], LineageEdge] = {}
    for edge in [*map(_job_edge, rows), *map(_walked_edge, nodes)]:
        if edge is not None and {edge.from_id, edge.to_id} <= shown:
            found.setdefault((edge.from_id, edge.to_id), edge)
    return list(found.values())


def _job_edge(row: Row) -> LineageEdge:
    job = f"job:{row['job_namespace']}:{row['job_name']}"
    kind = "dataset" if row["kind"] in ("input", "output") else "job"
    other = f"{kind}:{row['other_namespace']}:{row['other_name']}"
    ends = (other, job) if row["kind"] == "input" else (job, other)
    return LineageEdge(
        from_id=ends[0],
        to_id=ends[1],
        kind=row["kind"],
        is_indirect=row["is_indirect"],
        last_event_at=row["last_event_at"],
    )


def _walked_edge(node: Row) -> LineageEdge | None:
    """Return the edge that led to a node; None for the first one."""
    if node["via"] is None:
        return None
    ends = (node["via"], _id(node)) if node["depth"] > 0 else (_id(node), node["via"])
    return LineageEdge(
        from_id=ends[0], to_id=ends[1], kind=node["edge"], is_indirect=False, last_event_at=None
    )


def _id(node: Row) -> str:
    return f"{node['kind']}:{node['namespace']}:{node['name']}"


def _members(row: Row) -> Row:
    return {key: value for key, value in row.items() if key in LineageNode.model_fields}


def _columns(rows: list[Row]) -> list[Row]:
    return [{"field": row["field"], "type": row["type"]} for row in rows]
