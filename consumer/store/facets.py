"""Merges the facets of a batch into their history, and sets what jobs and datasets have of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.rows.facets import (
    Facets,
    Moment,
    Value,
    Version,
    asserted,
    ends_of,
    merged,
    versions_by_name,
    versions_of,
)
from consumer.rows.gaps import gaps_of, overlap
from consumer.rows.rows import Owner, Rows
from consumer.sql import query
from consumer.store.asserting import Search, find
from consumer.store.database import Connection, send
from consumer.store.ids import Ids

LOCK = {"job": "jobs/lock", "dataset": "datasets/lock"}
REFRESH = {"job": "jobs/refresh", "dataset": "datasets/refresh"}

# Kind and id of a job or dataset: its key, and what a batch says of its facets.
Owners = Mapping[tuple[str, int], tuple[Owner, Sequence[tuple[Moment, Facets]]]]


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
    owners = {
        (owner.kind, by_kind[owner.kind][owner.key]): (owner, facets)
        for owner, facets in rows.facets.items()
    }
    said = {
        Owned(*owner, name): versions
        for owner, (_, facets) in owners.items()
        for name, versions in versions_by_name(facets).items()
    }
    rest = {owned: versions for owned, versions in said.items() if len(versions) > 1}
    single = {owned: versions for owned, versions in said.items() if len(versions) == 1}
    extended = _extend(connection, single)
    rest |= {owned: each for owned, each in single.items() if owned not in extended}
    for kind, changed in _merge(connection, rest, owners).items():
        connection.execute(query(REFRESH[kind]), {"ids": sorted(changed)})


def _extend(connection: Connection, said: Mapping[Owned, list[Version]]) -> set[Owned]:
    """Go on with versions that hold now, where nothing but that is said; return which."""
    rows = [_row(owned, versions[0], None) for owned, versions in sorted(said.items())]
    return {Owned(*answer) for answer in send(connection, "facets/extend", rows)}


def _merge(
    connection: Connection, said: Mapping[Owned, list[Version]], owners: Owners
) -> Mapping[str, set[int]]:
    """Put versions among those that are known; return whose current facets changed, by kind."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for owned in said:
        by_kind[owned.owner].add(owned.owner_id)
    for kind, ids in sorted(by_kind.items()):
        send(connection, LOCK[kind], [OwnerId(each) for each in sorted(ids)])
    known = _neighbours(connection, said)
    old: set[VersionRow] = {row for rows in known.values() for row in rows}
    together = _together(connection, known, said, owners)
    new = {row for owned, each in together.items() for row in _placed(owned, known[owned], each)}
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


def _together(
    connection: Connection,
    known: Mapping[Owned, list[VersionRow]],
    said: Mapping[Owned, list[Version]],
    owners: Owners,
) -> dict[Owned, list[Version]]:
    """Return the versions that those known and those said make together.

    Where one cuts another, what the batch asserts is taken moment by moment, and the events that
    are stored are asked where the parts end and begin.
    """
    versions, searches = {}, []
    cut: dict[Owned, dict[Moment, Value]] = {}
    for owned, more in said.items():
        before = [row.version for row in known[owned]]
        if not overlap(before, more):
            versions[owned] = merged(before, more)
            continue
        owner, facets = owners[owned[:2]]
        cut[owned] = ends_of(before) | dict(asserted(facets, owned.name))
        searches += [
            Search(owner, owned.owner_id, owned.name, gap) for gap in gaps_of(before, cut[owned])
        ]
    for search, moment in find(connection, searches).items():
        owned = Owned(search.owner.kind, search.owner_id, search.name)
        cut[owned][moment] = search.gap.value
    return versions | {owned: versions_of(each.items()) for owned, each in cut.items()}


def _placed(owned: Owned, known: list[VersionRow], versions: list[Version]) -> list[VersionRow]:
    """Return the rows of versions, which take the place of those known."""
    ends: list[datetime | None] = [version.first.time for version in versions[1:]]
    ends.append(known[-1].ended_at if known else None)
    return [_row(owned, version, end) for version, end in zip(versions, ends, strict=True)]


def _row(owned: Owned, version: Version, ended_at: datetime | None) -> VersionRow:
    return VersionRow(*owned, *version.value, *version.first, *version.last, ended_at)


def _place(row: VersionRow) -> Any:
    return (*row.owned, row.version.first)
