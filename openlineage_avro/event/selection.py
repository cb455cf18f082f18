"""Leaves out facets that the settings do not want, and cuts those that are larger than allowed.

A facet that is left out leaves no trace; one that is cut says so as in fit.py. What ties runs
together always stays. All of it is off until it is set.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from openlineage_avro.event.json_text import dumps, loads
from openlineage_avro.event.pipeline_run_id import FACET_KEY
from openlineage_avro.record.truncation import MARKER, compact_size, facets_of, marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openlineage_avro.config.settings import AvroKafkaConfig

ALWAYS_KEPT = ("parent", FACET_KEY, MARKER)


def within_budget(event: dict[str, Any], config: AvroKafkaConfig) -> dict[str, Any]:
    """Return the event (a JSON object), or a copy with only the facets that the settings allow.

    facets_allow, facets_deny: names of facets, with `*`; what is denied is out even if allowed.
    facet_max_bytes: of one facet as JSON.
    """
    limit = config.facet_max_bytes
    if config.facets_allow is None and not config.facets_deny and limit is None:
        return event
    event = loads(dumps(event))
    for container, name in list(facets_of(event)):
        if name in ALWAYS_KEPT:
            continue
        if not _is_wanted(name, config):
            del container[name]
        elif limit is not None:
            container[name] = _cut(container[name], limit)
    return event


def _cut(facet: Any, limit: int) -> Any:
    size = compact_size(facet)
    was_cut = isinstance(facet, dict) and MARKER in facet
    return facet if was_cut or size <= limit else marked(facet, size)


def _is_wanted(name: str, config: AvroKafkaConfig) -> bool:
    if _matches(name, config.facets_deny):
        return False
    return config.facets_allow is None or _matches(name, config.facets_allow)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
