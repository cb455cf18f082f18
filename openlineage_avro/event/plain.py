"""Turns an OpenLineage event into the plain dict that OpenLineage would send as JSON.

`to_dict` gives what `openlineage.client.serde.Serde.to_dict` gives, without attrs' slow generic
walk: nulls and empty objects in lists are left out, enums, dates and UUIDs become text.
"""

from __future__ import annotations

import datetime
import uuid
from enum import Enum
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import EncodeError

if TYPE_CHECKING:
    from collections.abc import Callable

CYCLE = "<<cycle: the value contains itself>>"

_SCALARS = frozenset((str, int, float, bool))
_PLAIN = _SCALARS | {type(None)}


def to_dict(event: Any) -> dict[str, Any]:
    """Returns an event, one of OpenLineage's six event classes, as the dict of its JSON.

    A dict is returned as it is: its nulls are part of the event. Values that JSON does not know
    stay as they are, as in Serde. A value that contains itself holds CYCLE in place of itself.
    """
    if isinstance(event, dict):
        return event
    if not field_names(event.__class__):
        raise EncodeError(f"expected an OpenLineage event or a dict, got {type(event).__name__}")
    try:
        made: dict[str, Any] = _walk(event)
    except RecursionError:
        made = without_cycles(event)
    return made


def json_form(value: Any) -> Any:
    """Returns what stands in JSON for a value that JSON does not know, as Serde writes it."""
    made = _walk(value)
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
    names = field_names(item.__class__)
    if names:
        return {}, [(name, getattr(item, name)) for name in names]
    if isinstance(item, (set, frozenset)):
        return [], [(None, member) for member in item]
    return _walk(item), ()


def _walk(value: Any) -> Any:
    cls = value.__class__
    return value if cls in _PLAIN else (_WALKS.get(cls) or _walk_of(cls))(value)


def _walk_dict(value: Any) -> Any:
    made = {}
    for key, member in value.items():
        cls = member.__class__
        if cls is str or cls in _SCALARS:  # asked here to save a call for most members
            made[key] = member
        elif member is not None:
            member = (_WALKS.get(cls) or _walk_of(cls))(member)
            if member is not None:
                made[key] = member
    return made


def _walk_list(value: Any) -> Any:
    walked = [member if member.__class__ is str else _walk(member) for member in value]
    return [
        made for made in walked if made is not None and not (made.__class__ is dict and not made)
    ]


_WALKS: dict[type, Callable[[Any], Any]] = {dict: _walk_dict, list: _walk_list}


def _walk_of(cls: type) -> Callable[[Any], Any]:
    """Returns how values of a class are walked, and remembers it."""
    walk: Callable[[Any], Any] = _keep
    for base, base_walk in _OTHERS:
        if issubclass(cls, base):
            walk = base_walk
            break
    else:
        if field_names(cls):
            walk = _attrs_walk(cls)
        elif cls.__name__ == "int64":  # numpy's
            walk = int
    _WALKS[cls] = walk
    return walk


_OTHERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: value.value),
    (datetime.date, lambda value: value.isoformat()),  # datetime.datetime is one, too
    (uuid.UUID, str),
    (dict, _walk_dict),
    ((list, tuple, set, frozenset), _walk_list),
)


def _keep(value: Any) -> Any:
    return value


def field_names(cls: type) -> tuple[str, ...]:
    """Returns the names of the fields of an attrs class; none for other classes."""
    return tuple(a.name for a in getattr(cls, "__attrs_attrs__", ()))


def _attrs_walk(cls: type) -> Callable[[Any], Any]:
    """Returns _walk_dict for the fields of an attrs class, as code without a loop over them."""
    lines = ["def walk(value):", "    made = {}"]
    for name in field_names(cls):
        lines += [
            f"    member = value.{name}",
            "    cls = member.__class__",
            "    if cls is str or cls in _SCALARS:",
            f"        made[{name!r}] = member",
            "    elif member is not None:",
            "        member = (_WALKS.get(cls) or _walk_of(cls))(member)",
            f"        if member is not None: made[{name!r}] = member",
        ]
    namespace = dict(globals())
    exec(compile("\n".join([*lines, "    return made"]), f"<{cls.__name__}>", "exec"), namespace)
    walk: Callable[[Any], Any] = namespace["walk"]
    return walk
