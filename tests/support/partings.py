"""Every place where two JSON values part, however their lists are ordered."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

# What makes two elements of lists the same one: the first of these that it has, else all of it.
IDENTITIES = (
    ("id",),
    ("datasetVersionId",),
    ("namespace", "dataset", "field"),
    ("namespace", "name"),
    ("origin", "destination"),
    ("name",),
)
LONG = 60


def partings(want: Any, got: Any, place: str = "") -> Iterator[str]:
    """Yield `PLACE: what was wanted -> what came`, with # for the numbers of elements.

    Of two runs that are not the same one only that is told: what else is in them follows from it.
    """
    if isinstance(want, dict) and isinstance(got, dict):
        if _are_other_runs(want, got):
            yield f"{place}/id: {want['id']} -> {got['id']}"
            return
        for key in [*want, *(key for key in got if key not in want)]:
            if key not in got:
                yield f"{place}/{key}: missing"
            elif key not in want:
                yield f"{place}/{key}: more"
            else:
                yield from partings(want[key], got[key], f"{place}/{key}")
    elif isinstance(want, list) and isinstance(got, list):
        yield from _of_lists(want, got, f"{place}/#")
    elif want != got or type(want) is not type(got):
        yield f"{place}: {_short(want)} -> {_short(got)}"


def _are_other_runs(want: dict[str, Any], got: dict[str, Any]) -> bool:
    return "state" in want and isinstance(want.get("id"), str) and want["id"] != got.get("id")


def _of_lists(want: list[Any], got: list[Any], place: str) -> Iterator[str]:
    wanted, found = _by_identity(want), _by_identity(got)
    for key, element in wanted.items():
        if key in found:
            yield from partings(element, found[key], place)
        else:
            yield f"{place}: missing {key[0]}"
    for key in found:
        if key not in wanted:
            yield f"{place}: more {key[0]}"


def _by_identity(elements: list[Any]) -> dict[tuple[str, int], Any]:
    """Return elements by what identifies each and how many such were before."""
    seen: Counter[str] = Counter()
    found = {}
    for element in elements:
        identity = _identity(element)
        found[identity, seen[identity]] = element
        seen[identity] += 1
    return found


def _identity(element: Any) -> str:
    if isinstance(element, dict):
        if isinstance(element.get("run"), dict):  # an element of /runlineage, or an event
            return json.dumps(element["run"].get("id", element["run"].get("runId")))
        for keys in IDENTITIES:
            if all(key in element for key in keys):
                return json.dumps([element[key] for key in keys], sort_keys=True)
    return json.dumps(element, sort_keys=True)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= LONG else type(value).__name__
