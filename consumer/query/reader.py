"""Asks PostgreSQL many questions at once, each a statement of consumer/sql/queries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, NamedTuple

from consumer.decode.text import storable_text
from consumer.sql import query
from consumer.store.database import DictConnection, translated, where_of
from consumer.store.pool import reading_pool

Row = dict[str, Any]
# Whether somebody may see a row.
Sees = Callable[[Row], bool]


class Use(NamedTuple):
    """How many connections are used and free, and how many threads wait for one."""

    used: int
    free: int
    waiting: int


class Snapshot:
    """Answers that belong together: none sees what is stored between them."""

    def __init__(self, connection: DictConnection, sees: Sees) -> None:
        """Ask on a connection that is in a transaction."""
        self._connection = connection
        self._sees = sees

    def rows(self, statement: str, **parameters: Any) -> list[Row]:
        """Return the rows that a statement answers."""
        rows = self._connection.execute(query(statement), _asked(parameters)).fetchall()
        return list(filter(self._sees, rows))

    def row(self, statement: str, **parameters: Any) -> Row | None:
        """Return the first row that a statement answers, or None."""
        row = self._connection.execute(query(statement), _asked(parameters)).fetchone()
        return row if row is not None and self._sees(row) else None


class Reader:
    """A store that threads ask side by side; any role that may read schema `lineage` can."""

    def __init__(self, database_url: str, connections: int, statement_seconds: float) -> None:
        """Remember where the store is: connections are made as they are needed.

        A statement that takes longer than `statement_seconds` is ended by PostgreSQL.
        """
        self._where = where_of(database_url)
        self._pool = reading_pool(database_url, connections, statement_seconds)
        self._sees: Sees = _everything

    def seen_by(self, sees: Sees) -> "Reader":
        """Return the same store for somebody from whom some rows are kept."""
        other = copy(self)
        other._sees = sees
        return other

    def open(self) -> None:
        """Begin to connect, in the background."""
        self._pool.open()

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def use(self) -> Use:
        """Return how the connections are used now."""
        seen = self._pool.get_stats()
        free = seen.get("pool_available", 0)
        return Use(seen.get("pool_size", 0) - free, free, seen.get("requests_waiting", 0))

    def rows(self, statement: str, **parameters: Any) -> list[Row]:
        """Return the rows that a statement answers; raise StoreProblem or NotFound."""
        with translated(self._where), self._pool.connection() as connection:
            return Snapshot(connection, self._sees).rows(statement, **parameters)

    def row(self, statement: str, **parameters: Any) -> Row | None:
        """Return the first row that a statement answers, or None; raise as `rows` does."""
        with translated(self._where), self._pool.connection() as connection:
            return Snapshot(connection, self._sees).row(statement, **parameters)

    def change(self, statement: str, **parameters: Any) -> list[Row]:
        """Return what a statement that writes answers; raise NoRights where the role may not."""
        with (
            translated(self._where),
            self._pool.connection() as connection,
            connection.transaction(),
        ):
            connection.execute("SET TRANSACTION READ WRITE")
            return Snapshot(connection, self._sees).rows(statement, **parameters)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Yield what sees one state of the store; raise as `rows` does."""
        with (
            translated(self._where),
            self._pool.connection() as connection,
            connection.transaction(),
        ):
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield Snapshot(connection, self._sees)


def _asked(parameters: Row) -> Row:
    """Return parameters with text as the store has it: without what PostgreSQL cannot hold."""
    return {name: _storable(value) for name, value in parameters.items()}


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [storable_text(each) for each in value]
    return value


def _everything(_: Row) -> bool:
    return True
