"""Leaves out facets that the settings do not want, and cuts those that are larger than allowed.

A facet that is left out leaves no trace; one that is cut says so (marker.py). What ties runs
together always stays. All of it is off until it is set.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from openlineage_avro.event.facets import facets_of
from openlineage_avro.event.json_text import compact_size, dumps, loads
from openlineage_avro.event.marker import MARKER, is_marked, marked
from openlineage_avro.event.parent import PARENT_FACETS
from openlineage_avro.event.pipeline_run_id import FACET_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openlineage_avro.config.settings import AvroKafkaConfig

ALWAYS_KEPT = (*PARENT_FACETS, FACET_KEY, MARKER)


def within_budget(event: dict[str, Any], config: AvroKafkaConfig) -> dict[str, Any]:
    """Return the event (a JSON object), or a copy with only the facets that the settings allow.

    facets_allow, facets_deny: names of facets, with `*`; what is denied is out even if allowed.
    facet_max_bytes: of one facet as JSON.
    """
    limit = config.facet_max_bytes
    if config.facets_allow is None and not config.facets_deny and limit is None:
        return event
    event = loads(dumps(event))
    for facet in list(facets_of(event)):
        if facet.name in ALWAYS_KEPT:
            continue
        if not _is_wanted(facet.name, config):
            del facet.container[facet.name]
        elif limit is not None:
            facet.container[facet.name] = _within(limit, facet.container[facet.name])
    return event


def _within(limit: int, facet: Any) -> Any:
    size = compact_size(facet)
    return facet if is_marked(facet) or size <= limit else marked(facet, bytes=size)


def _is_wanted(name: str, config: AvroKafkaConfig) -> bool:
    if _matches(name, config.facets_deny):
        return False
    return config.facets_allow is None or _matches(name, config.facets_allow)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
