"""Merges the facets of a batch, and sets what jobs and datasets have from theirs."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.rows.rows import Rows
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.ids import Ids


class ValueRow(NamedTuple):
    """A row of lineage_store.facet_values."""

    hash: UUID
    value: str


class FacetRow(NamedTuple):
    """A row of lineage_store.facets."""

    owner: str
    owner_id: int
    name: str
    value_hash: UUID
    is_deleted: bool
    event_time: datetime
    event_hash: UUID


def merge_facets(connection: Connection, rows: Rows, ids: Ids) -> Mapping[str, set[int]]:
    """Merge facets; return the ids of those whose facets changed, by kind of owner."""
    values = [ValueRow(key, value) for key, value in rows.values.items()]
    send(connection, "facets/insert_values", values)
    owners: dict[str, Mapping[Any, int]] = {
        "run": ids.runs,
        "job": ids.jobs,
        "dataset": ids.datasets,
        "run_io": ids.run_io,
        "job_io": ids.job_io,
    }
    facets = [
        FacetRow(
            owner=facet.kind,
            owner_id=owners[facet.kind][facet.owner],
            name=facet.name,
            value_hash=version.value,
            is_deleted=version.is_deleted,
            event_time=version.event_time,
            event_hash=version.event_hash,
        )
        for facet, version in rows.facets.items()
    ]
    changed: dict[str, set[int]] = defaultdict(set)
    for kind, owner_id in send(connection, "facets/merge", facets):
        changed[kind].add(owner_id)
    return changed


def refresh_jobs(connection: Connection, changed: set[int]) -> None:
    """Set the columns of jobs that come from facets."""
    if changed:
        connection.execute(query("jobs/refresh"), {"ids": sorted(changed)})


def refresh_datasets(connection: Connection, changed: set[int]) -> None:
    """Set the columns of datasets that come from facets."""
    if changed:
        connection.execute(query("datasets/refresh"), {"ids": sorted(changed)})
