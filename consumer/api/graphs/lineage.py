"""Draws the graph of jobs and datasets around one of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from consumer.api.catalog import datasets, jobs
from consumer.api.catalog.runs import Io
from consumer.api.errors import not_found
from consumer.api.graph_shapes import GraphJob
from consumer.api.graphs.finding import FoundDataset, find_dataset, find_job
from consumer.api.graphs.latest_runs import runs_of_graph
from consumer.api.node_ids import NodeId, dataset_id, job_id
from consumer.api.shapes import DatasetData, Name
from consumer.api.written import written
from consumer.query.reader import Snapshot

Json = dict[str, Any]


class JobKey(NamedTuple):
    """A job: its id in the store, and which of its names is meant."""

    id: int
    name: str


class Use(NamedTuple):
    """A job that reads or writes a dataset (the id of the group of its names)."""

    job: JobKey
    dataset: int
    is_output: bool


class Node(NamedTuple):
    """A node of the graph, without its edges."""

    id: str
    data: Json


def draw(snapshot: Snapshot, nodes: Sequence[NodeId], depth: int) -> Json:
    """Return Lineage as JSON: the graph around a job or dataset, of which `nodes` are the readings.

    Raises ApiError where there is none. A step of `depth` leads from a job to all that share a
    dataset with it; around a dataset it is that of the job which wrote it last, or else read it.
    """
    if nodes[0].kind == "job":
        row = find_job(snapshot, nodes)
        if row is None:
            raise not_found("Job", nodes[0].name)
        return _drawn(snapshot, JobKey(row["id"], row["name"]), None, depth)
    found = find_dataset(snapshot, nodes)
    if found is None:
        raise not_found("Dataset", nodes[0].name)
    beside = snapshot.row("api/graph/job_beside", dataset=found.group_id)
    start = JobKey(beside["job_id"], beside["job_name"]) if beside else None
    return _drawn(snapshot, start, found, depth)


def _drawn(
    snapshot: Snapshot, start: JobKey | None, asked: FoundDataset | None, depth: int
) -> Json:
    keys, uses = _around(snapshot, start, depth)
    groups = {use.dataset for use in uses} | ({asked.group_id} if asked else set())
    data_nodes = _dataset_nodes(snapshot, groups, asked)
    if asked is not None and asked.group_id not in data_nodes:
        raise not_found("Dataset", asked.node.name)
    job_nodes = _job_nodes(snapshot, keys)
    graph = _with_edges(job_nodes, data_nodes, uses)
    return {"graph": sorted(graph, key=itemgetter("id"))}


def _around(snapshot: Snapshot, start: JobKey | None, depth: int) -> tuple[set[JobKey], list[Use]]:
    """Return the jobs that are near, and what they read and write."""
    if start is None:
        return set(), []
    near = {"job_id": start.id, "job_name": start.name, "depth": depth}
    row = snapshot.row("api/graph/around", **near) or {}
    keys = list(map(JobKey, row["job_ids"], row["job_names"]))
    uses = zip(keys, row["dataset_ids"], row["are_outputs"], strict=True)
    return set(keys), [Use(*use) for use in uses if use[1] is not None]


def _dataset_nodes(
    snapshot: Snapshot, groups: Collection[int], asked: FoundDataset | None
) -> dict[int, Node]:
    """Return datasets by their groups, that which was asked for under the name given."""
    shown = snapshot.rows("api/graph/shown_names", groups=list(groups))
    group_of = {row["shown_id"]: row["dataset_id"] for row in shown}
    rows = datasets.rows_by_ids(snapshot, group_of)
    facets, tags = datasets.facets_and_tags(snapshot, rows)
    unwritten = datasets.unwritten_among(snapshot, rows)
    found = {}
    for row in rows:
        members = datasets.members_of(row, facets[row["source_id"]], tags, unwritten)
        if asked is not None and group_of[row["id"]] == asked.group_id:
            members |= _name_members(Name(namespace=asked.node.namespace, name=asked.node.name))
        node = dataset_id(members["namespace"], members["name"])
        found[group_of[row["id"]]] = Node(node, written(DatasetData, members))
    return found


def _name_members(name: Name) -> dict[str, Any]:
    return {"id": name, "namespace": name.namespace, "name": name.name}


def _job_nodes(snapshot: Snapshot, keys: Collection[JobKey]) -> dict[JobKey, Node]:
    rows = jobs.rows_by_ids(snapshot, {key.id for key in keys})
    rows = [row for row in rows if (row["id"], row["name"]) in keys]
    found = {}
    for row, run in zip(rows, runs_of_graph(snapshot, rows), strict=True):
        members = jobs.members_of(row, jobs.Latest([run] if run else [], Io()))
        members["current_run_uuid"] = run and run.id
        node = job_id(row["namespace"], row["name"])
        found[JobKey(row["id"], row["name"])] = Node(node, written(GraphJob, members))
    return found


def _with_edges(
    job_nodes: dict[JobKey, Node], data_nodes: dict[int, Node], uses: Iterable[Use]
) -> list[Json]:
    """Return the nodes as JSON; an edge is told by both of its ends."""
    incoming: dict[str, list[Json]] = defaultdict(list)
    outgoing: dict[str, list[Json]] = defaultdict(list)
    for use in uses:
        if use.job not in job_nodes or use.dataset not in data_nodes:
            continue
        job, dataset = job_nodes[use.job], data_nodes[use.dataset]
        ends = (job.id, dataset.id) if use.is_output else (dataset.id, job.id)
        edge = {"origin": ends[0], "destination": ends[1]}
        outgoing[edge["origin"]].append(edge)
        incoming[edge["destination"]].append(edge)
        job.data["outputs" if use.is_output else "inputs"].append(dataset.data["id"])
    for node in job_nodes.values():
        for side in ("inputs", "outputs"):
            node.data[side] = _sorted(node.data[side], "namespace", "name")
    kinds = (("JOB", job_nodes.values()), ("DATASET", data_nodes.values()))
    return [
        {
            "id": node.id,
            "type": kind,
            "data": node.data,
            "inEdges": _sorted(incoming.get(node.id, []), "origin"),
            "outEdges": _sorted(outgoing.get(node.id, []), "destination"),
        }
        for kind, nodes in kinds
        for node in nodes
    ]


def _sorted(objects: list[Json], *members: str) -> list[Json]:
    """Return objects in the order of their members; most lists have one alone."""
    return objects if len(objects) < 2 else sorted(objects, key=itemgetter(*members))
