"""The test event that `doctor` sends to see whether events arrive; it is no lineage.

Consumers tell it by its producer: they keep the event, and make no job of it.
"""

from __future__ import annotations

from typing import Any

PRODUCER = "https://github.com/openlineage-avro/openlineage-avro#doctor"
NAMESPACE, NAME = "openlineage-avro", "doctor"  # of its job


def is_test_event(event: dict[str, Any]) -> bool:
    """Tell whether `doctor` sent the event."""
    return event.get("producer") == PRODUCER
