"""How the facets of jobs and datasets changed: which value held from when to when.

What events assert of one facet, in the order of (event time, event hash), is cut into versions:
as long as the value stays the same, it is one.
"""

import marshal
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.canonical import canonical_json, for_jsonb, hash_of
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


class FacetValues:
    """Hashes of facet values, and which of those the store may not have yet.

    Most facets repeat, so they are found by their bytes in `marshal`'s form: that is several times
    as fast as JSON and tells apart what JSON does; version 2 writes equal values alike wherever
    they came from.
    """

    def __init__(self, cache_bytes: int = CACHE_BYTES) -> None:
        """Begin empty; the cache is emptied when it is larger than `cache_bytes`."""
        self._limit = cache_bytes
        self._size = 0
        self._known: dict[bytes, UUID] = {}
        self.new: dict[UUID, str] = {}

    def hash_of(self, facet: Any) -> UUID:
        """Return the hash of a facet; its JSON is in `new` until it is stored."""
        quick = marshal.dumps(facet, 2)
        found = self._known.get(quick)
        return found if found is not None else self._add(quick, facet)

    def stored(self) -> None:
        """Note that the store has all that was new."""
        self.new = {}
        if self._size > self._limit:
            self.forget()

    def forget(self) -> None:
        """Begin anew: what was new may not have been stored."""
        self.new, self._known, self._size = {}, {}, 0

    def _add(self, quick: bytes, facet: Any) -> UUID:
        text = canonical_json(facet)
        key = self._known[quick] = hash_of(text)
        self.new[key] = for_jsonb(facet, text)[0]
        self._size += len(quick)
        return key


def value_of(facet: Any, hash_of_facet: Callable[[Any], UUID]) -> Value:
    """Return what an event asserts with a facet of a job or dataset."""
    return Value(hash_of_facet(facet), at(facet, "_deleted") is True)


def versions_of(assertions: Iterable[tuple[Moment, Value]]) -> list[Version]:
    """Return the versions that some assertions make, in their order.

    Of two by one event, the one that stands last holds.
    """
    latest = dict(assertions)
    ordered = sorted(latest.items())
    return _joined(Version(value, moment, moment) for moment, value in ordered)


def merged(known: Iterable[Version], more: Iterable[Version]) -> list[Version]:
    """Return the versions that those known and more of them make together.

    Where one lies within another, that one is cut: of what it was cut from only the first and the
    last event are known.
    """
    ends: dict[Moment, Value] = {}
    for version in (*known, *more):
        ends[version.first] = ends[version.last] = version.value
    return versions_of(ends.items())


def _joined(versions: Iterable[Version]) -> list[Version]:
    joined = []
    for value, group in groupby(versions, key=lambda version: version.value):
        same = list(group)
        joined.append(Version(value, same[0].first, same[-1].last))
    return joined
