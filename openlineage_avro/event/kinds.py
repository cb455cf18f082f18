"""Which of OpenLineage's three kinds an event is of (core spec 2-0-2), by what it is about.

A member that is null counts as missing: clients leave nulls out.
"""

from __future__ import annotations

from typing import Any

RUN_EVENT, JOB_EVENT, DATASET_EVENT = "RunEvent", "JobEvent", "DatasetEvent"

# A run event has a job, too, and may come with a dataset: the first that is there decides.
_KINDS = {"run": RUN_EVENT, "job": JOB_EVENT, "dataset": DATASET_EVENT}


def kind_of(event: dict[str, Any]) -> str | None:
    """Return RUN_EVENT, JOB_EVENT or DATASET_EVENT; None for an object that is no event."""
    for member, kind in _KINDS.items():
        if event.get(member) is not None:
            return kind
    return None
