"""Where events within a version of a facet assert another value, and what is to be known there.

Of a version only the first and the last event that assert it are kept. Where it is cut, it goes on
to the last event before the cut that asserts it, and again from the first one after it: those are
known to the events alone (consumer/store/asserting.py looks for them).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from consumer.rows.facets import Moment, Value, Version


class Gap(NamedTuple):
    """Two moments within a version: of the events between that assert its value one is wanted."""

    value: Value
    after: Moment
    before: Moment
    is_last: bool  # whether the last of them is wanted, or the first


def overlap(known: Iterable[Version], more: Iterable[Version]) -> bool:
    """Tell whether versions of two histories lie within each other that say different things."""
    widest: Version | None = None
    for version in sorted((*known, *more), key=lambda each: each.first):
        if widest and version.first <= widest.last and version.value != widest.value:
            return True
        if widest is None or version.last > widest.last:
            widest = version
    return False


def gaps_of(known: Sequence[Version], said: Mapping[Moment, Value]) -> Iterator[Gap]:
    """Yield what is to be found where assertions cut known versions, which are in their order.

    `said` has the ends of those versions, too. Between two others both ends are wanted.
    """
    firsts = [version.first for version in known]
    for (after, one), (before, other) in pairwise(sorted(said.items())):
        place = bisect_right(firsts, after) - 1
        if place < 0 or before > known[place].last:
            continue
        value = known[place].value
        if one != value:
            yield Gap(value, after, before, is_last=False)
        if other != value:
            yield Gap(value, after, before, is_last=True)
