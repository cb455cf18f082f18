"""Builds OpenLineage's event objects from JSON, with the facet classes that producers use."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import types
import typing
from enum import Enum
from functools import cache
from typing import Any

import attr
from openlineage.client import event_v2, facet_v2, generated
from openlineage.client.generated import base


class Info(dict[str, Any]):
    """A dict of a class of its own, as Airflow's provider puts into its facets."""


@attr.define
class AirflowRunFacet(facet_v2.RunFacet):
    """The shape of the provider's facet of the same name."""

    dag: dict[str, Any]
    dagRun: dict[str, Any]  # noqa: N815
    task: dict[str, Any]
    taskInstance: dict[str, Any]  # noqa: N815
    taskUuid: str  # noqa: N815


@attr.define
class UnknownOperatorInstance:
    """The shape of the provider's class of the same name."""

    name: str
    properties: dict[str, Any]
    type: str = "operator"


@attr.define
class UnknownOperatorAttributeRunFacet(facet_v2.RunFacet):
    """The shape of the provider's facet of the same name."""

    unknownItems: list[UnknownOperatorInstance]  # noqa: N815


@cache
def facet_classes() -> dict[str, type]:
    """Return the client's facet classes by the URL of their schema."""
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(generated.__path__):
        loaded = importlib.import_module(f"{generated.__name__}.{module.name}")
        for member in vars(loaded).values():
            if isinstance(member, type) and issubclass(member, base.BaseFacet):
                found[member._get_schema()] = member
    return found


def event_object(event: dict[str, Any]) -> event_v2.RunEvent:
    """Return the run event of a JSON object as the client's RunEvent."""
    return event_v2.RunEvent(
        eventTime=event["eventTime"],
        eventType=event_v2.RunState(event["eventType"]),
        producer=event["producer"],
        run=event_v2.Run(runId=event["run"]["runId"], facets=_facets(event["run"])),
        job=event_v2.Job(
            namespace=event["job"]["namespace"],
            name=event["job"]["name"],
            facets=_facets(event["job"]),
        ),
        inputs=[_dataset(event_v2.InputDataset, d) for d in event.get("inputs", [])],
        outputs=[_dataset(event_v2.OutputDataset, d) for d in event.get("outputs", [])],
    )


def _dataset(cls: Any, dataset: dict[str, Any]) -> Any:
    return cls(namespace=dataset["namespace"], name=dataset["name"], facets=_facets(dataset))


def _facets(owner: dict[str, Any]) -> dict[str, Any]:
    return {key: _facet(key, value) for key, value in owner.get("facets", {}).items()}


_AIRFLOW = {
    "airflow": AirflowRunFacet,
    "unknownSourceAttribute": UnknownOperatorAttributeRunFacet,
}


def _facet(key: str, value: dict[str, Any]) -> Any:
    cls: Any = facet_classes().get(value["_schemaURL"])
    if key in _AIRFLOW and "tasks" not in value:
        cls = _AIRFLOW[key]
    fields = {k: v for k, v in value.items() if k not in ("_producer", "_schemaURL")}
    if not all(field.isidentifier() for field in fields):
        return value  # a facet that no class can hold
    if cls is None or not set(fields) <= {a.name for a in attr.fields(cls)}:
        made: Any = facet_v2.RunFacet().with_additional_properties(**fields)
    else:
        made = _structured(cls, fields)
    made._producer, made._schemaURL = value["_producer"], value["_schemaURL"]
    return made


def _structured(cls: Any, fields: dict[str, Any]) -> Any:
    hints = _hints(cls)
    return cls(**{key: _of_type(hints[key], value) for key, value in fields.items()})


def _hints(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls, {**vars(typing), **vars(sys.modules[cls.__module__])})


def _of_type(hint: Any, value: Any) -> Any:
    """Return the JSON value as an object of the annotated type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _of_type(arguments[0], value) if value is not None else None
    if isinstance(value, list) and arguments:
        return [_of_type(arguments[0], item) for item in value]
    if isinstance(value, dict) and origin is dict:
        return Info({key: _of_type(arguments[1], item) for key, item in value.items()})
    if isinstance(value, dict) and attr.has(hint):
        return _structured(hint, value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum) else value


TIMES = ("nominalStartTime", "nominalEndTime", "lastUpdated", "captureDate")


def example(cls: Any, *, full: bool, depth: int = 0) -> Any:
    """Return an object of an attrs class with a value for each field it needs, or for all."""
    hints = _hints(cls)
    fields = [f for f in attr.fields(cls) if f.init and (full or f.default is attr.NOTHING)]
    return cls(
        **{
            field.alias or field.name: "2026-11-22T12:00:00Z"
            if field.name in TIMES
            else _example_of(hints[field.name], full, depth + 1)
            for field in fields
        }
    )


def _example_of(hint: Any, full: bool, depth: int) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _example_of(arguments[0], full, depth)
    if origin is typing.Literal:
        return arguments[0]
    if origin is list:
        return [] if depth > 4 else [_example_of(arguments[0], full, depth)] * 2
    if origin is dict:
        return {"a": _example_of(arguments[1], full, depth)}
    if attr.has(hint):
        return example(hint, full=full, depth=depth)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    known: dict[Any, Any] = {int: 7, float: 1.5, bool: True, Any: [1]}
    return known.get(hint, "01a20343-f78a-75fb-94a3-ba253fa51c52")
