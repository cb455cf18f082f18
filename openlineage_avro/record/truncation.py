"""Makes an event small enough for a message, and says in the event what was cut.

A facet that is cut keeps its name and says how large it was (event/marker.py; a facet that is
nested too deeply was replaced by the same kind of marker before, by event/plain.py):

    "openlineageAvro_cut": {"bytes": 2400123}     size of the facet as JSON, in bytes

Facets without a typed record and source code go first, the largest of them before the others;
then all other facets but `parent`; then members of the event that OpenLineage does not know; at
last datasets, of which the first are kept and the number is told in a job facet of that name:

    "openlineageAvro_cut": {"inputs": {"kept": 50, "count": 90000, "bytes": 5100200}, ...}
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from openlineage_avro.codec import schemas
from openlineage_avro.codec.avro_types import Types
from openlineage_avro.codec.codec import encode
from openlineage_avro.codec.roles import role_of
from openlineage_avro.errors import EncodeError
from openlineage_avro.event.access import list_of, object_of
from openlineage_avro.event.facets import LISTED_OWNERS, facets_of
from openlineage_avro.event.json_text import compact_size, dumps, loads
from openlineage_avro.event.marker import MARKER, marked
from openlineage_avro.event.parent import PARENT_FACETS

if TYPE_CHECKING:
    from collections.abc import Callable

MARKER_URL = (
    "https://github.com/openlineage-avro/openlineage-avro/raw/v0.1.0/schemas/json/1-0-0/"
    "OpenlineageAvroCutJobFacet.json#/$defs/OpenlineageAvroCutJobFacet"
)

_SOURCE = ("sourceCode", "sql")
_KEPT = (*PARENT_FACETS, MARKER)
_WORTH = 400  # bytes; what is smaller than its marker is left alone

# (object, name of its member) of a value that may be cut
Place = tuple[dict[str, Any], str]


def truncated(event: dict[str, Any], limit: int) -> dict[str, Any]:
    """Return the event, or a copy that says what was cut, whose message has `limit` bytes at most.

    Raises EncodeError if what must stay (names, run, job, parent) is larger than that.
    """
    if len(encode(event)) <= limit:
        return event
    event = loads(dumps(event))
    for cut in (_cut_free_facets, _cut_other_facets, _cut_members, _cut_datasets):
        cut(event, limit)
        size = len(encode(event))
        if size <= limit:
            return event
    raise EncodeError(f"expected an event of {limit} bytes at most, got {size} after cutting all")


def _cut_free_facets(event: dict[str, Any], limit: int) -> None:
    known = _typed_facets()
    _cut_largest(event, _places(event, lambda name: name not in known or name in _SOURCE), limit)


def _cut_other_facets(event: dict[str, Any], limit: int) -> None:
    _cut_largest(event, _places(event, lambda name: name not in _KEPT), limit)


def _cut_members(event: dict[str, Any], limit: int) -> None:
    known = {field["name"] for field in schemas.parsed(schemas.newest())["fields"]}
    _cut_largest(event, [(event, name) for name in event if name not in known], limit)


def _places(event: dict[str, Any], is_wanted: Callable[[str], bool]) -> list[Place]:
    return [(f.container, f.name) for f in facets_of(event) if is_wanted(f.name)]


def _cut_largest(event: dict[str, Any], places: list[Place], limit: int) -> None:
    sizes = [(compact_size(container[name]), container, name) for container, name in places]
    waiting = sorted((s for s in sizes if s[0] > _WORTH), key=lambda s: s[0])
    while waiting and (excess := len(encode(event)) - limit) > 0:
        # a value is at least as large in JSON as in Avro: no more is cut than has to be
        while waiting and excess > 0:
            size, container, name = waiting.pop()
            container[name] = marked(container[name], bytes=size)
            excess -= size


def _cut_datasets(event: dict[str, Any], limit: int) -> None:
    job = event.get("job")
    if not isinstance(job, dict):
        return
    facets = job["facets"] = object_of(job.get("facets"))
    facets[MARKER] = {"_producer": event.get("producer"), "_schemaURL": MARKER_URL}
    for member in LISTED_OWNERS:
        datasets = list_of(event.get(member))
        whole = {"count": len(datasets), "bytes": compact_size(datasets)}
        kept = len(datasets)
        while kept and len(encode(event)) > limit:
            kept //= 2
            event[member] = datasets[:kept]
            facets[MARKER][member] = {"kept": kept, **whole}


@cache
def _typed_facets() -> frozenset[str]:
    """Return the names of the facets that have a record of their own."""
    types = Types(schemas.parsed(schemas.newest()))
    of_facets = [record for record in types.named.values() if record.get("custom")]
    return frozenset(
        field["name"]
        for record in of_facets
        for field in record["fields"]
        if role_of(types, record, field).is_member
    )
