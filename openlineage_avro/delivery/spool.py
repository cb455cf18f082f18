"""The spool: a file on disk that all processes of a host share, with a row for each Kafka topic.

Of one topic it holds the records not sent yet (outbox.py), what is known of Kafka (breaker.py),
and who drains (drain.py).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from openlineage_avro.config.settings import spool_directory
from openlineage_avro.delivery.database import BUSY_SECONDS, Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from sqlite3 import Connection

    from openlineage_avro.config.settings import AvroKafkaConfig

# For so long at most a process has a record in hand, or drains.
LONGEST_CLAIM_SECONDS = 60.0
FILE = "spool.sqlite"


def servers_in_order(servers: str) -> str:
    """Return host:port[,host:port] in an order of its own, as rows of topics have it."""
    return ",".join(sorted(each.strip() for each in servers.split(",")))


class Spool:
    """A folder's file, seen from one topic of one Kafka. Every method may raise OutboxError."""

    def __init__(self, folder: Path, servers: str, topic: str) -> None:
        """Name the folder; nothing is opened before it is used."""
        self.folder = folder
        self.topic = topic
        self.database = Database(folder / FILE)
        self._known: tuple[Connection, int] | None = None
        self.servers = servers_in_order(servers)

    @classmethod
    def of(cls, config: AvroKafkaConfig) -> Spool | None:
        """Return the spool of the settings, or None where they want none."""
        folder = spool_directory(config)
        return None if folder is None else cls(folder, config.bootstrap_servers, config.topic)

    @contextmanager
    def destination(self, seconds: float = BUSY_SECONDS) -> Iterator[tuple[Connection, int]]:
        """Yield a connection and the id of the topic's row, which is made where it is missing.

        Each statement is a transaction of its own. Other processes' writes are waited for up to
        `seconds`.
        """
        with self.database.connection(seconds) as connection:
            yield connection, self._id(connection)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        self._known = None
        self.database.close()

    def _id(self, connection: Connection) -> int:
        if self._known is None or self._known[0] is not connection:
            self._known = (connection, self._find_id(connection))
        return self._known[1]

    def _find_id(self, connection: Connection) -> int:
        query = "SELECT id FROM destination WHERE servers = ? AND topic = ?"
        values = (self.servers, self.topic)
        found = connection.execute(query, values).fetchone()
        if found is None:
            statement = "INSERT OR IGNORE INTO destination (servers, topic) VALUES (?, ?)"
            connection.execute(statement, values)
            found = connection.execute(query, values).fetchone()
        return int(found[0])


def claims_now() -> dict[str, float]:
    """Return parameters of queries: what is claimed until a time between the two is so now.

    What is claimed until a later time was so by a clock that has been set back since.
    """
    now = time.time()
    return {"now": now, "latest": now + LONGEST_CLAIM_SECONDS}


class Status(NamedTuple):
    """What a spool holds of one topic; times are seconds since 1970.

    sending: records that a process has in hand. refused: dead letters, which Kafka will not take.
    """

    servers: str
    topic: str
    waiting: int
    sending: int
    refused: int
    bytes: int
    oldest: float | None
    failures: int
    failure: str | None
    try_again_at: float


def statuses(folder: Path) -> list[Status]:
    """Return what a folder's spool holds of each topic; nothing if there is no spool yet."""
    if not (folder / FILE).exists():
        return []
    query = """
        SELECT servers, topic,
            count(CASE WHEN refused IS NULL
                AND (sending_until <= :now OR sending_until > :latest) THEN 1 END),
            count(CASE WHEN refused IS NULL
                AND sending_until > :now AND sending_until <= :latest THEN 1 END),
            count(refused),
            coalesce(sum(coalesce(length(key), 0) + length(headers) + length(value)), 0),
            min(created), failures, failure, try_again_at
        FROM destination LEFT JOIN record ON destination_id = destination.id
        GROUP BY destination.id ORDER BY servers, topic
    """
    database = Database(folder / FILE)
    try:
        with database.connection() as connection:
            rows = connection.execute(query, claims_now()).fetchall()
    finally:
        database.close()
    return [Status(*row) for row in rows]
