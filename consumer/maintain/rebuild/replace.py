"""Has what was derived anew take the place of what the store has: only what differs is changed."""

import logging

from psycopg import sql

from consumer.maintain.rebuild.scratch import SCHEMA, Redirected
from consumer.maintain.rebuild.tables import ADDED, KEYED, NAMES, OF_VALUES
from consumer.maintain.session import Session
from consumer.sql import query

log = logging.getLogger(__name__)

STORE = "lineage_store"


def replace_all(session: Session, connection: Redirected) -> int:
    """Replace what differs, within a transaction that lets nobody else write; return how much.

    That is, how many rows were deleted, inserted or changed.
    """
    _separate_again(session, connection)
    session.change("rebuild/keep_group_ids")
    session.change("rebuild/copy_all_jobs")
    session.change("rebuild/copy_all_datasets")
    changed = sum(_update(session, name) for name in NAMES)
    changed += sum(_delete(session, name, key) for name, key in KEYED.items())
    changed += sum(_insert(session, name, key) for name, key in {**ADDED, **KEYED}.items())
    return changed + sum(_of_values(session, *each) for each in OF_VALUES.items())


def _separate_again(session: Session, connection: Redirected) -> None:
    """Take names apart as people did (`separate-names`): that follows from no event."""
    ids = sorted({each for pair in session.ask("rebuild/copy_cuts") for each in pair})
    if ids:
        with connection.elsewhere():
            connection.execute(query("names/regroup"), {"ids": ids})


def _update(session: Session, table: str) -> int:
    return _told(table, session.define("rebuild/update", _parts(session, table, ("id",))))


def _delete(session: Session, table: str, key: tuple[str, ...]) -> int:
    return _told(table, session.define("rebuild/delete", _parts(session, table, key)))


def _insert(session: Session, table: str, key: tuple[str, ...]) -> int:
    return _told(table, session.define("rebuild/insert", _parts(session, table, key)))


def _of_values(session: Session, table: str, part: str) -> int:
    parts = _parts(session, table, ("value_hash",)) | {"part": sql.Literal(part)}
    return _told(table, session.define("rebuild/replace_values", parts))


def _told(table: str, rows: int) -> int:
    if rows:
        log.info("%s: %d rows differ", table, rows)
    return rows


def _parts(session: Session, table: str, key: tuple[str, ...]) -> dict[str, sql.Composable]:
    """Return the parts of statements about a table; numbers that it gives itself are left out."""
    columns = session.ask("rebuild/columns", table=f"{STORE}.{table}")
    names = [sql.Identifier(name) for name, _ in columns]
    values = [
        sql.SQL("{0}::text::{1} AS {0}").format(sql.Identifier(name), sql.SQL(own_type))
        if own_type  # of the schema: the scratch schema has another one of that name
        else sql.Identifier(name)
        for name, own_type in columns
    ]
    comma = sql.SQL(", ")
    return {
        "live": sql.Identifier(STORE, table),
        "new": sql.SQL("(SELECT {} FROM {})").format(
            comma.join(values), sql.Identifier(SCHEMA, table)
        ),
        "columns": comma.join(names),
        "new_key": comma.join(sql.SQL("new.{}").format(sql.Identifier(each)) for each in key),
        "old_key": comma.join(sql.SQL("old.{}").format(sql.Identifier(each)) for each in key),
        "new_columns": comma.join(sql.SQL("new.{}").format(name) for name in names),
        "old_columns": comma.join(sql.SQL("old.{}").format(name) for name in names),
    }
