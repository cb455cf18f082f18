"""Writes many things at once as JSON: what a shape would write, without checking each."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from pydantic import BaseModel

from consumer.api.shapes import Shape
from consumer.api.times import iso

_iso = lru_cache(maxsize=50_000)(iso)


def written(shape: type[Shape], members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object that a shape with these members, which must be right, is written as.

    A graph of thousands of nodes takes a tenth of the time that their shapes would.
    """
    names = _names(shape)
    return {names[name]: _value(value) for name, value in members.items()}


@cache
def _names(shape: type[Shape]) -> dict[str, str]:
    return {name: field.alias or name for name, field in shape.model_fields.items()}


def _value(value: Any) -> Any:
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is datetime:
        return _iso(value)
    if kind is list:
        return [_value(each) for each in value]
    return value.model_dump() if isinstance(value, BaseModel) else value
