"""Maintains a store: once (`maintain`), or now and then beside a consumer (`run --maintain`)."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from consumer.errors import ConsumerError, MaintainerAtWork
from consumer.maintain.forget import bound_of, count_old, forget
from consumer.maintain.months import make_months
from consumer.maintain.packs import merge_packs
from consumer.maintain.session import maintaining

PAUSE = 3600.0  # seconds
STOP_SECONDS = 10.0

log = logging.getLogger(__name__)


def maintain(
    database_url: str,
    stop: threading.Event,
    keep_days: int | None = None,
    *,
    is_shown: bool = False,
) -> None:
    """Forget what is older than `keep_days`, make months, merge packs; raise StoreProblem."""
    with maintaining(database_url, stop, is_shown=is_shown) as session:
        if keep_days is not None:
            forget(session, bound_of(session, keep_days))
        make_months(session)
        merge_packs(session)


def what_would_be_forgotten(database_url: str, keep_days: int) -> str:
    """Return what `maintain` would forget, as a sentence; raise StoreProblem."""
    with maintaining(database_url, threading.Event()) as session:
        bound = bound_of(session, keep_days)
        events, runs = count_old(session, bound)
    return f"{events} events before {bound:%Y-%m-%d} and {runs} runs would be forgotten"


@contextmanager
def maintained(database_url: str) -> Iterator[None]:
    """Make months and merge packs now and then in a thread, as long as the context lasts.

    What goes wrong is logged: reading goes on.
    """
    stop = threading.Event()
    # A statement may last; PostgreSQL rolls it back when the process ends.
    thread = threading.Thread(target=_now_and_then, args=[database_url, stop], daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS)


def _now_and_then(database_url: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            maintain(database_url, stop)
        except MaintainerAtWork:
            pass  # another consumer, most often
        except ConsumerError as exc:
            log.warning("the store is not maintained: %s; trying again later", exc)
        stop.wait(PAUSE)
