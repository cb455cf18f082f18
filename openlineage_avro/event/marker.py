"""What stands in an event for a facet that was cut, and says so.

Such a facet keeps its name, `_producer` and `_schemaURL`, and holds one more member, which is one
of these:

    "openlineageAvro_cut": {"bytes": 2400123}     its size as JSON, in bytes, was too large
    "openlineageAvro_cut": {"levels": 200}        it had more levels of objects and arrays than
                                                  may be sent, or contained itself
"""

from __future__ import annotations

from typing import Any

MARKER = "openlineageAvro_cut"
_KEPT = ("_producer", "_schemaURL")


def marked(facet: Any, **why: int) -> dict[str, Any]:
    """Return what stands for a facet; `why` is `bytes` or `levels`."""
    members = facet if isinstance(facet, dict) else {}
    kept = {name: members[name] for name in _KEPT if isinstance(members.get(name), str)}
    return {**kept, MARKER: why}


def is_marked(facet: Any) -> bool:
    """Tell whether a facet was cut before."""
    return isinstance(facet, dict) and MARKER in facet
