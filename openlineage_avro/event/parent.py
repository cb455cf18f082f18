"""The run facet that names a run's parent and root, under both of its names.

Its name was `parentRun` before OpenLineage 1.0; some producers still send it under that one.
"""

from __future__ import annotations

from typing import Any

from openlineage_avro.event.access import object_of

PARENT_FACETS = ("parent", "parentRun")  # of two the first counts


def parent_of(facets: dict[str, Any]) -> dict[str, Any]:
    """Return the facet among a run's facets, {run: ..., job: ..., root: ...}; {} without one."""
    for name in PARENT_FACETS:
        if facet := object_of(facets.get(name)):
            return facet
    return {}
