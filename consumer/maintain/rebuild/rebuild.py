"""Rebuilds the model: derives it in the scratch schema, catches up, and replaces what differs.

Nobody notices but at the end: then consumers wait, as they wait for a slow database, until what
came meanwhile is derived as well, and the rows that differ are replaced in the same transaction.
Readers never wait, and see the whole of the old model until they see the whole of the new one.
"""

import logging
import threading
import time
from dataclasses import dataclass

from consumer.errors import StoreProblem
from consumer.maintain.rebuild.replace import replace_all
from consumer.maintain.rebuild.replay import Replay
from consumer.maintain.rebuild.scratch import Redirected, prepare
from consumer.maintain.session import Session, maintaining
from consumer.store.migrate import pending
from openlineage_avro.schema_registry import SchemaOf, without_registry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rebuilt:
    """What was done: events that were derived now, rows that differed, how long writers waited."""

    events: int
    changed: int
    waited_seconds: float


def forgotten(database_url: str) -> int:
    """Return how many events were stored once and are not kept; raise StoreProblem."""
    with maintaining(database_url, threading.Event()) as session:
        ((count,),) = session.ask("rebuild/forgotten")
    return int(count)


def rebuild(
    database_url: str,
    stop: threading.Event,
    schema_of: SchemaOf = without_registry,
    *,
    is_anew: bool = False,
    is_shown: bool = False,
) -> Rebuilt | None:
    """Derive the model anew; None where it was stopped, and will go on from there.

    `is_anew`: do not go on with what an earlier, stopped one has derived. Raises StoreProblem.
    """
    if missing := pending(database_url):
        raise StoreProblem(f"rebuild: run `migrate` first; not applied: {', '.join(missing)}")
    with maintaining(database_url, stop, is_shown=is_shown, kind=Redirected) as session:
        connection = session.connection
        assert isinstance(connection, Redirected)
        if prepare(session, is_anew=is_anew):
            log.info("going on with what an earlier rebuild has derived")
        ((packs,),) = session.ask("rebuild/left")
        with session.progress("packs of events", packs) as progress:
            replay = Replay(session, connection, schema_of, progress)
            replay.run()
            if stop.is_set():
                return None
            return _finish(session, connection, replay)


def _finish(session: Session, connection: Redirected, replay: Replay) -> Rebuilt:
    session.define("rebuild/analyze", {})
    began = time.monotonic()

    def finish() -> int:
        nonlocal began
        replay.known.forget()
        session.define("rebuild/lock_writers", {})
        began = time.monotonic()
        session.ask("rebuild/plan_freely")
        after: int | None = 0
        while after is not None:
            after = replay.page(after)
            replay.known.values.stored()
        changed = replace_all(session, connection)
        session.define("rebuild/drop", {})
        return changed

    changed = session.patiently(finish, "the tables of schema lineage_store")
    return Rebuilt(replay.events, changed, time.monotonic() - began)
