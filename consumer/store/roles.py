"""Grants rights: to lineage_reader, who queries schema lineage alone, and to those who `run`."""

import logging
from contextlib import closing
from typing import NamedTuple

from psycopg import sql
from psycopg.rows import class_row

from consumer.errors import StoreProblem
from consumer.sql import query
from consumer.store.database import Connection, connect, translated, where_of

READER = "lineage_reader"

log = logging.getLogger(__name__)


class Rights(NamedTuple):
    """Which server it is, who asks, and what that role may do with the store there.

    `lacks` is what a consumer needs a right on that the role has not; None where it may `run`.
    """

    version: str
    role: str
    lacks: str | None
    is_owner: bool


def rights_of(database_url: str) -> Rights:
    """Return what the user of a DSN may do; raise StoreProblem."""
    with closing(connect(database_url)) as connection, translated(where_of(database_url)):
        return _rights(connection)


def grant_to_reader(connection: Connection) -> bool:
    """Let lineage_reader read schema lineage; return False where this user may not make it."""
    if not _find(connection, READER):
        if connection.execute(query("roles/may_create")).fetchone() != (True,):
            return False
        connection.execute(query("roles/create_reader"))
    _grant(connection, "roles/grant_reader", READER)
    return True


def grant_to_consumer(connection: Connection, role: str) -> None:
    """Let a role that owns nothing `run`; raise StoreProblem if there is none of that name."""
    own = _rights(connection)
    if not own.is_owner:  # PostgreSQL only warns where nothing is granted
        raise StoreProblem(
            f"--grant-to {role}: {own.role} may not grant it: let the owner of schema"
            " lineage_store do it"
        )
    found = _find(connection, role)
    if not found:
        raise StoreProblem(
            f"--grant-to {role}: expected a role of the server, there is none of that name:"
            f" make it (CREATE ROLE … LOGIN)"
        )
    if found != (True,):
        database = sql.Identifier(connection.info.dbname)
        _grant(connection, "roles/grant_connect", role, database=database)
    _grant(connection, "roles/grant_reader", role)
    _grant(connection, "roles/grant_consumer", role)
    log.info(
        "%s may read schema lineage, and read and write the rows of schema lineage_store:"
        " all that `run`, `status` and `rejected` need; `migrate` and `maintain` need the owner",
        role,
    )


def _rights(connection: Connection) -> Rights:
    cursor = connection.cursor(row_factory=class_row(Rights))
    (found,) = cursor.execute(query("roles/rights")).fetchall()
    return found


def _find(connection: Connection, role: str) -> tuple[bool] | None:
    """Return whether a role may connect to this database; None if there is none of that name."""
    return connection.execute(query("roles/find"), {"role": role}).fetchone()


def _grant(connection: Connection, name: str, role: str, **names: sql.Identifier) -> None:
    connection.execute(sql.SQL(query(name)).format(role=sql.Identifier(role), **names))
