"""Connections that only read, shared by the threads that answer requests."""

from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool

from consumer.decode.json_value import json_of
from consumer.store.database import READING, DictConnection, parameters_of

WAIT_SECONDS = 10.0  # for a free connection


def reading_pool(
    database_url: str, size: int, statement_seconds: float
) -> ConnectionPool[DictConnection]:
    """Return a pool of at most `size` connections that read; a statement may take so long.

    Nothing is connected yet, so that a program can start before its database does.
    """
    session = f"{READING} -c statement_timeout={int(statement_seconds * 1000)}"
    pool: ConnectionPool[DictConnection] = ConnectionPool(
        make_conninfo(database_url),
        min_size=1,
        max_size=size,
        timeout=WAIT_SECONDS,
        open=False,
        configure=_keep_digits,
        kwargs={
            "autocommit": True,
            "row_factory": dict_row,
            "application_name": "openlineage-avro-api",
            **parameters_of(database_url, session),
        },
    )
    return pool


def _keep_digits(connection: DictConnection) -> None:
    """Have jsonb read with every digit of its numbers."""
    set_json_loads(
        lambda value: json_of(value if isinstance(value, str) else value.decode()), connection
    )
