"""What an event is: one of OpenLineage's three kinds (core spec 2-0-2), and of which type.

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


def event_type(event: dict[str, Any]) -> str | None:
    """Return a run's state as its event gives it, OTHER if it does not, JOB or DATASET.

    None for an object that is no event.
    """
    kind = kind_of(event)
    if kind != RUN_EVENT:
        return {JOB_EVENT: "JOB", DATASET_EVENT: "DATASET", None: None}[kind]
    given = event.get("eventType")
    return given if isinstance(given, str) and given else "OTHER"


def described(event: dict[str, Any]) -> str:
    """Return what a log line calls an event: `START of daily.load`, `DATASET of orders`."""
    owner = event.get("dataset" if kind_of(event) == DATASET_EVENT else "job")
    name = owner.get("name") if isinstance(owner, dict) else None
    return f"{event_type(event) or 'of no kind'} of {name or 'nothing that has a name'}"
