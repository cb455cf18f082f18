"""Says whether a JSON value is an OpenLineage event (core spec 2-0-2), and of which kind.

Only what is needed to know what an event is about is asked for: its time, run, job or dataset.
Everything else may be missing, null or unknown.
"""

from datetime import datetime
from typing import Any

from consumer.decode.times import NotATime, parse_time
from openlineage_avro.event.kinds import DATASET_EVENT, RUN_EVENT, kind_of

JSON_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


class NotAnEvent(ValueError):  # noqa: N818 - named after what was met
    """The value is no OpenLineage event; the text says where, what was expected, what came."""


def check_event(event: Any) -> str:
    """Return the kind of an event; raise NotAnEvent with the path of the fault."""
    root = _object(event, "event")
    kind = kind_of(root)
    if kind is None:
        raise NotAnEvent("event: expected run, job or dataset, got none of them")
    if kind == DATASET_EVENT:
        _dataset(root["dataset"], "dataset", ("facets",))
        return kind
    if kind == RUN_EVENT:
        _run(root)
    _job(root)
    _datasets(root)
    return kind


def check_stored(event: Any) -> None:
    """Raise NotAnEvent for what the consumer would not store as an event."""
    check_event(event)
    type_of(event)
    time_of(event)


def time_of(event: dict[str, Any]) -> datetime:
    """Return eventTime in UTC; raise NotAnEvent if it is missing or no date-time of one meaning."""
    text = _string(event, "eventTime", "")
    try:
        return parse_time(text)
    except NotATime as exc:
        raise NotAnEvent(f"eventTime: {exc}, got {_shown(text)}") from None


def type_of(event: dict[str, Any]) -> str | None:
    """Return eventType, None where it is missing; raise NotAnEvent if it is no string."""
    if event.get("eventType") is None:
        return None
    return _string(event, "eventType", "")


def _run(root: dict[str, Any]) -> None:
    run = _object(root["run"], "run")
    if not _string(run, "runId", "run."):
        raise NotAnEvent("run.runId: expected UUID, got ''")
    _facets(run, "facets", "run.")


def _job(root: dict[str, Any]) -> None:
    job = _object(root.get("job"), "job")
    _string(job, "namespace", "job.")
    _string(job, "name", "job.")
    _facets(job, "facets", "job.")


def _datasets(root: dict[str, Any]) -> None:
    for side, facets in (("inputs", "inputFacets"), ("outputs", "outputFacets")):
        datasets = root.get(side)
        if datasets is None:
            continue
        if not isinstance(datasets, list):
            raise NotAnEvent(f"{side}: expected array, got {_shown(datasets)}")
        for index, dataset in enumerate(datasets):
            _dataset(dataset, f"{side}[{index}]", ("facets", facets))


def _dataset(dataset: Any, path: str, facets: tuple[str, ...]) -> None:
    _object(dataset, path)
    _string(dataset, "namespace", f"{path}.")
    _string(dataset, "name", f"{path}.")
    for name in facets:
        _facets(dataset, name, f"{path}.")


def _facets(owner: dict[str, Any], name: str, path: str) -> None:
    if owner.get(name) is not None:
        _object(owner[name], path + name)


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotAnEvent(f"{path}: expected object, got {_shown(value)}")
    return value


def _string(owner: dict[str, Any], name: str, path: str) -> str:
    value = owner.get(name)
    if not isinstance(value, str):
        came = "nothing" if name not in owner else _shown(value)
        raise NotAnEvent(f"{path}{name}: expected string, got {came}")
    return value


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)) or value is None:
        return JSON_TYPES[type(value)]
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
