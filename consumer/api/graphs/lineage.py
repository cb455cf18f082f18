"""Draws the graph of jobs and datasets around one of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consumer.api.catalog import datasets, jobs
from consumer.api.errors import not_found
from consumer.api.graph_shapes import DatasetNode, Edge, GraphJob, JobNode, Lineage
from consumer.api.graphs.finding import FoundDataset, find_dataset, find_job
from consumer.api.graphs.latest_runs import runs_of_graph
from consumer.api.node_ids import NodeId, dataset_id, job_id
from consumer.api.shapes import DatasetData, JobData, Name, Run
from consumer.query.reader import Snapshot


class JobKey(NamedTuple):
    """A job: its id in the store, and which of its names is meant."""

    id: int
    name: str


class Use(NamedTuple):
    """A job that reads or writes a dataset (the id of the group of its names)."""

    job: JobKey
    dataset: int
    is_output: bool


def draw(snapshot: Snapshot, nodes: Sequence[NodeId], depth: int) -> Lineage:
    """Return the graph around a job or dataset, of which these are the readings of the id.

    Raises ApiError where there is none. A step of `depth` leads from a job to all that share a
    dataset with it; around a dataset it is that of the job which wrote it last, or else read it.
    """
    if nodes[0].kind == "job":
        row = find_job(snapshot, nodes)
        if row is None:
            raise not_found("Job", nodes[0].name)
        return _Graph(snapshot, JobKey(row["id"], row["name"]), None, depth).drawn()
    found = find_dataset(snapshot, nodes)
    if found is None:
        raise not_found("Dataset", nodes[0].name)
    beside = snapshot.row("api/graph/job_beside", dataset=found.group_id)
    start = JobKey(beside["job_id"], beside["job_name"]) if beside else None
    graph = _Graph(snapshot, start, found, depth)
    if found.group_id not in graph.datasets:
        raise not_found("Dataset", nodes[0].name)
    return graph.drawn()


class _Graph:
    """What is found of a graph."""

    def __init__(
        self, snapshot: Snapshot, start: JobKey | None, asked: FoundDataset | None, depth: int
    ) -> None:
        self._snapshot = snapshot
        keys: dict[JobKey, None] = {}
        uses: list[Use] = []
        if start is not None:
            around = {"job_id": start.id, "job_name": start.name, "depth": depth}
            for row in snapshot.rows("api/graph/around", **around):
                key = JobKey(row["job_id"], row["job_name"])
                keys[key] = None
                if row["dataset_id"] is not None:
                    uses.append(Use(key, row["dataset_id"], row["is_output"]))
        groups = {use.dataset for use in uses} | ({asked.group_id} if asked else set())
        self.datasets = self._datasets(groups, asked)
        self.jobs, self._runs = self._jobs(keys)
        self._uses = [use for use in uses if use.job in self.jobs and use.dataset in self.datasets]

    def _datasets(
        self, groups: Iterable[int], asked: FoundDataset | None
    ) -> dict[int, DatasetData]:
        """Return the datasets by their groups, that which was asked for under the name given."""
        shown = self._snapshot.rows("api/graph/shown_names", groups=list(groups))
        group_of = {row["shown_id"]: row["dataset_id"] for row in shown}
        rows = datasets.rows_by_ids(self._snapshot, group_of)
        found = {
            group_of[row["id"]]: data
            for row, data in zip(rows, datasets.dataset_data(self._snapshot, rows), strict=True)
        }
        if asked is not None and asked.group_id in found:
            name = Name(namespace=asked.node.namespace, name=asked.node.name)
            found[asked.group_id] = _renamed(found[asked.group_id], name)
        return found

    def _jobs(
        self, keys: Mapping[JobKey, None]
    ) -> tuple[dict[JobKey, JobData], dict[JobKey, Run | None]]:
        rows = jobs.rows_by_ids(self._snapshot, {key.id for key in keys})
        rows = [row for row in rows if (row["id"], row["name"]) in keys]
        runs = runs_of_graph(self._snapshot, rows)
        found = {
            JobKey(row["id"], row["name"]): data
            for row, data in zip(rows, jobs.job_data(self._snapshot, rows, False), strict=True)
        }
        return found, dict(zip(found, runs, strict=True))

    def drawn(self) -> Lineage:
        """Return the graph with its nodes in the order of their ids."""
        inputs: dict[JobKey, list[int]] = defaultdict(list)
        outputs: dict[JobKey, list[int]] = defaultdict(list)
        readers: dict[int, list[JobKey]] = defaultdict(list)
        writers: dict[int, list[JobKey]] = defaultdict(list)
        for use in self._uses:
            (outputs if use.is_output else inputs)[use.job].append(use.dataset)
            (writers if use.is_output else readers)[use.dataset].append(use.job)
        nodes: list[JobNode | DatasetNode] = [
            self._job_node(key, inputs[key], outputs[key]) for key in self.jobs
        ]
        nodes += [self._dataset_node(each, writers[each], readers[each]) for each in self.datasets]
        return Lineage(graph=sorted(nodes, key=lambda node: node.id))

    def _job_node(self, key: JobKey, inputs: list[int], outputs: list[int]) -> JobNode:
        job, run = self.jobs[key], self._runs[key]
        members = dict(job) | {
            "inputs": sorted((self.datasets[each].id for each in inputs), key=_text_of),
            "outputs": sorted((self.datasets[each].id for each in outputs), key=_text_of),
            "latest_run": run,
            "current_run_uuid": run and run.id,
        }
        node = _job_id(job)
        return JobNode(
            id=node,
            type="JOB",
            data=GraphJob.model_construct(**members),
            in_edges=_edges((_dataset_id(self.datasets[each]), node) for each in inputs),
            out_edges=_edges((node, _dataset_id(self.datasets[each])) for each in outputs),
        )

    def _dataset_node(
        self, group: int, writers: list[JobKey], readers: list[JobKey]
    ) -> DatasetNode:
        node = _dataset_id(self.datasets[group])
        return DatasetNode(
            id=node,
            type="DATASET",
            data=self.datasets[group],
            in_edges=_edges((_job_id(self.jobs[key]), node) for key in writers),
            out_edges=_edges((node, _job_id(self.jobs[key])) for key in readers),
        )


def _edges(pairs: Iterable[tuple[str, str]]) -> list[Edge]:
    return [Edge(origin=origin, destination=end) for origin, end in sorted(pairs)]


def _job_id(job: JobData) -> str:
    return job_id(job.namespace, job.name)


def _dataset_id(dataset: DatasetData) -> str:
    return dataset_id(dataset.namespace, dataset.name)


def _text_of(name: Name) -> tuple[str, str]:
    return name.namespace, name.name


def _renamed(data: DatasetData, name: Name) -> DatasetData:
    update = {"id": name, "namespace": name.namespace, "name": name.name}
    return data.model_copy(update=update)
