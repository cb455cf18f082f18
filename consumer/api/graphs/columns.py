"""Draws the graph of columns around those of a dataset or job."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from consumer.api.catalog import datasets
from consumer.api.catalog.versions import DatasetName, dataset_version
from consumer.api.errors import ApiError
from consumer.api.graph_shapes import ColumnLineage, Edge, FieldData, FieldNode, SourceField
from consumer.api.graphs.finding import FoundDataset, find_dataset, find_job
from consumer.api.node_ids import NodeId, field_id
from consumer.query.reader import Snapshot
from consumer.rows.keys import key_of


class Column(NamedTuple):
    """A column of a dataset (the id of the group of its names)."""

    dataset: int
    field: str


class Made(NamedTuple):
    """How a facet says that a column is made."""

    description: str | None
    type: str | None


def draw(
    snapshot: Snapshot, nodes: Sequence[NodeId], depth: int, with_downstream: bool
) -> ColumnLineage:
    """Return the graph around columns, of which these are the readings of the id.

    Of a dataset all columns are meant, of a job those of its outputs. Raises ApiError where there
    are none.
    """
    asked, columns = _start(snapshot, nodes)
    if not columns:
        raise ApiError(404, "Could not find node")
    given, fields = map(list, zip(*columns, strict=True))
    rows = snapshot.rows(
        "api/columns/graph",
        datasets=given,
        fields=fields,
        depth=depth,
        with_downstream=with_downstream,
    )
    edges = {
        (
            Column(row["dataset_id"], row["field"]),
            Column(row["input_dataset_id"], row["input_field"]),
        ): row["value_hash"]
        for row in rows
    }
    return _Graph(snapshot, edges, asked, nodes[0].version is not None).drawn()


def _start(snapshot: Snapshot, nodes: Sequence[NodeId]) -> tuple[FoundDataset | None, list[Column]]:
    if nodes[0].kind == "job":
        row = find_job(snapshot, nodes)
        if row is None:
            return None, []
        job = {"job_id": row["id"], "job_name": row["name"], "depth": 0}
        around = snapshot.row("api/graph/around", **job) or {}
        uses = zip(around["dataset_ids"], around["are_outputs"], strict=True)
        return None, _columns(snapshot, {dataset for dataset, is_output in uses if is_output})
    found = find_dataset(snapshot, nodes)
    if found is None:
        return None, []
    columns = _columns(snapshot, {found.group_id})
    if found.node.field is not None:
        columns = [each for each in columns if each.field == found.node.field]
    return found, columns


def _columns(snapshot: Snapshot, groups: Iterable[int]) -> list[Column]:
    rows = snapshot.rows("api/columns/types", datasets=sorted(groups))
    return [Column(row["dataset_id"], row["field"]) for row in rows]


class _Graph:
    """What is found of a graph."""

    def __init__(
        self,
        snapshot: Snapshot,
        edges: dict[tuple[Column, Column], UUID],
        asked: FoundDataset | None,
        with_versions: bool,
    ) -> None:
        self._with_versions = with_versions
        groups = sorted({column.dataset for edge in edges for column in edge})
        self._names = _names(snapshot, groups, asked)
        self._versions = _versions(snapshot, self._names)
        self._edges = {
            edge: hash_
            for edge, hash_ in edges.items()
            if all(column.dataset in self._names for column in edge)
        }
        types = snapshot.rows("api/columns/types", datasets=groups)
        self._types = {Column(row["dataset_id"], row["field"]): row["type"] for row in types}
        hashes = list(set(edges.values()))
        made = snapshot.rows("api/columns/transformations", hashes=hashes)
        self._made = {
            (row["value_hash"], row["field"]): Made(row["description"], row["type"]) for row in made
        }

    def drawn(self) -> ColumnLineage:
        """Return the graph with its nodes in the order of their ids."""
        sources: dict[Column, list[Column]] = defaultdict(list)
        users: dict[Column, list[Column]] = defaultdict(list)
        for output, source in self._edges:
            sources[output].append(source)
            users[source].append(output)
        nodes = [
            self._node(column, sources.get(column, []), users.get(column, []))
            for column in {*sources, *users}
        ]
        return ColumnLineage(graph=sorted(nodes, key=lambda node: node.id))

    def _node(self, column: Column, sources: list[Column], users: list[Column]) -> FieldNode:
        node = self._id(column)
        inputs = [self._source(column, each) for each in sorted(sources, key=self._id)]
        made = max((self._how(column, each) for each in sources), key=str, default=Made(None, None))
        dataset = self._names[column.dataset]
        return FieldNode(
            id=node,
            type="DATASET_FIELD",
            data=FieldData(
                namespace=dataset.namespace,
                dataset=dataset.name,
                dataset_version=self._versions[column.dataset],
                field=column.field,
                # As Marquez: nothing of a column that is made of no others.
                field_type=(self._types.get(column) or "") if sources else "",
                transformation_description=made.description,
                transformation_type=made.type,
                input_fields=inputs,
            ),
            in_edges=_edges(node, map(self._id, sources)),
            out_edges=_edges(node, map(self._id, users)),
        )

    def _source(self, column: Column, source: Column) -> SourceField:
        dataset, made = self._names[source.dataset], self._how(column, source)
        return SourceField(
            namespace=dataset.namespace,
            dataset=dataset.name,
            dataset_version=self._versions[source.dataset],
            field=source.field,
            transformation_description=made.description,
            transformation_type=made.type,
        )

    def _how(self, column: Column, source: Column) -> Made:
        return self._made.get((self._edges[column, source], column.field), Made(None, None))

    def _id(self, column: Column) -> str:
        dataset = self._names[column.dataset]
        version = f"#{self._versions[column.dataset]}" if self._with_versions else ""
        return field_id(dataset.namespace, dataset.name, column.field) + version


def _edges(origin: str, ends: Iterable[str]) -> list[Edge]:
    return [Edge(origin=origin, destination=end) for end in sorted(ends)]


def _names(
    snapshot: Snapshot, groups: Sequence[int], asked: FoundDataset | None
) -> dict[int, DatasetName]:
    """Return the names to show groups by, that which was asked for under the name given."""
    shown = snapshot.rows("api/graph/shown_names", groups=list(groups))
    group_of = {row["shown_id"]: row["dataset_id"] for row in shown}
    rows = datasets.rows_by_ids(snapshot, group_of)
    names = {group_of[row["id"]]: DatasetName(row["namespace"], row["name"]) for row in rows}
    if asked is not None and asked.group_id in names:
        names[asked.group_id] = DatasetName(asked.node.namespace, asked.node.name)
    return names


def _versions(snapshot: Snapshot, names: dict[int, DatasetName]) -> dict[int, UUID]:
    keys = [key_of(*name) for name in names.values()]
    writers = datasets.writers_now(snapshot, keys)
    return {
        group: dataset_version(name, writer)
        for (group, name), writer in zip(names.items(), writers, strict=True)
    }
