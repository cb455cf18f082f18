"""Finds what the id of a node means: of its readings the first that the store knows."""

from collections.abc import Sequence
from typing import NamedTuple

from consumer.api.catalog import jobs
from consumer.api.node_ids import NodeId
from consumer.query.reader import Row, Snapshot
from consumer.rows.keys import key_of


class FoundDataset(NamedTuple):
    """A dataset as it was asked for, and the id of the group of its names."""

    node: NodeId
    group_id: int


def find_dataset(snapshot: Snapshot, nodes: Sequence[NodeId]) -> FoundDataset | None:
    """Return the dataset that one of the readings names, under whichever of its names."""
    keys = [key_of(node.namespace, node.name) for node in nodes]
    rows = snapshot.rows("api/graph/dataset_groups", keys=keys)
    groups = {row["key"]: row["group_id"] for row in rows}
    known = (node for node, key in zip(nodes, keys, strict=True) if key in groups)
    node = next(known, None)
    return node and FoundDataset(node, groups[key_of(node.namespace, node.name)])


def find_job(snapshot: Snapshot, nodes: Sequence[NodeId]) -> Row | None:
    """Return the row of the job that one of the readings names."""
    rows = jobs.rows_by_names(snapshot, [(node.namespace, node.name) for node in nodes])
    found = {(row["namespace"], row["name"]): row for row in rows}
    known = (found[key] for node in nodes if (key := (node.namespace, node.name)) in found)
    return next(known, None)
