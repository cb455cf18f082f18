"""Turns an OpenLineage event into the plain dict that OpenLineage would send as JSON.

`to_dict` gives what `openlineage.client.serde.Serde.to_dict` gives, without attrs' slow generic
walk: nulls and empty objects in lists are left out, enums, dates and UUIDs become text.
"""

from __future__ import annotations

import datetime
import logging
import os
import uuid
from enum import Enum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import EncodeError
from openlineage_avro.event.access import field_names
from openlineage_avro.event.depth import MAX_DEPTH, TooDeep, check_depth
from openlineage_avro.event.facets import CONTAINERS
from openlineage_avro.event.marker import marked

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

NON_SERIALIZABLE = "<<non-serializable"  # begins OpenLineage's marker

_SCALARS = frozenset((str, int, float, bool))
_PLAIN = _SCALARS | {type(None)}
_told_in: int | None = None  # the process


def to_dict(event: Any) -> dict[str, Any]:
    """Return an event, one of OpenLineage's six event classes, as the dict of its JSON.

    A dict is returned as it is: its nulls are part of the event. Values that JSON does not know
    stay as they are, as in Serde. What is returned has MAX_DEPTH levels at most: a facet of an
    event's object that has more is replaced by a marker (marker.py), anything else that has more
    raises EncodeError.
    """
    try:
        if isinstance(event, dict):
            check_depth(event)
            return event
        if field_names(event.__class__):
            return _walked_members(event)
    except TooDeep as exc:
        raise EncodeError(str(exc)) from exc
    raise EncodeError(f"expected an OpenLineage event or a dict, got {type(event).__name__}")


def json_form(value: Any) -> Any:
    """Return what stands in JSON for a value that JSON does not know, as Serde writes it."""
    made = _walk(value, MAX_DEPTH)
    if made is value:
        return f"{NON_SERIALIZABLE}: {type(value).__qualname__}>>"
    return made


def _walked_members(event: Any) -> dict[str, Any]:
    made = {}
    for name in field_names(event.__class__):
        try:
            member = _walk(getattr(event, name), MAX_DEPTH - 1)
        except TooDeep:
            raise TooDeep(name) from None
        if member is not None:
            made[name] = member
    return made


# Each walk gets a value and how many levels it may have.


def _walk(value: Any, levels: int) -> Any:
    cls = value.__class__
    return value if cls in _PLAIN else _walk_of(cls)(value, levels)


def _walk_dict(value: Any, levels: int) -> Any:
    if not levels:
        raise TooDeep
    made = {}
    for key, member in value.items():
        cls = member.__class__
        if cls in _SCALARS:  # asked here to save a call for most members
            made[key] = member
        elif member is not None:
            walked = _walk_of(cls)(member, levels - 1)
            if walked is not None:
                made[key] = walked
    return made


def _walk_list(value: Any, levels: int) -> Any:
    if not levels:
        raise TooDeep
    made = []
    for member in value:
        walked = _walk(member, levels - 1)
        if walked is not None and not (walked.__class__ is dict and not walked):
            made.append(walked)
    return made


def _walk_object(names: tuple[str, ...], value: Any, levels: int) -> Any:
    if not levels:
        raise TooDeep
    made = {}
    for name in names:
        member = getattr(value, name)
        if member.__class__ in _SCALARS:
            made[name] = member
        elif member is not None:
            walk = _walk_facets if name in CONTAINERS else _walk
            walked = walk(member, levels - 1)
            if walked is not None:
                made[name] = walked
    return made


def _walk_facets(facets: Any, levels: int) -> Any:
    if not isinstance(facets, dict):
        return _walk(facets, levels)
    made = {}
    for name, facet in facets.items():
        try:
            walked = _walk(facet, levels - 1)
        except (TooDeep, RecursionError):  # the latter where the stack was nearly full before
            walked = _cut(name, facet)
        if walked is not None:
            made[name] = walked
    return made


def _cut(name: str, facet: Any) -> dict[str, Any]:
    """Return what stands for a facet that is too deep; log a warning, once per process."""
    global _told_in
    if _told_in != os.getpid():
        _told_in = os.getpid()
        log.warning(
            "The facet %s has more than %d levels or contains itself: it is sent without content",
            name,
            MAX_DEPTH,
        )
    fields = {field: getattr(facet, field) for field in field_names(facet.__class__)}
    return marked(fields or facet, levels=MAX_DEPTH)


@lru_cache(maxsize=1000)  # facets with additional properties have each a class of their own
def _walk_of(cls: type) -> Callable[[Any, int], Any]:
    """Return how values of a class are walked."""
    for base, walk in _KNOWN:
        if issubclass(cls, base):
            return walk
    if names := field_names(cls):
        return partial(_walk_object, names)
    if cls.__name__ == "int64":  # numpy's
        return lambda value, _levels: int(value)
    return lambda value, _levels: value


_KNOWN: tuple[tuple[Any, Callable[[Any, int], Any]], ...] = (
    (Enum, lambda value, _levels: value.value),
    (datetime.date, lambda value, _levels: value.isoformat()),  # datetime.datetime is one, too
    (uuid.UUID, lambda value, _levels: str(value)),
    (dict, _walk_dict),
    ((list, tuple, set, frozenset), _walk_list),
)
