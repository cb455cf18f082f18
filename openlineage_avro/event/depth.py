"""How deeply an event may be nested: one limit for what is sent and for what is stored.

Python's own functions end somewhere below 1000 levels; real events have about a dozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from openlineage_avro.event.access import field_names

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_DEPTH = 200  # levels of objects and arrays; the event itself is the first
NAMED_LEVELS = 4  # as inputs[0].facets.schema has

_ARRAYS = (list, tuple, set, frozenset)
_CONTAINERS = (dict, *_ARRAYS)
_LEAVES = frozenset((str, int, float, bool, type(None)))


class TooDeep(ValueError):  # noqa: N818 - says what is the matter
    """A value has more levels than MAX_DEPTH, or contains itself."""

    def __init__(self, path: str = "") -> None:
        """Name the path of the member that is too deep, where it is known."""
        expectation = f"expected at most {MAX_DEPTH} levels of nesting, got more"
        super().__init__(f"{path}: {expectation}" if path else expectation)


def check_depth(event: Any) -> None:
    """Raise TooDeep, which names the member, if an event has more than MAX_DEPTH levels."""
    if is_too_deep(event):
        raise TooDeep(_path(event, MAX_DEPTH, NAMED_LEVELS).removeprefix("."))


def may_be_deep(text: bytes, other_levels: int = 0) -> bool:
    """Tell whether what is read from JSON text may be too deep: asked first, since it is faster.

    Each level has a bracket in the text, and only the innermost may be empty; `other_levels` is
    how many there may be around it.
    """
    brackets = text.count(b"[") + text.count(b"{")
    if brackets + other_levels <= MAX_DEPTH:
        return False
    empty = text.count(b"[]") + text.count(b"{}")
    return brackets - empty + 1 + other_levels > MAX_DEPTH


def is_too_deep(value: Any, levels: int = MAX_DEPTH) -> bool:
    """Tell whether objects and arrays have more than `levels` levels, the value itself included.

    A value that contains itself has; it is noticed after as many steps as there are levels.
    """
    level = [value] if _is_container(value) else []
    for _ in range(levels):
        if not level:
            return False
        # Each once: what contains itself twice would double with every level.
        below = {
            id(member): member
            for each in level
            for member in _members(each)
            if member.__class__ not in _LEAVES
        }
        level = [member for member in below.values() if _is_container(member)]
    return bool(level)


def _is_container(value: Any) -> bool:
    return isinstance(value, _CONTAINERS) or bool(field_names(type(value)))


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, _ARRAYS):
        return cast("Iterable[Any]", value)
    return [getattr(value, name) for name in field_names(type(value))]


def _path(value: Any, levels: int, names: int) -> str:
    """Return the path of the first member that has more levels than it may, `names` long."""
    for name, member in _named_members(value) if names else ():
        if is_too_deep(member, levels - 1):
            return name + _path(member, levels - 1, names - 1)
    return ""


def _named_members(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f".{name!s:.80}", member) for name, member in value.items()]
    if isinstance(value, (list, tuple)):
        return [(f"[{index}]", member) for index, member in enumerate(value)]
    return []
