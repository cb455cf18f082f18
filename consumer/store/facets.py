"""Merges the facets of a batch into their history, and sets what jobs and datasets have of them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.rows.facets import Moment, Value, Version, merged, versions_by_name
from consumer.rows.rows import Rows
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.ids import Ids

LOCK = {"job": "jobs/lock", "dataset": "datasets/lock"}
REFRESH = {"job": "jobs/refresh", "dataset": "datasets/refresh"}


class Owned(NamedTuple):
    """Whose facet of which name."""

    owner: str  # a name of lineage_store.facet_owner
    owner_id: int
    name: str


class ValueRow(NamedTuple):
    """A row of lineage_store.facet_values."""

    hash: UUID
    value: str


class VersionRow(NamedTuple):
    """A row of lineage_store.facet_versions."""

    owner: str
    owner_id: int
    name: str
    value_hash: UUID
    is_deleted: bool
    first_event_at: datetime
    first_event_hash: UUID
    last_event_at: datetime
    last_event_hash: UUID
    ended_at: datetime | None

    @property
    def owned(self) -> Owned:
        """Whose facet it is a version of."""
        return Owned(self.owner, self.owner_id, self.name)

    @property
    def version(self) -> Version:
        """What it says."""
        first = Moment(self.first_event_at, self.first_event_hash)
        last = Moment(self.last_event_at, self.last_event_hash)
        return Version(Value(self.value_hash, self.is_deleted), first, last)


class OwnerId(NamedTuple):
    """The id of a job or dataset."""

    id: int


def write_facets(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge the facets of jobs and datasets, and set the columns that come from them."""
    values = [ValueRow(key, value) for key, value in sorted(rows.values.new.items())]
    send(connection, "facets/insert_values", values)
    by_kind = {"job": ids.jobs, "dataset": ids.datasets}
    said = {
        Owned(owner.kind, by_kind[owner.kind][owner.key], name): versions
        for owner, facets in rows.facets.items()
        for name, versions in versions_by_name(facets).items()
    }
    rest = {owned: versions for owned, versions in said.items() if len(versions) > 1}
    single = {owned: versions for owned, versions in said.items() if len(versions) == 1}
    extended = _extend(connection, single)
    rest |= {owned: each for owned, each in single.items() if owned not in extended}
    for kind, changed in _merge(connection, rest).items():
        connection.execute(query(REFRESH[kind]), {"ids": sorted(changed)})


def _extend(connection: Connection, said: Mapping[Owned, list[Version]]) -> set[Owned]:
    """Go on with versions that hold now, where nothing but that is said; return which."""
    rows = [_row(owned, versions[0], None) for owned, versions in sorted(said.items())]
    return {Owned(*answer) for answer in send(connection, "facets/extend", rows)}


def _merge(connection: Connection, said: Mapping[Owned, list[Version]]) -> Mapping[str, set[int]]:
    """Put versions among those that are known; return whose current facets changed, by kind."""
    owners: dict[str, set[int]] = defaultdict(set)
    for owned in said:
        owners[owned.owner].add(owned.owner_id)
    for kind, ids in sorted(owners.items()):
        send(connection, LOCK[kind], [OwnerId(each) for each in sorted(ids)])
    known = _neighbours(connection, said)
    old: set[VersionRow] = {row for rows in known.values() for row in rows}
    new = {row for owned, each in said.items() for row in _placed(owned, known[owned], each)}
    gone, made = sorted(old - new, key=_place), sorted(new - old, key=_place)
    send(connection, "facets/delete", gone)
    send(connection, "facets/insert", made)
    changed: dict[str, set[int]] = defaultdict(set)
    for row in made:
        if row.ended_at is None:
            changed[row.owner].add(row.owner_id)
    return changed


def _neighbours(
    connection: Connection, said: Mapping[Owned, list[Version]]
) -> dict[Owned, list[VersionRow]]:
    spans = [
        _row(owned, Version(each[0].value, each[0].first, each[-1].last), None)
        for owned, each in sorted(said.items())
    ]
    known: dict[Owned, list[VersionRow]] = defaultdict(list)
    for answer in send(connection, "facets/neighbours", spans):
        row = VersionRow(*answer)
        known[row.owned].append(row)
    return known


def _placed(owned: Owned, known: list[VersionRow], said: list[Version]) -> list[VersionRow]:
    """Return the versions that those known and those said make together."""
    versions = merged((row.version for row in known), said)
    ends: list[datetime | None] = [version.first.time for version in versions[1:]]
    ends.append(known[-1].ended_at if known else None)
    return [_row(owned, version, end) for version, end in zip(versions, ends, strict=True)]


def _row(owned: Owned, version: Version, ended_at: datetime | None) -> VersionRow:
    return VersionRow(*owned, *version.value, *version.first, *version.last, ended_at)


def _place(row: VersionRow) -> Any:
    return (*row.owned, row.version.first)
