"""Brings a database to this program's schema: numbered migrations, then views and functions.

Migrations never change once they are released; each commits together with its record. Views and
functions are applied anew, all in one transaction, when their text has changed. Then follow the
rights of those who own nothing.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import psycopg

from consumer import sql
from consumer.decode.canonical import hash_of
from consumer.errors import StoreProblem
from consumer.sql import query
from consumer.sql.version import is_newer, newer
from consumer.store.database import Connection, connect, translated, where_of
from consumer.store.roles import READER, grant_to_consumer, grant_to_reader

OLDEST_SERVER = 140000
log = logging.getLogger(__name__)


def migrate_database(database_url: str) -> None:
    """Connect to a database and apply what is missing; raise StoreProblem."""
    with connect(database_url) as connection:
        migrate(connection)


def grant(database_url: str, roles: Sequence[str]) -> None:
    """Let lineage_reader read, and `roles` run a consumer; raise StoreProblem."""
    with (
        connect(database_url) as connection,
        translated(where_of(database_url)),
        _one_at_a_time(connection),
    ):
        if not grant_to_reader(connection):
            log.warning(
                "this user may not make role %s, which reads schema lineage: let somebody who may"
                " run `CREATE ROLE %s NOLOGIN`, then `openlineage-avro-consumer migrate` once more",
                READER,
                READER,
            )
        for role in roles:
            grant_to_consumer(connection, role)


def migrate(connection: Connection) -> None:
    """Apply what is missing; two consumers that start together wait for each other.

    Raises StoreProblem if the server is too old, the schema is newer than this program, a
    migration was changed after it was applied, or rights are missing.
    """
    if connection.info.server_version < OLDEST_SERVER:
        version = connection.info.parameter_status("server_version")
        raise StoreProblem(f"PostgreSQL: expected version 14 or later, got {version}")
    where = f"{connection.info.host}:{connection.info.port}/{connection.info.dbname}"
    with translated(where):
        _apply(connection)


def refuse_newer(database_url: str) -> None:
    """Raise StoreProblem where the database is newer than this program; any role may ask."""
    with connect(database_url) as connection, translated(where_of(database_url)):
        try:
            row = connection.execute(query("schema/version")).fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return  # nothing is there, or an older one
    if row is not None and is_newer(row[0]):
        raise StoreProblem(newer(row[0]))


def pending(database_url: str) -> list[str]:
    """Return the names of what `migrate` would apply; raise StoreProblem as it does."""
    with connect(database_url) as connection, translated(where_of(database_url)):
        applied = _applied(connection)
        if _is_current(connection, applied):
            return []
        names = [name for version, name, _ in sql.migrations() if version not in applied]
        return names or ["views and functions"]


def _apply(connection: Connection) -> None:
    if _is_current(connection, _applied(connection)):
        return
    with _one_at_a_time(connection):
        connection.execute(query("schema/create"))
    for version, name, text in sql.migrations():
        with _one_at_a_time(connection):
            if version not in _applied(connection):
                connection.execute(text.encode())
                record = {"version": version, "name": name, "hash": hash_of_text(text)}
                connection.execute(query("schema/insert_migration"), record)
                log.info("applied migration %s", name)
    with _one_at_a_time(connection):
        if _views_hash(connection) != _wanted_views_hash():
            for _, text in sql.views():
                connection.execute(text.encode())
            connection.execute(query("schema/set_views_hash"), {"hash": _wanted_views_hash()})
            log.info("applied views and functions")
    with _one_at_a_time(connection):
        grant_to_reader(connection)


@contextmanager
def _one_at_a_time(connection: Connection) -> Iterator[None]:
    """Begin a transaction that waits for those of other consumers that migrate."""
    with connection.transaction():
        connection.execute(query("schema/lock"))
        yield


def hash_of_text(text: str) -> UUID:
    """Return a hash of a file's text that tells whether it has changed."""
    return hash_of(text.encode("unicode_escape").decode("ascii"))


def _wanted_views_hash() -> UUID:
    return hash_of_text("\0".join(text for _, text in sql.views()))


def _is_current(connection: Connection, applied: dict[int, UUID]) -> bool:
    """Tell whether nothing is to be done; raise StoreProblem if the database is another's."""
    known = {version: (name, hash_of_text(text)) for version, name, text in sql.migrations()}
    if unknown := set(applied) - set(known):
        raise StoreProblem(newer(max(unknown)))
    for version, hash_there in applied.items():
        name, wanted = known[version]
        if hash_there != wanted:
            raise StoreProblem(
                f"migration {name} is not the one that was applied to the database:"
                " install the program that it is from, or use another database"
            )
    return len(applied) == len(known) and _views_hash(connection) == _wanted_views_hash()


def _applied(connection: Connection) -> dict[int, UUID]:
    try:
        return dict(connection.execute(query("schema/read_migrations")).fetchall())
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return {}


def _views_hash(connection: Connection) -> UUID | None:
    row = connection.execute(query("schema/read_views_hash")).fetchone()
    return row[0] if row else None
