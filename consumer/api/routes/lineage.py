"""Graphs: of jobs and datasets, of columns, of the runs before a run."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from consumer.api.answers import answer, json_response
from consumer.api.context import Store
from consumer.api.errors import ApiError
from consumer.api.graph_shapes import ColumnLineage, Lineage, RunLineage
from consumer.api.graphs import columns, lineage, runs
from consumer.api.node_ids import NodeId, readings
from consumer.api.prefixes import API

router = APIRouter(prefix=API, tags=["lineage"])

MOST_STEPS = 1_000
NodeIdText = Annotated[
    str | None, Query(alias="nodeId", description="job:NAMESPACE:NAME or dataset:NAMESPACE:NAME")
]
Depth = Annotated[int, Query(ge=0, le=MOST_STEPS)]


@router.get("/lineage", response_model=Lineage)
def get_lineage(store: Store, node_id: NodeIdText = None, depth: Depth = 20) -> Response:
    """Draw the graph of jobs and datasets around one of them."""
    if node_id is None:
        return _missing("nodeId")
    nodes = _readings(node_id)
    if nodes[0].kind not in ("job", "dataset"):
        raise _no_node()
    with store.snapshot() as snapshot:
        graph = lineage.draw(snapshot, nodes, depth)
    return json_response(graph)


@router.get("/column-lineage", response_model=ColumnLineage)
def get_column_lineage(
    store: Store,
    node_id: NodeIdText = None,
    depth: Depth = 20,
    with_downstream: Annotated[bool, Query(alias="withDownstream")] = False,
) -> Response:
    """Draw the graph of columns around one, around those of a dataset, or of a job's outputs."""
    if node_id is None:
        return _missing("nodeId")
    with store.snapshot() as snapshot:
        return answer(columns.draw(snapshot, _readings(node_id), depth, with_downstream))


@router.get("/runlineage/upstream", response_model=RunLineage)
def get_upstream_runs(
    store: Store,
    run_id: Annotated[str | None, Query(alias="runId")] = None,
    depth: Depth = 20,
) -> Response:
    """List a run and those that wrote what it read, and so on, nearest first."""
    if run_id is None:
        return _missing("runId")
    with store.snapshot() as snapshot:
        return answer(runs.upstream(snapshot, run_id, depth))


def _readings(node_id: str) -> list[NodeId]:
    nodes = readings(node_id)
    if not nodes:
        raise _no_node()
    return nodes


def _no_node() -> ApiError:
    return ApiError(404, "HTTP 404 Not Found")


def _missing(parameter: str) -> Response:
    return JSONResponse({"errors": [f"query param {parameter} must not be null"]}, 400)
