"""Turns an OpenLineage event into the plain dict that OpenLineage would send as JSON.

`to_dict` gives what `openlineage.client.serde.Serde.to_dict` gives, without attrs' slow generic
walk: nulls and empty objects in lists are left out, enums, dates and UUIDs become text.
"""

from __future__ import annotations

import datetime
import uuid
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import EncodeError

if TYPE_CHECKING:
    from collections.abc import Callable

CYCLE = "<<cycle: the value contains itself>>"

_PLAIN = frozenset((str, int, float, bool, type(None)))
# per attrs class: the names of its fields and a getter of all their values
_FIELDS: dict[type, tuple[tuple[str, ...], Callable[[Any], Any]]] = {}


def to_dict(event: Any) -> dict[str, Any]:
    """Returns an event, one of OpenLineage's six event classes, as the dict of its JSON.

    A dict is returned as it is: its nulls are part of the event. Values that JSON does not know
    stay as they are, as in Serde. A value that contains itself holds CYCLE in place of itself.
    """
    if isinstance(event, dict):
        return event
    if not _fields(event.__class__)[0]:
        raise EncodeError(f"expected an OpenLineage event or a dict, got {type(event).__name__}")
    try:
        made = _walk(event)
    except RecursionError:
        made = without_cycles(event)
    return dict(made)


def json_form(value: Any) -> Any:
    """Returns what stands in JSON for a value that JSON does not know, as Serde writes it."""
    made = _walk_other(value)
    if made is value:
        return f"<<non-serializable: {type(value).__qualname__}>>"
    return made


def without_cycles(value: Any, *, keep_nulls: bool = False) -> Any:
    """Returns a plain copy of a value of any depth, with CYCLE where a value contains itself."""
    root: list[Any] = []
    # (value, place to put it, key there, ids of the values around it)
    stack: list[tuple[Any, Any, Any]] = [(value, root, None)]
    around: list[int] = []
    inside: set[int] = set()
    while stack:
        item, place, key = stack.pop()
        if place is _LEAVE:
            inside.discard(around.pop())
            continue
        made, members = (CYCLE, ()) if id(item) in inside else _opened(item)
        if isinstance(place, list):
            place.append(made)
        else:
            place[key] = made
        if isinstance(made, (dict, list)):
            around.append(id(item))
            inside.add(id(item))
            stack.append((None, _LEAVE, None))
            stack.extend((m, made, k) for k, m in reversed(members) if keep_nulls or m is not None)
    return root[0]


_LEAVE = object()


def _opened(item: Any) -> tuple[Any, Any]:
    """Returns an empty container and its (key, member) pairs, or a leaf and nothing."""
    if isinstance(item, dict):
        return {}, list(item.items())
    if isinstance(item, (list, tuple)):
        return [], [(None, member) for member in item]
    if item.__class__ in _PLAIN:
        return item, ()
    names, values = _fields(item.__class__)
    if names:
        return {}, list(zip(names, values(item), strict=True))
    if isinstance(item, (set, frozenset)):
        return [], [(None, member) for member in item]
    return _walk_other(item), ()


def _fields(cls: type) -> tuple[tuple[str, ...], Callable[[Any], Any]]:
    found = _FIELDS.get(cls)
    if found is None:
        names = tuple(a.name for a in getattr(cls, "__attrs_attrs__", ()))
        getter: Callable[[Any], Any] = attrgetter(*names) if names else _nothing
        if len(names) == 1:
            single = getter

            def getter(value: Any) -> Any:
                return (single(value),)

        found = _FIELDS[cls] = names, getter
    return found


def _nothing(_value: Any) -> tuple[()]:
    return ()


def _walk(value: Any) -> Any:
    cls = value.__class__
    if cls in _PLAIN:
        return value
    if cls is dict:
        return {
            key: made
            for key, member in value.items()
            if member is not None and (made := _walk(member)) is not None
        }
    if cls is list:
        return [
            made
            for member in value
            if member is not None
            and (made := _walk(member)) is not None
            and not (made.__class__ is dict and not made)
        ]
    names, values = _FIELDS.get(cls) or _fields(cls)
    if names:
        return {
            key: made
            for key, member in zip(names, values(value), strict=True)
            if member is not None
            and (made := member if member.__class__ is str else _walk(member)) is not None
        }
    return _walk_other(value)


def _walk_other(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime.date):  # datetime.datetime is one, too
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dict):
        return _walk(dict(value))
    if isinstance(value, (list, tuple, set, frozenset)):
        return _walk(list(value))
    if type(value).__name__ == "int64":  # numpy's
        return int(value)
    if getattr(type(value), "__attrs_attrs__", ()):
        return _walk(value)
    return value
