"""The schema in which the model is derived anew: the same tables and functions, empty at first.

It is made by the same migrations, and written by the same statements as the store, with the name
of the schema replaced: so what is derived there is what a consumer derives.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

import psycopg

from consumer import sql
from consumer.maintain.session import Session
from consumer.store.migrate import hash_of_text

SCHEMA = "lineage_rebuild"
# The views and functions that statements which write need.
FUNCTIONS = ("10_extract.sql", "11_names.sql", "15_pipeline.sql")


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor of a redirected connection."""

    def execute(self, query: Any, *arguments: Any, **named: Any) -> Any:
        """Run a statement, as psycopg's own method does."""
        return super().execute(self._meant(query), *arguments, **named)

    def stream(self, query: Any, *arguments: Any, **named: Any) -> Any:
        """Run a query and yield its rows as they come, as psycopg's own method does."""
        return super().stream(self._meant(query), *arguments, **named)

    def _meant(self, query: Any) -> Any:
        if not getattr(self.connection, "is_redirected", False):
            return query
        return redirected(query if isinstance(query, str) else query.as_string(self))


class Redirected(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose statements can be made to mean the scratch schema."""

    is_redirected = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Take what psycopg's own connection takes."""
        super().__init__(*arguments, **named)
        self.cursor_factory = _Cursor

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Have statements mean the scratch schema as long as the context lasts."""
        self.is_redirected = True
        try:
            yield
        finally:
            self.is_redirected = False


@cache
def redirected(text: str) -> str:
    """Return a statement about the store as one about the scratch schema."""
    return re.sub(r"\blineage_store\b", SCHEMA, text)


def prepare(session: Session, *, is_anew: bool) -> bool:
    """Make the scratch schema, or go on with what an earlier run left; return whether it does.

    What another version of the program left is of no use, and is dropped.
    """
    with session.connection.transaction():
        there = session.ask("rebuild/is_there") == [(True,)]
        if there and not is_anew and _left_by(session) == _identity():
            return True
        session.define("rebuild/drop", {})
        session.define("rebuild/create", {})
        for text in _texts():
            session.connection.execute(redirected(text).encode())
        session.define("rebuild/share_ids", {})
        session.define("rebuild/share_events", {})
        session.change("rebuild/begin", hash=_identity())
    return False


def _left_by(session: Session) -> UUID | None:
    rows = session.ask("rebuild/begun")
    return rows[0][0] if rows else None


def _texts() -> list[str]:
    migrations = [text for _, _, text in sql.migrations()]
    return migrations + [text for name, text in sql.views() if name in FUNCTIONS]


def _identity() -> UUID:
    return hash_of_text("\0".join(_texts()))
