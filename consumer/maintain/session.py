"""One process at a time maintains a store; here is how it begins, and how it waits for locks."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg import sql

from consumer.errors import MaintainerAtWork, StoreProblem
from consumer.progress import Progress
from consumer.sql import query
from consumer.store.database import Connection, connect, translated, where_of

# Whoever comes while a lock is waited for waits behind it: so it is waited for a short time, and
# again after a pause. PostgreSQL stops an autovacuum that is in the way after one second.
LOCK_MILLISECONDS = 2000
PAUSES = (1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0)  # seconds

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """A maintainer's connection; `stop` may be set by others, and ends the work after a step."""

    connection: Connection
    stop: threading.Event = field(default_factory=threading.Event)
    is_shown: bool = False  # whether progress is shown, where there is a terminal

    def ask(self, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run a query; return its answer, if it has one."""
        cursor = self.connection.execute(query(name), parameters)
        return cursor.fetchall() if cursor.description else []

    def change(self, name: str, **parameters: Any) -> int:
        """Run a statement; return how many rows it changed."""
        return self.connection.execute(query(name), parameters).rowcount

    def define(self, name: str, parts: Mapping[str, sql.Composable]) -> int:
        """Run a statement with names and literals filled in; return how many rows it changed."""
        return self.connection.execute(sql.SQL(query(name)).format(**parts)).rowcount

    def patiently(self, act: Callable[[], Answer], what: str) -> Answer:
        """Do in a transaction what locks all others out, without letting them wait long.

        Raises StoreProblem, which names `what`, where another transaction keeps its locks.
        """
        for pause in PAUSES:
            try:
                with self.connection.transaction():
                    self.ask("maintain/lock_timeout", milliseconds=str(LOCK_MILLISECONDS))
                    return act()
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                log.info("%s: waiting for transactions that use it", what)
            if self.stop.wait(pause):
                break
        raise StoreProblem(
            f"{what}: transactions that last (a long query, an idle session) keep it from being"
            " changed; end them (pg_stat_activity has them), or maintain again later",
            retry=True,
        )

    def blocks(self, table: str, step: int) -> Iterator[dict[str, str]]:
        """Yield the table of schema lineage_store in ranges of blocks, until told to stop."""
        ((count,),) = self.ask("maintain/blocks", table=f"lineage_store.{table}")
        with self.progress(f"parts of {table}", -(-count // step)) as progress:
            for first in progress.each(range(0, count, step)):
                if self.stop.is_set():
                    return
                yield {"first": f"({first},0)", "end": f"({first + step},0)"}

    def progress(self, what: str, total: int | None = None) -> Progress:
        """Return what shows how far a step is."""
        return Progress(what, total, is_shown=self.is_shown)


@contextmanager
def maintaining(
    database_url: str,
    stop: threading.Event,
    *,
    is_shown: bool = False,
    kind: type[Connection] = psycopg.Connection,
) -> Iterator[Session]:
    """Connect as the only maintainer of a store.

    Raises MaintainerAtWork where there is one already, and StoreProblem.
    """
    where = where_of(database_url)
    with closing(connect(database_url, kind=kind)) as connection, translated(where):
        session = Session(connection, stop, is_shown)
        if session.ask("maintain/may_maintain") != [(True,)]:
            raise StoreProblem(
                f"PostgreSQL at {where}: maintain and rebuild make and drop tables: let the"
                " owner of those in schema lineage_store run them; this user may `run` all the same"
            )
        if session.ask("maintain/lock") != [(True,)]:
            raise MaintainerAtWork(
                f"PostgreSQL at {where}: another process maintains the store at this moment",
                retry=True,
            )
        try:
            yield session
        finally:
            # A closed connection's session may last a moment longer than the connection.
            with suppress(psycopg.Error):
                session.ask("maintain/unlock")
