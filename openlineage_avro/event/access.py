"""Reads members that may be missing or of another type than producers are known to send."""

from __future__ import annotations

from typing import Any


def at(value: Any, *path: str) -> Any:
    """Return the member at the end of a path of names; None where there is none."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def object_of(value: Any) -> dict[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """Return the value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def field_names(cls: type) -> tuple[str, ...]:
    """Return the names of the fields of an attrs class; none for other classes."""
    return tuple(field.name for field in getattr(cls, "__attrs_attrs__", ()))
