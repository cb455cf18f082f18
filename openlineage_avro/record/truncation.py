"""Makes an event small enough for a message, and says in the event what was cut.

A facet that is cut keeps its name, `_producer` and `_schemaURL`, and holds one more member:

    "openlineageAvro_cut": {"bytes": 2400123}     size of the facet as JSON, in bytes

Facets without a typed record and source code go first, the largest of them before the others;
then all other facets but `parent`; then members of the event that OpenLineage does not know; at
last datasets, of which the first are kept and the number is told in a job facet of that name:

    "openlineageAvro_cut": {"inputs": {"kept": 50, "count": 90000, "bytes": 5100200}, ...}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import encode
from openlineage_avro.errors import EncodeError
from openlineage_avro.event.json_text import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = "openlineageAvro_cut"
MARKER_URL = (
    "https://github.com/openlineage-avro/openlineage-avro/raw/v0.1.0/schemas/json/1-0-0/"
    "OpenlineageAvroCutJobFacet.json#/$defs/OpenlineageAvroCutJobFacet"
)

_SOURCE = ("sourceCode", "sql")
_KEPT = ("parent", MARKER)
_WORTH = 400  # bytes; what is smaller than its marker is left alone

# (container, key) of a value that may be cut
Place = tuple[dict[str, Any], str]


def fit(event: dict[str, Any], limit: int) -> dict[str, Any]:
    """Returns the event, or a copy that says what was cut, whose message has `limit` bytes at most.

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
    free = [p for p in facets_of(event) if p[1] not in known or p[1] in _SOURCE]
    _cut_largest(event, free, limit)


def _cut_other_facets(event: dict[str, Any], limit: int) -> None:
    _cut_largest(event, [p for p in facets_of(event) if p[1] not in _KEPT], limit)


def _cut_members(event: dict[str, Any], limit: int) -> None:
    known = {field["name"] for field in schemas.parsed(schemas.newest())["fields"]}
    _cut_largest(event, [(event, key) for key in event if key not in known], limit)


def _cut_largest(event: dict[str, Any], places: list[Place], limit: int) -> None:
    sizes = [(compact_size(container[key]), container, key) for container, key in places]
    waiting = sorted((s for s in sizes if s[0] > _WORTH), key=lambda s: s[0])
    while waiting and (excess := len(encode(event)) - limit) > 0:
        # a value is at least as large in JSON as in Avro: no more is cut than has to be
        while waiting and excess > 0:
            size, container, key = waiting.pop()
            container[key] = marked(container[key], size)
            excess -= size


def marked(value: Any, size: int) -> dict[str, Any]:
    """Returns what stands for a facet of `size` bytes of JSON that was cut."""
    kept = ("_producer", "_schemaURL") if isinstance(value, dict) else ()
    return {**{key: value[key] for key in kept if key in value}, MARKER: {"bytes": size}}


def _cut_datasets(event: dict[str, Any], limit: int) -> None:
    job = event.get("job")
    if not isinstance(job, dict):
        return
    facets = job["facets"] = job.get("facets") or {}
    facets[MARKER] = {"_producer": event.get("producer"), "_schemaURL": MARKER_URL}
    for key in ("inputs", "outputs"):
        datasets = event.get(key)
        if not isinstance(datasets, list):
            continue
        whole = {"count": len(datasets), "bytes": compact_size(datasets)}
        while event[key] and len(encode(event)) > limit:
            event[key] = event[key][: len(event[key]) // 2]
            facets[MARKER][key] = {"kept": len(event[key]), **whole}


def facets_of(event: dict[str, Any]) -> Iterator[Place]:
    """Yields every facet of the event with the object that holds it."""
    owners = [event.get("run"), event.get("job"), event.get("dataset")]
    for key in ("inputs", "outputs"):
        datasets = event.get(key)
        owners += datasets if isinstance(datasets, list) else []
    for owner in owners:
        for kind in ("facets", "inputFacets", "outputFacets"):
            facets = owner.get(kind) if isinstance(owner, dict) else None
            if isinstance(facets, dict):
                yield from ((facets, key) for key in facets)


def compact_size(value: Any) -> int:
    """Returns the bytes of a value as JSON text without white space."""
    return len(dumps(value).encode("utf-8", "replace"))


def _typed_facets() -> set[str]:
    """Returns the names of the facets that have a record of their own."""
    found: set[str] = set()

    def visit(avro_type: Any) -> None:
        if isinstance(avro_type, list):
            for branch in avro_type:
                visit(branch)
        elif isinstance(avro_type, dict):
            if avro_type.get("custom"):
                found.update(field["name"] for field in avro_type["fields"])
            for key in ("items", "values"):
                visit(avro_type.get(key))
            for field in avro_type.get("fields", ()):
                visit(field["type"])

    visit(schemas.parsed(schemas.newest()))
    return found - {"custom", "extra"}
