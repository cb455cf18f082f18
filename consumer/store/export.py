"""Reads events back out of the store, as they were sent, in the order of their times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import psycopg

from consumer.sql import query
from consumer.store.database import READING, Connection, connect, translated, where_of

PAGE = 500


@dataclass(frozen=True)
class Selection:
    """Which events are meant: those of a run, a job or a pipeline run, or all; of a time."""

    run: str | None = None
    job: str | None = None
    job_namespace: str | None = None
    pipeline_run: str | None = None
    since: datetime | None = None
    until: datetime | None = None  # without it

    def statement(self) -> tuple[str, dict[str, str | datetime | None]]:
        """Return the query that finds their keys, and its parameters."""
        named = {
            "export/run": self.run,
            "export/job": self.job,
            "export/pipeline_run": self.pipeline_run,
        }
        chosen = next((each for each, name in named.items() if name is not None), "export/all")
        return chosen, {
            "name": named.get(chosen),
            "namespace": self.job_namespace,
            "since": self.since,
            "until": self.until,
        }


class StoredEvent(NamedTuple):
    """An event as it is stored."""

    body: str  # JSON text
    raw: bytes | None  # the record's value, where the text is not exactly the event


def stored_events(database_url: str, selection: Selection) -> Iterator[list[StoredEvent]]:
    """Yield a selection in pages, of one state of the store; raise StoreProblem.

    PostgreSQL sorts the events' keys, and neither it nor this program holds the events themselves.
    """
    where = where_of(database_url)
    with (
        connect(database_url, READING) as connection,
        translated(where),
        connection.transaction(),
    ):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        statement, parameters = selection.statement()
        with connection.cursor("exported") as keys:
            keys.execute(query(statement), parameters)
            while page := keys.fetchmany(PAGE):
                yield _bodies(connection, page)


def _bodies(connection: Connection, keys: list[tuple[object, ...]]) -> list[StoredEvent]:
    run_ids, times, hashes = map(list, zip(*keys, strict=True))
    cursor = connection.cursor(row_factory=psycopg.rows.args_row(StoredEvent))
    given = {"run_ids": run_ids, "times": times, "hashes": hashes}
    return cursor.execute(query("export/bodies"), given).fetchall()
