"""The Kafka message key of an event: related runs share one, so their order is kept."""

from typing import Any


def message_key(event: dict[str, Any]) -> str:
    """Return the key OpenLineage's own Kafka transport would give this event (a JSON object).

    `run:<namespace>/<name>` of the root job, else of the parent job, else of the job itself;
    `job:` and `dataset:` for the other two kinds of event. Topics that both transports write to
    keep the order of each pipeline, since equal keys go to equal partitions.
    Source: `openlineage.client.transport.kafka.KafkaTransport`.
    """
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
