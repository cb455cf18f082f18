"""Forgets events before a month, and runs of which no event is left; jobs and datasets live on.

Old months are dropped, which takes no longer for many events. All else goes in small steps that
nobody waits for long.
"""

import logging
from datetime import datetime
from uuid import UUID

from psycopg import sql

from consumer.maintain.session import Session

STEP_BLOCKS = 100  # of 8 KB; some thousand rows

log = logging.getLogger(__name__)


def bound_of(session: Session, days: int) -> datetime:
    """Return the beginning of the month in which the oldest day lies that is kept."""
    ((bound,),) = session.ask("maintain/bound", days=days)
    assert isinstance(bound, datetime)
    return bound


def count_old(session: Session, bound: datetime) -> tuple[int, int]:
    """Return how many events and runs `forget` would delete."""
    ((events, runs),) = session.ask("maintain/count_old", bound=bound)
    return events, runs


def forget(session: Session, bound: datetime) -> None:
    """Forget what is before `bound`; raise StoreProblem where a partition cannot be dropped."""
    for (names,) in session.ask("maintain/old_months", bound=bound):
        if session.stop.is_set():
            return
        _drop(session, names)
    _forget_rest_of_events(session, bound)
    runs = sum(
        _forget_runs(session, bound, blocks) for blocks in session.blocks("runs", STEP_BLOCKS)
    )
    for blocks in session.blocks("families", STEP_BLOCKS):
        _forget_families(session, session.ask("maintain/families", **blocks))
    log.info("forgot what is before %s: %d runs", f"{bound:%Y-%m-%d}", runs)


def _drop(session: Session, names: list[str]) -> None:
    """Drop the partitions of a month, that of events and that of packs, at once."""
    tables = sql.SQL(", ").join(sql.Identifier("lineage_store", name) for name in names)

    def drop() -> None:
        session.define("maintain/drop_months", {"tables": tables})

    session.patiently(drop, ", ".join(names))
    log.info("dropped %s", ", ".join(names))


def _forget_rest_of_events(session: Session, bound: datetime) -> None:
    """Delete the old rows of the default partitions: events first, then packs without any."""
    ((last_pack,),) = session.ask("maintain/last_pack")
    events = sum(
        session.change("maintain/forget_events", bound=bound, **blocks)
        for blocks in session.blocks("events_default", STEP_BLOCKS)
    )
    if session.stop.is_set():
        return
    packs = sum(
        session.change("maintain/forget_packs", bound=bound, last_pack=last_pack, **blocks)
        for blocks in session.blocks("event_packs_default", STEP_BLOCKS)
    )
    if events or packs:
        log.info("forgot %d events of the default partition", events)
        for table in ("events_default", "event_packs_default"):
            session.define("maintain/vacuum", {"table": sql.Identifier(table)})


def _forget_runs(session: Session, bound: datetime, blocks: dict[str, str]) -> int:
    """Forget runs in some blocks, with all that hangs on them alone; return their number.

    They are locked, and only then asked for who refers to them: whoever stores such a run locks
    those that it refers to as well, so that none comes in between.
    """
    with session.connection.transaction():
        ids = _first(session.ask("maintain/lock_runs", bound=bound, **blocks))
        gone = _first(session.ask("maintain/forget_runs", bound=bound, ids=ids)) if ids else []
        if gone:
            session.change("maintain/forget_run_io", ids=gone)
            session.change("maintain/forget_checks", ids=gone)
            session.change("maintain/forget_dag_runs", ids=gone)
    return len(gone)


def _forget_families(session: Session, rows: list[tuple[UUID]]) -> None:
    """Forget families of forgotten runs; with the last that refers to it, each goes, too."""
    ids = _first(rows)
    while ids and not session.stop.is_set():
        with session.connection.transaction():
            locked = _first(session.ask("maintain/lock_families", ids=ids))
            gone = session.ask("maintain/forget_families", ids=locked) if locked else []
        ids = sorted({above for row in gone for above in row if above})


def _first(rows: list[tuple[UUID]]) -> list[UUID]:
    return [row[0] for row in rows]
