"""Sends the events of files to Kafka, and tells which are none."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from consumer.decode.validate import NotAnEvent, check_stored
from consumer.forward.files import Found
from consumer.progress import Progress

AT_ONCE = 500


def load(
    found: Iterable[Found],
    send: Callable[[Sequence[dict[str, Any]]], None],
    tell: Callable[[str], None],
    progress: Progress,
) -> int:
    """Send all that are events, in order; tell of the others; return how many others there are."""
    waiting: list[dict[str, Any]] = []
    bad = 0
    for each in found:
        problem = each.problem or _problem(each.event)
        if problem is None:
            waiting.append(each.event)
        else:
            bad += 1
            tell(f"{each.place}: {problem}")
        if len(waiting) >= AT_ONCE:
            send(waiting)
            progress.add(len(waiting))
            waiting = []
    send(waiting)
    progress.add(len(waiting))
    return bad


def _problem(event: Any) -> str | None:
    try:
        check_stored(event)
    except NotAnEvent as exc:
        return str(exc)
    return None
