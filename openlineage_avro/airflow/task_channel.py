"""The channel on which a task of Airflow 3 asks its supervisor: for XComs, connections, variables.

OpenLineage's adapter runs in a fork of the task's process, unless `[openlineage]
execute_in_thread` is set. The fork shares the channel, and Airflow kills it when it takes too long:
if it was waiting for an answer just then, the task takes that answer for the one to its own next
question, and reads wrong values from there on. So a fork may ask only when the task has no more
questions. In `airflow dags test` it may not even then: the supervisor is an object in the task's
process, of which a fork has a copy that never answers.
"""

from __future__ import annotations

import sys
from typing import Any

from openlineage_avro.airflow import host

# Imported in Airflow 3's task processes.
RUNNER = "airflow.sdk.execution_time.task_runner"


def exists() -> bool:
    """Tell whether this is a task's process, or its fork, that has a channel."""
    return _channel() is not None


def may_be_asked(*, task_is_over: bool) -> bool:
    """Tell whether a question from the adapter cannot disturb the task."""
    if host.is_on("openlineage", "execute_in_thread"):
        return True
    return task_is_over and type(_channel()).__name__ != "InProcessSupervisorComms"


def _channel() -> Any:
    return getattr(sys.modules.get(RUNNER), "SUPERVISOR_COMMS", None)
