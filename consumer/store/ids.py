"""Finds the store's ids of jobs and datasets, and inserts those that are new."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from consumer.rows.rows import Name, Rows
from consumer.store.database import Connection, send

CACHED = 200_000  # names of each kind


class NameRow(NamedTuple):
    """What lineage_store.jobs or datasets knows of a name before facets are merged."""

    key: UUID
    namespace: str
    name: str


class Key(NamedTuple):
    """What identifies a name."""

    key: UUID


class NameIds:
    """The ids of jobs or of datasets by key; those that were asked for are remembered.

    They never change. Those of a transaction that was rolled back must be forgotten.
    """

    def __init__(self, select: str, insert: str) -> None:
        """Begin without any; take the queries that find and insert names."""
        self._select, self._insert = select, insert
        self._known: dict[UUID, int] = {}

    def __getitem__(self, key: UUID) -> int:
        """Return an id that `find` has found."""
        return self._known[key]

    def find(self, connection: Connection, names: Mapping[UUID, Name]) -> None:
        """Find the ids of some names, after inserting those that are new."""
        if len(self._known) > CACHED:
            self.forget()
        missing = sorted(key for key in names if key not in self._known)
        keys = [Key(key) for key in missing]
        self._known |= dict(send(connection, self._select, keys))
        new = [NameRow(key, *names[key]) for key in missing if key not in self._known]
        send(connection, self._insert, new)
        self._known |= dict(send(connection, self._select, [Key(row.key) for row in new]))

    def forget(self) -> None:
        """Ask for all of them again."""
        self._known = {}


@dataclass(frozen=True)
class Ids:
    """The ids of jobs and of datasets."""

    jobs: NameIds = field(default_factory=lambda: NameIds("jobs/ids", "jobs/insert"))
    datasets: NameIds = field(default_factory=lambda: NameIds("datasets/ids", "datasets/insert"))

    def find(self, connection: Connection, rows: Rows) -> None:
        """Find the ids of all jobs and datasets that a batch names."""
        self.jobs.find(connection, rows.jobs)
        self.datasets.find(connection, rows.datasets)

    def forget(self) -> None:
        """Ask for all of them again."""
        self.jobs.forget()
        self.datasets.forget()
