"""Draws the graph of jobs and datasets around one of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from consumer.api.catalog import datasets, jobs
from consumer.api.catalog.tags import tags_of
from consumer.api.errors import not_found
from consumer.api.graphs.finding import FoundDataset, find_dataset, find_job
from consumer.api.graphs.latest_runs import runs_of_graph
from consumer.api.node_ids import NodeId, dataset_id, job_id
from consumer.api.times import iso
from consumer.query.reader import Snapshot

Json = dict[str, Any]
SHOWN_FACETS = ["schema", "dataSource"]  # of a dataset


# A job: its id in the store, and which of its names is meant.
JobKey = tuple[int, str]
# A job that reads or writes (true) a dataset: the id of the group of its names, None for none.
Use = tuple[JobKey, int | None, bool | None]


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
        return _drawn(snapshot, (row["id"], row["name"]), None, depth)
    found = find_dataset(snapshot, nodes)
    if found is None:
        raise not_found("Dataset", nodes[0].name)
    beside = snapshot.row("api/graph/job_beside", dataset=found.group_id)
    start = (beside["job_id"], beside["job_name"]) if beside else None
    return _drawn(snapshot, start, found, depth)


def _drawn(
    snapshot: Snapshot, start: JobKey | None, asked: FoundDataset | None, depth: int
) -> Json:
    uses = [] if start is None else _around(snapshot, start, depth)
    groups = {dataset for _, dataset, _ in uses if dataset is not None}
    if asked is not None:
        groups.add(asked.group_id)
    data_nodes = _dataset_nodes(snapshot, groups, asked)
    if asked is not None and asked.group_id not in data_nodes:
        raise not_found("Dataset", asked.node.name)
    job_nodes = _job_nodes(snapshot, {job for job, _, _ in uses})
    graph = _with_edges(job_nodes, data_nodes, uses)
    return {"graph": sorted(graph, key=itemgetter("id"))}


def _around(snapshot: Snapshot, start: JobKey, depth: int) -> list[Use]:
    """Return what the jobs that are near read and write; each is there, if it does neither."""
    job, name = start
    row = snapshot.row("api/graph/around", job_id=job, job_name=name, depth=depth) or {}
    keys = zip(row["job_ids"], row["job_names"], strict=True)
    return list(zip(keys, row["dataset_ids"], row["are_outputs"], strict=True))


def _dataset_nodes(
    snapshot: Snapshot, groups: Collection[int], asked: FoundDataset | None
) -> dict[int | None, Node]:
    """Return datasets by their groups, that which was asked for under the name given."""
    shown = snapshot.rows("api/graph/shown_names", groups=list(groups)) if groups else []
    group_of = {row["shown_id"]: row["dataset_id"] for row in shown}
    rows = datasets.rows_by_ids(snapshot, group_of)
    ids = [row["source_id"] for row in rows]
    facets = jobs.facets_of(snapshot, "dataset", ids, SHOWN_FACETS)
    tags = tags_of(snapshot, ids)
    unwritten = datasets.unwritten_among(snapshot, rows)
    found: dict[int | None, Node] = {}
    for row in rows:
        group = group_of[row["id"]]
        if asked is not None and group == asked.group_id:
            row |= {"namespace": asked.node.namespace, "name": asked.node.name}
        data = _with_times(datasets.members_of(row, facets[row["source_id"]], tags, unwritten))
        found[group] = Node(dataset_id(row["namespace"], row["name"]), data)
    return found


def _job_nodes(snapshot: Snapshot, keys: Collection[JobKey]) -> dict[JobKey, Node]:
    rows = jobs.rows_by_ids(snapshot, {job for job, _ in keys})
    rows = [row for row in rows if (row["id"], row["name"]) in keys]
    found = {}
    for row, run in zip(rows, runs_of_graph(snapshot, rows), strict=True):
        data = _with_times(jobs.members_of(row))
        data |= {"inputs": [], "outputs": []}
        data |= {"latestRun": run and run.model_dump(), "currentRunUuid": run and run.id}
        found[row["id"], row["name"]] = Node(job_id(row["namespace"], row["name"]), data)
    return found


def _with_times(data: Json) -> Json:
    """Return the members of a node with its times as texts.

    They are not made into a shape first: a graph of thousands of nodes takes a tenth of the time.
    """
    for name in ("createdAt", "updatedAt"):
        data[name] = iso(data[name])
    return data


def _with_edges(
    job_nodes: dict[JobKey, Node], data_nodes: dict[int | None, Node], uses: Iterable[Use]
) -> list[Json]:
    """Return the nodes as JSON; an edge is told by both of its ends."""
    incoming: dict[str, list[Json]] = defaultdict(list)
    outgoing: dict[str, list[Json]] = defaultdict(list)
    for key, group, is_output in uses:
        job, dataset = job_nodes.get(key), data_nodes.get(group)
        if job is None or dataset is None:
            continue
        origin, end = (job.id, dataset.id) if is_output else (dataset.id, job.id)
        edge = {"origin": origin, "destination": end}
        outgoing[origin].append(edge)
        incoming[end].append(edge)
        job.data["outputs" if is_output else "inputs"].append(dataset.data["id"])
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
