"""Connects to PostgreSQL, runs statements on rows, and translates errors, at this boundary."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import Composed

from consumer.errors import (
    Conflict,
    ConsumerError,
    EventRefused,
    NoRights,
    NotFound,
    StoreProblem,
)
from consumer.sql import query

Connection = psycopg.Connection[tuple[Any, ...]]
DictConnection = psycopg.Connection[dict[str, Any]]

Result = TypeVar("Result")

CONNECT_SECONDS = 10
MOST_CONFLICTS = 10
# A consumer that stops in the middle of a transaction must not keep the others waiting forever.
# Compiling statements (jit) costs more than a batch takes. Every statement finds few rows by an
# index: its plan must not depend on what PostgreSQL believes of a table that it has not analysed.
SESSION = (
    "-c timezone=UTC -c jit=off -c plan_cache_mode=force_generic_plan"
    " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
    " -c idle_in_transaction_session_timeout=60000"
)
# Whoever asks may get many rows: PostgreSQL's own choice of plans is best there.
READING = "-c timezone=UTC -c jit=off -c default_transaction_read_only=on"
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
# tcp_user_timeout: how long sent bytes may stay unacknowledged, in milliseconds.
PARAMETERS: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 30_000}

# What libpq says when it is likely that the settings are wrong; but names may not resolve for a
# while, and a server that fails over may not know its databases yet.
LIKELY_WRONG = {
    "password authentication failed": "correct the user or password in DATABASE_URL",
    "no password supplied": "put a password into DATABASE_URL (or ~/.pgpass, PGPASSWORD)",
    "no pg_hba.conf entry": "allow this user and host in pg_hba.conf of the server",
    "does not exist": "create it, or correct DATABASE_URL",
    "could not translate host name": "correct the host in DATABASE_URL",
    "failed to resolve host": "correct the host in DATABASE_URL",
    "permission denied for database": "GRANT CONNECT on the database to this user",
}
log = logging.getLogger(__name__)

# Serialization failure, deadlock, and a key that another transaction has just inserted.
CONFLICTS = ("40001", "40P01", "23505")
# SQLSTATE classes; https://www.postgresql.org/docs/current/errcodes-appendix.html
REFUSED = ("21", "22", "23", "54")  # cardinality, data, constraint, program limit exceeded
TOO_LONG = "54000"  # beyond what an index takes
NOT_FOUND = ("P0002", "42P08")  # what schema lineage raises: no such name, or more than one
MISSING = ("3F000", "42P01", "42883", "42703")  # schema, table, function, column
FULL = "53100"  # disk full
TRANSIENT = ("08", "25", "40", "53", "55", "57", "58")


def connect(
    database_url: str, session: str = SESSION, kind: type[Connection] = psycopg.Connection
) -> Connection:
    """Return a connection in autocommit mode whose times are UTC; raise StoreProblem."""
    with translated(where_of(database_url)):
        return kind.connect(
            database_url,
            autocommit=True,
            application_name="openlineage-avro-consumer",
            **parameters_of(database_url, session),
        )


def send(connection: Connection, name: str, rows: Sequence[NamedTuple]) -> list[tuple[Any, ...]]:
    """Run a query on rows whose fields are its parameters; return its answer, if it has one.

    Each field is sent as one array, for unnest. Without rows nothing is sent.
    """
    return send_columns(connection, name, columns_of(rows)) if rows else []


def columns_of(rows: Sequence[NamedTuple]) -> dict[str, list[Any]]:
    """Return the fields of some rows, at least one, as arrays by their names."""
    columns = map(list, zip(*rows, strict=True))
    return dict(zip(rows[0]._fields, columns, strict=True))


def send_columns(
    connection: Connection, name: str, columns: Mapping[str, Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """Run a query whose parameters are arrays; return its answer, if it has one."""
    cursor = connection.execute(query(name), columns)
    return cursor.fetchall() if cursor.description else []


def stream(
    connection: Connection, statement: Composed, parameters: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an answer as they come, so that never all of them are in memory.

    Nothing else can be asked until the last has come.
    """
    yield from connection.cursor().stream(statement, parameters)


def despite_conflicts(act: Callable[[], Result]) -> Result:
    """Return what a transaction returns, tried again at once where another's was in its way.

    Each time another consumer has stored its own, so this ends; raises Conflict should it not.
    """
    for _ in range(MOST_CONFLICTS):
        try:
            return act()
        except Conflict as exc:
            log.debug("trying again: %s", exc)
    return act()


def where_of(database_url: str) -> str:
    """Return host, port and database of a DSN, for messages; never its password."""
    try:
        parts = conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        # Its text may repeat the password, and so may the chain of errors.
        raise StoreProblem(
            "DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
            " or keyword=value pairs, got something libpq cannot read"
        ) from None
    host, port = parts.get("host", "localhost"), parts.get("port", 5432)
    return f"{host}:{port}/{parts.get('dbname', '')}"


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise psycopg's errors as StoreProblem or EventRefused, saying whether a retry helps."""
    try:
        yield
    except psycopg.Error as exc:
        raise _translated(exc, where) from exc


def parameters_of(database_url: str, session: str) -> dict[str, Any]:
    """Return libpq's parameters that go with a DSN, unless it says otherwise."""
    given = conninfo_to_dict(database_url)
    options = f"{session} {given['options']}" if given.get("options") else session
    defaults = {**PARAMETERS, **KEEPALIVE}
    return {"options": options} | {k: v for k, v in defaults.items() if k not in given}


def _translated(exc: psycopg.Error, where: str) -> ConsumerError:
    state, line = exc.sqlstate or "", _first_line(exc)
    for phrase, fix in LIKELY_WRONG.items():
        if not state and isinstance(exc, psycopg.OperationalError) and phrase in str(exc):
            return StoreProblem(f"PostgreSQL at {where} refused: {line}; {fix}", retry=True)
    if state in NOT_FOUND:
        return NotFound(line)
    if state == "42501":
        return NoRights(
            f"PostgreSQL at {where}: {line}; let the owner of the database run"
            " `openlineage-avro-consumer migrate`, with --grant-to ROLE for this user"
        )
    # A month got its own partition while a row was on its way to the default one: the check that
    # fails is no constraint with a name.
    is_moved = state == "23514" and not exc.diag.constraint_name
    if state in CONFLICTS or is_moved:
        return Conflict(f"PostgreSQL at {where}: {line}", retry=True)
    if state == TOO_LONG:
        line += "; a name in the event is too long to be found by"
    if state.startswith(REFUSED) or (not state and isinstance(exc, psycopg.DataError)):
        return EventRefused(f"PostgreSQL: {line}")
    if state == FULL:
        return StoreProblem(f"PostgreSQL at {where} has no room: {line}; free its disk", retry=True)
    if state.startswith(TRANSIENT) or (not state and isinstance(exc, psycopg.OperationalError)):
        fix = "is the server running, and is DATABASE_URL right?"
        return StoreProblem(f"PostgreSQL at {where} cannot be reached: {line}; {fix}", retry=True)
    if state in MISSING:
        line += "; run `openlineage-avro-consumer migrate`"
    return StoreProblem(f"PostgreSQL at {where}: {state} {line}")


def _first_line(exc: psycopg.Error) -> str:
    primary = exc.diag.message_primary
    lines = str(primary or exc).strip().splitlines()
    return " ".join(line.strip() for line in lines[:2]) if lines else type(exc).__name__
