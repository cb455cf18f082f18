"""The Kafka message key of an event: related runs share one, so their order is kept."""

from typing import Any, overload


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
    run_id = _object(event.get("run")).get("runId")
    if policy == "run" and isinstance(run_id, str) and run_id:
        return f"run:{run_id}"
    if policy == "job" and "job" in event:
        return f"job:{_qualified(event['job'])}"
    if "run" in event:
        return f"run:{_qualified(_root_job(event) or event.get('job'))}"
    if "job" in event:
        return f"job:{_qualified(event['job'])}"
    return f"dataset:{_qualified(event.get('dataset'))}"


def _root_job(event: dict[str, Any]) -> Any:
    parent = _object(_object(_object(event["run"]).get("facets")).get("parent"))
    for job in (_object(parent.get("root")).get("job"), parent.get("job")):
        if _object(job).get("namespace") and _object(job).get("name"):
            return job
    return None


def _qualified(named: Any) -> str:
    return f"{_object(named).get('namespace', '')}/{_object(named).get('name', '')}"


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
