"""The Kafka message key of an event: related runs share one, so their order is kept."""

from typing import Any, overload

from openlineage_avro.event.access import at, object_of
from openlineage_avro.event.kinds import JOB_EVENT, RUN_EVENT, kind_of
from openlineage_avro.event.parent import parent_of


@overload
def message_key(event: dict[str, Any]) -> str: ...


@overload
def message_key(event: dict[str, Any], policy: str) -> str | None: ...


def message_key(event: dict[str, Any], policy: str = "root_job") -> str | None:
    """Return the key of an event (a JSON object) under a policy, one of the setting's values.

    `root_job`: as OpenLineage's own Kafka transport would give it, so that topics both write to
    keep the order of each pipeline: `run:<namespace>/<name>` of the root job, else of the parent
    job, else of the job itself; `job:` and `dataset:` for the other two kinds of event.
    `job`: `job:<namespace>/<name>` of the event's own job. `run`: `run:<runId>`. Where an event
    has neither job nor run, both give what `root_job` does. `none`: None, for no order at all.
    Source of the first: `openlineage.client.transport.kafka.KafkaTransport`.
    """
    if policy == "none":
        return None
    run_id = at(event, "run", "runId")
    if policy == "run" and isinstance(run_id, str) and run_id:
        return f"run:{run_id}"
    if policy == "job" and event.get("job") is not None:
        return f"job:{_qualified(event['job'])}"
    kind = kind_of(event)
    if kind == RUN_EVENT:
        return f"run:{_qualified(_root_job(event) or event.get('job'))}"
    if kind == JOB_EVENT:
        return f"job:{_qualified(event['job'])}"
    return f"dataset:{_qualified(event.get('dataset'))}"


def _root_job(event: dict[str, Any]) -> Any:
    parent = parent_of(object_of(at(event, "run", "facets")))
    for job in (at(parent, "root", "job"), at(parent, "job")):
        if at(job, "namespace") and at(job, "name"):
            return job
    return None


def _qualified(named: Any) -> str:
    return f"{object_of(named).get('namespace', '')}/{object_of(named).get('name', '')}"
