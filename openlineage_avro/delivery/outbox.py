"""The outbox: every record is written down before it is sent, and deleted once Kafka has it.

So its process may be killed at any moment (the pattern: https://microservices.io/patterns/data/
transactional-outbox.html). A record belongs to its sender until `sending_until`; then, or when the
sender has failed, it waits, and is sent in the order of the numbers by whoever drains.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from openlineage_avro.delivery.spool import claims_now, servers_in_order
from openlineage_avro.errors import OutboxError
from openlineage_avro.record.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection

    from openlineage_avro.delivery.spool import Spool

BATCH_RECORDS, BATCH_BYTES = 500, 1_000_000
# Records above this size travel alone: the broker may refuse them, and with them their batch.
LARGE = 60_000


class Waiting(NamedTuple):
    """A record that waits, with its number."""

    number: int
    record: Record


class Outbox:
    """The records of one topic that Kafka does not have. Every method may raise OutboxError."""

    def __init__(self, spool: Spool, max_bytes: int, max_age: float | None) -> None:
        """Take the bounds on the whole file (bytes) and on a record's age (seconds)."""
        self._spool, self._max_bytes, self.max_age = spool, max_bytes, max_age

    def add(self, record: Record, seconds: float) -> int:
        """Write a record down; return its number. For `seconds` only its sender may send it."""
        now = time.time()
        headers = [(name, value.decode("latin-1")) for name, value in record.headers]
        statement = (
            "INSERT INTO record (destination_id, created, sending_until, key, headers, value)"
            " VALUES (?, ?, ?, ?, ?, ?)"
        )
        with self._spool.destination() as (connection, here):
            self._check_room(connection)
            values = (here, now, now + seconds, record.key, json.dumps(headers), record.value)
            return int(connection.execute(statement, values).lastrowid or 0)

    def remove(self, numbers: Sequence[int]) -> None:
        """Delete records that Kafka has."""
        with self._spool.destination() as (connection, _), connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("DELETE FROM record WHERE number = ?", [(n,) for n in numbers])

    def release(self, number: int) -> None:
        """Let a record wait: its sender has failed."""
        with self._spool.destination() as (connection, _):
            connection.execute("UPDATE record SET sending_until = 0 WHERE number = ?", (number,))

    def refuse(self, number: int, reason: str) -> None:
        """Make a record that Kafka will never take a dead letter: kept, and not tried again."""
        statement = "UPDATE record SET refused = ?, sending_until = 0 WHERE number = ?"
        with self._spool.destination() as (connection, _):
            connection.execute(statement, (reason, number))

    def retry_refused(self) -> int:
        """Let dead letters wait again; return how many."""
        statement = "UPDATE record SET refused = NULL WHERE destination_id = ? AND refused NOTNULL"
        with self._spool.destination() as (connection, here):
            return connection.execute(statement, (here,)).rowcount

    def batch(self) -> list[Waiting]:
        """Return the first records that wait, in their order: many small ones or one large one."""
        query = (
            "SELECT number, key, value, headers FROM record"
            " WHERE destination_id = :here AND refused IS NULL"
            " AND (sending_until <= :now OR sending_until > :latest)"
            " ORDER BY number LIMIT :most"
        )
        with self._spool.destination() as (connection, here):
            values = {"here": here, "most": BATCH_RECORDS, **claims_now()}
            rows = connection.execute(query, values)
            return list(_first(rows, self._spool.topic))

    def anything_waits(self) -> bool:
        """Return whether there is a record to drain."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM record WHERE destination_id = :here AND refused IS NULL"
            " AND (sending_until <= :now OR sending_until > :latest))"
        )
        with self._spool.destination() as (connection, here):
            values = {"here": here, **claims_now()}
            return bool(connection.execute(query, values).fetchone()[0])

    def adopt(self, servers: str) -> int:
        """Take over what waits for the same topic on other servers; return how many records."""
        statement = (
            "UPDATE record SET destination_id = ? WHERE destination_id ="
            " (SELECT id FROM destination WHERE servers = ? AND topic = ?)"
        )
        with self._spool.destination() as (connection, here):
            values = (here, servers_in_order(servers), self._spool.topic)
            return connection.execute(statement, values).rowcount

    def drop_expired(self) -> int:
        """Delete what is older than the bound on age; return how many records that were."""
        if self.max_age is None:
            return 0
        statement = "DELETE FROM record WHERE destination_id = ? AND created < ?"
        with self._spool.destination() as (connection, here):
            return connection.execute(statement, (here, time.time() - self.max_age)).rowcount

    def shrink(self) -> None:
        """Give free pages of the file back to the file system."""
        with self._spool.destination() as (connection, _):
            connection.execute("PRAGMA incremental_vacuum").fetchall()

    def _check_room(self, connection: Connection) -> None:
        database = self._spool.database
        used = database.bytes_used(connection)
        if used >= self._max_bytes:
            raise OutboxError(
                f"{database.file}: full: {used} bytes, spool_max_bytes is {self._max_bytes}"
            )


def _first(rows: Any, topic: str) -> Iterator[Waiting]:
    """Yield rows as records until they make a batch."""
    size = 0
    for number, key, value, headers in rows:
        size += len(value)
        if size > len(value) and (size > BATCH_BYTES or len(value) > LARGE):
            return
        decoded = tuple((name, text.encode("latin-1")) for name, text in json.loads(headers))
        yield Waiting(number, Record(topic, key, value, decoded))
        if len(value) > LARGE:
            return
