"""Finds the events around a cut in a version of a facet that assert what the version says.

An event's body is read, and what it asserts derived from it as when it was stored. Events are
looked at from the cut outward, up to 1,024 of an owner each way: nearly always the first asserts
it. What was forgotten (`maintain --keep`) is not found.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import sql

from consumer.decode.decode import Rejection, decode
from consumer.rows.facets import Facets, Moment, asserted
from consumer.rows.gaps import Gap
from consumer.rows.rows import Owner, rows_of
from consumer.sql import query
from consumer.store.database import Connection, columns_of, stream

STEPS = (4, 60, 960)  # events: bodies are large, and the first step nearly always enough
ORDER = {False: sql.SQL("ASC"), True: sql.SQL("DESC")}  # by whether the last is wanted

# What an event says of the facets of each job and dataset.
Asserted = Mapping[Owner, Sequence[tuple[Moment, Facets]]]


class Search(NamedTuple):
    """What is wanted: an event in a gap in the history of this facet of this job or dataset."""

    owner: Owner
    owner_id: int
    name: str
    gap: Gap


class SpanRow(NamedTuple):
    """Between which moments events of a job or dataset are looked for."""

    owner: str
    owner_id: int
    after_at: datetime
    after_hash: UUID
    before_at: datetime
    before_hash: UUID


def find(connection: Connection, searches: Sequence[Search]) -> dict[Search, Moment]:
    """Return the events that are found."""
    found: dict[Search, Moment] = {}
    for is_last in (False, True):
        left = [search for search in searches if search.gap.is_last is is_last]
        passed = 0
        for limit in STEPS:
            left = _step(connection, left, found, passed, limit) if left else []
            passed += limit
    return found


def _step(
    connection: Connection,
    searches: Sequence[Search],
    found: dict[Search, Moment],
    passed: int,
    limit: int,
) -> list[Search]:
    """Look at the next events of some searches of one direction; return which may find more."""
    by_span: dict[SpanRow, list[Search]] = defaultdict(list)
    for search in searches:
        by_span[_span(search)].append(search)
    spans = list(by_span)
    seen: Counter[SpanRow] = Counter()
    text = sql.SQL(query("facets/asserting")).format(order=ORDER[searches[0].gap.is_last])
    parameters = {**columns_of(spans), "passed": passed, "limit": limit}
    for numbers, time, event_hash, *body in stream(connection, text, parameters):
        facets = _facets_of(*body)
        for span in (spans[number - 1] for number in numbers):
            seen[span] += 1
            for search in by_span[span]:
                _note(found, search, Moment(time, event_hash), facets)
    left = [search for span in spans if seen[span] == limit for search in by_span[span]]
    return [search for search in left if search not in found]


def _span(search: Search) -> SpanRow:
    return SpanRow(search.owner.kind, search.owner_id, *search.gap.after, *search.gap.before)


def _facets_of(body: str, raw: bytes | None) -> Asserted:
    """Return what an event asserts, as it was sent rather than as jsonb could hold it."""
    content = decode(raw or body.encode())
    if isinstance(content, Rejection) and raw:  # of a schema that only a registry knows
        content = decode(body.encode())
    return {} if isinstance(content, Rejection) else rows_of([content]).facets


def _note(found: dict[Search, Moment], search: Search, moment: Moment, facets: Asserted) -> None:
    """Keep an event if it asserts what is wanted, and is the nearest so far."""
    values = [value for _, value in asserted(facets.get(search.owner, ()), search.name)]
    if values[-1:] == [search.gap.value]:
        nearest = max if search.gap.is_last else min
        found[search] = nearest(found.get(search, moment), moment)
