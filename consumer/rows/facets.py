"""How the facets of jobs and datasets changed: which value held from when to when.

What events assert of one facet, in the order of (event time, event hash), is cut into versions:
as long as the value stays the same, it is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.canonical import canonical_and_stored, canonical_json, hash_of
from consumer.decode.text import storable_text
from openlineage_avro.event.access import at

CACHE_BYTES = 32_000_000


class Moment(NamedTuple):
    """When an event was, among all others."""

    time: datetime
    hash: UUID


class Value(NamedTuple):
    """What is asserted: the hash of the facet, and whether it deletes it."""

    hash: UUID
    is_deleted: bool


class Version(NamedTuple):
    """A value, and the first and the last event that assert it without another in between."""

    value: Value
    first: Moment
    last: Moment


# What an event asserts with all facets of a job or dataset, by name; equal ones are one object.
Facets = tuple[tuple[str, Value], ...]


class FacetValues:
    """Hashes of facet values, and which of those the store may not have yet.

    Most facets repeat, and so do most objects of facets: both are found by their canonical JSON.
    """

    def __init__(self, cache_bytes: int = CACHE_BYTES) -> None:
        """Begin empty; the cache is emptied when it is larger than `cache_bytes`."""
        self._limit = cache_bytes
        self._size = 0
        self._known: dict[str, UUID] = {}
        self._facets: dict[str, Facets] = {}
        self._used: set[tuple[str, UUID]] = set()
        self.new: dict[UUID, str] = {}

    def hash_of(self, facet: Any) -> UUID:
        """Return the hash of a facet; its JSON is in `new` until it is stored."""
        text, stored, _ = canonical_and_stored(facet)
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = hash_of(text)
            self.new[found] = stored
            self._size += len(text)
        return found

    def facets_of(self, facets: dict[str, Any]) -> Facets:
        """Return what an event asserts with the facets of a job or dataset; null counts as none."""
        text = canonical_json(facets)
        found = self._facets.get(text)
        if found is None:
            found = self._facets[text] = tuple(
                (storable_text(name), self.value_of(facet))
                for name, facet in facets.items()
                if facet is not None
            )
            self._size += len(text)
        return found

    def value_of(self, facet: Any) -> Value:
        """Return what an event asserts with one facet of a job or dataset."""
        return Value(self.hash_of(facet), at(facet, "_deleted") is True)

    def is_first(self, use: str, value: UUID) -> bool:
        """Tell whether it is the first time that a facet is put to some use, such as `graph`.

        What follows from a facet's value alone is written once.
        """
        if (use, value) in self._used:
            return False
        self._used.add((use, value))
        self._size += 100
        return True

    def stored(self) -> None:
        """Note that the store has all that was new."""
        self.new = {}
        if self._size > self._limit:
            self.forget()

    def forget(self) -> None:
        """Begin anew: what was new may not have been stored."""
        self.new, self._known, self._facets, self._used = {}, {}, {}, set()
        self._size = 0


def versions_of(assertions: Iterable[tuple[Moment, Value]]) -> list[Version]:
    """Return the versions that some assertions make, in their order.

    Of two by one event, the one that stands last holds.
    """
    latest = dict(assertions)
    ordered = sorted(latest.items())
    return _joined(Version(value, moment, moment) for moment, value in ordered)


def versions_by_name(said: Iterable[tuple[Moment, Facets]]) -> dict[str, list[Version]]:
    """Return the versions of each facet of one job or dataset."""
    moments: dict[int, list[Moment]] = defaultdict(list)
    by_name: dict[str, dict[int, Value]] = defaultdict(dict)
    every = list(said)
    for moment, facets in every:
        key = id(facets)
        if key not in moments:
            for name, value in facets:
                by_name[name][key] = value
        moments[key].append(moment)
    versions = {}
    for name, values in by_name.items():
        value, *others = set(values.values())
        if others:
            each = ((m, values[id(f)]) for m, f in every if id(f) in values)
            versions[name] = versions_of(each)
        else:  # nearly always
            when = [moment for key in values for moment in moments[key]]
            versions[name] = [Version(value, min(when), max(when))]
    return versions


def asserted(said: Iterable[tuple[Moment, Facets]], name: str) -> Iterator[tuple[Moment, Value]]:
    """Yield what is said of one facet of a job or dataset."""
    for moment, facets in said:
        for each, value in facets:
            if each == name:
                yield moment, value


def merged(known: Iterable[Version], more: Iterable[Version]) -> list[Version]:
    """Return the versions that those known and more of them make together.

    Where versions of different values lie within each other, their ends do not tell enough
    (consumer/rows/gaps.py).
    """
    return versions_of(ends_of((*known, *more)).items())


def ends_of(versions: Iterable[Version]) -> dict[Moment, Value]:
    """Return what is asserted at the beginning and the end of each version."""
    return {end: version.value for version in versions for end in (version.first, version.last)}


def _joined(versions: Iterable[Version]) -> list[Version]:
    joined = []
    for value, group in groupby(versions, key=lambda version: version.value):
        same = list(group)
        joined.append(Version(value, same[0].first, same[-1].last))
    return joined
