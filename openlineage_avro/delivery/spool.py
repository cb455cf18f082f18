"""Keeps records on disk until Kafka has them; shared by all processes of a host.

Every event is written here before it is sent and deleted when Kafka has acknowledged it, so that
its process may be killed at any moment. A record is its sender's until `sending_until`; then, or
when the sender has failed, it waits, and is drained in the order of the numbers by one process at
a time: the one that holds the destination's lease.

The row of `destination` also tells everyone on the host that Kafka failed and when to try it
again (a circuit breaker), so that only the first of many events waits for it.
"""

from __future__ import annotations

import json
import time
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from openlineage_avro.config.settings import spool_directory
from openlineage_avro.delivery.database import Database
from openlineage_avro.errors import SpoolError
from openlineage_avro.record.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from sqlite3 import Connection

    from openlineage_avro.config.settings import AvroKafkaConfig

FILE = "spool.sqlite"
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0  # seconds without a try after Kafka failed
BATCH_RECORDS, BATCH_BYTES = 500, 1_000_000
# Records above this size travel alone: the broker may refuse them, and with them their batch.
LARGE = 60_000


class Way(Enum):
    """What is to be done with an event that was let in."""

    SEND = "send"  # Kafka is well and nothing waits
    DRAIN = "drain"  # others wait before it
    PROBE = "probe"  # Kafka failed; this event shall find out whether it is back
    WAIT = "wait"  # Kafka failed a moment ago


class Ticket(NamedTuple):
    """An event's place in the spool; `number` is None if it could not be written: see `error`.

    failures, failure: how often Kafka has failed since it last took a record, and how.
    """

    way: Way
    number: int | None
    failures: int = 0
    failure: str | None = None
    error: Exception | None = None


class Waiting(NamedTuple):
    """A record that waits, with its number."""

    number: int
    record: Record


class Status(NamedTuple):
    """What a spool holds; times are seconds since 1970.

    sending: records that a process has in hand. refused: those that Kafka will not take.
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


class Spool:
    """The records that wait in a folder for one topic. Every method may raise SpoolError."""

    def __init__(
        self, folder: Path, servers: str, topic: str, max_bytes: int, max_age: float | None
    ) -> None:
        """Name the folder and its bounds (bytes, seconds); nothing is opened before it is used."""
        self.folder = folder
        self._topic = topic
        self._servers = ",".join(sorted(each.strip() for each in servers.split(",")))
        self._max_bytes, self._max_age = max_bytes, max_age
        self._database = Database(folder / FILE)

    @classmethod
    def of(cls, config: AvroKafkaConfig) -> Spool | None:
        """Return the spool of the settings, or None where they want none."""
        folder = spool_directory(config)
        if folder is None:
            return None
        return cls(
            folder,
            config.bootstrap_servers,
            config.topic,
            config.spool_max_bytes,
            config.spool_max_age,
        )

    def admit(self, record: Record, seconds: float) -> Ticket:
        """Write a record down and say what to do with it; if it is to be sent, in `seconds`.

        Other processes' writes are waited for up to half of that. Raises SpoolError if the spool
        cannot even be read.
        """
        now = time.time()
        with self._database.connection(seconds / 2) as connection:
            here = self._destination(connection)
            way, failures, failure = self._way(connection, here, now, seconds)
            until = now + seconds if way is Way.SEND else 0.0
            try:
                with self._database.translated():
                    self._check_room(connection)
                    number = _insert(connection, here, record, now, until)
            except SpoolError as exc:
                return Ticket(way, None, failures, failure, exc)
        return Ticket(way, number, failures, failure)

    def sent(self, numbers: Sequence[int], recovered: bool = False) -> None:
        """Forget records that Kafka has; `recovered` says that it is well again."""
        with self._database.connection() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("DELETE FROM record WHERE number = ?", [(n,) for n in numbers])
            if recovered:
                self._set_state(connection, 0, None, 0.0)

    def failed(self, number: int | None, failures: int, reason: str) -> None:
        """Let a record wait, and all events after it, for a time that grows with the failures.

        failures: how often Kafka has failed now, at least 1.
        """
        pause = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE)
        with self._database.connection() as connection:
            connection.execute("UPDATE record SET sending_until = 0 WHERE number = ?", (number,))
            self._set_state(connection, failures, reason, time.time() + pause)

    def refuse(self, number: int, reason: str) -> None:
        """Keep a record that Kafka will never take, without trying it again."""
        with self._database.connection() as connection:
            statement = "UPDATE record SET refused = ?, sending_until = 0 WHERE number = ?"
            connection.execute(statement, (reason, number))

    def retry_refused(self) -> int:
        """Let refused records wait again; return how many."""
        statement = "UPDATE record SET refused = NULL WHERE destination_id = ? AND refused NOTNULL"
        with self._database.connection() as connection:
            return connection.execute(statement, (self._destination(connection),)).rowcount

    def lease(self, holder: str, seconds: float) -> bool:
        """Make or keep `holder` the only one that drains, for `seconds`; False if another one is.

        Whoever releases the lease looks once more afterwards, so that nobody needs to wait for it.
        """
        now = time.time()
        statement = (
            "UPDATE destination SET drained_by = ?, drained_until = ?"
            " WHERE id = ? AND (drained_by IS ? OR drained_until <= ?)"
        )
        with self._database.connection() as connection:
            here = self._destination(connection)
            values = (holder, now + seconds, here, holder, now)
            return connection.execute(statement, values).rowcount == 1

    def release(self, holder: str) -> None:
        """Let others drain, and give free pages of the file back."""
        with self._database.connection() as connection:
            statement = "UPDATE destination SET drained_until = 0 WHERE drained_by = ?"
            connection.execute(statement, (holder,))
            if not self._anything_waits(connection, self._destination(connection), time.time()):
                connection.execute("PRAGMA incremental_vacuum").fetchall()

    def batch(self) -> list[Waiting]:
        """Return the first records that wait, in their order: many small ones or one large one."""
        query = (
            "SELECT number, key, value, headers FROM record"
            " WHERE destination_id = ? AND sending_until <= ? AND refused IS NULL"
            " ORDER BY number LIMIT ?"
        )
        with self._database.connection() as connection:
            here = self._destination(connection)
            rows = connection.execute(query, (here, time.time(), BATCH_RECORDS))
            return list(_first(rows, self._topic))

    def anything_waits(self) -> bool:
        """Return whether there is a record to drain."""
        with self._database.connection() as connection:
            return self._anything_waits(connection, self._destination(connection), time.time())

    def drop_expired(self) -> int:
        """Delete what is older than the bound on age; return how many records that were."""
        if self._max_age is None:
            return 0
        statement = "DELETE FROM record WHERE destination_id = ? AND created < ?"
        with self._database.connection() as connection:
            values = (self._destination(connection), time.time() - self._max_age)
            return connection.execute(statement, values).rowcount

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        self._database.close()

    def _way(
        self, connection: Connection, here: int, now: float, seconds: float
    ) -> tuple[Way, int, str | None]:
        failures, failure, try_again_at = self._state(connection, here)
        if not failures:
            waits = self._anything_waits(connection, here, now)
            return (Way.DRAIN if waits else Way.SEND), 0, None
        # A clock that was set back must not make us wait for it.
        if now < try_again_at <= now + LONGEST_PAUSE:
            return Way.WAIT, failures, failure
        claimed = connection.execute(
            "UPDATE destination SET try_again_at = ? WHERE id = ? AND try_again_at = ?",
            (now + seconds, here, try_again_at),
        )
        return (Way.PROBE if claimed.rowcount else Way.WAIT), failures, failure

    def _destination(self, connection: Connection) -> int:
        query = "SELECT id FROM destination WHERE servers = ? AND topic = ?"
        values = (self._servers, self._topic)
        found = connection.execute(query, values).fetchone()
        if found is None:
            statement = "INSERT OR IGNORE INTO destination (servers, topic) VALUES (?, ?)"
            connection.execute(statement, values)
            found = connection.execute(query, values).fetchone()
        return int(found[0])

    def _state(self, connection: Connection, here: int) -> Any:
        query = "SELECT failures, failure, try_again_at FROM destination WHERE id = ?"
        return connection.execute(query, (here,)).fetchone()

    def _set_state(
        self, connection: Connection, failures: int, failure: str | None, try_again_at: float
    ) -> None:
        connection.execute(
            "UPDATE destination SET failures = ?, failure = ?, try_again_at = ? WHERE id = ?",
            (failures, failure, try_again_at, self._destination(connection)),
        )

    def _anything_waits(self, connection: Connection, here: int, now: float) -> bool:
        query = (
            "SELECT EXISTS (SELECT 1 FROM record"
            " WHERE destination_id = ? AND sending_until <= ? AND refused IS NULL)"
        )
        return bool(connection.execute(query, (here, now)).fetchone()[0])

    def _check_room(self, connection: Connection) -> None:
        used = self._database.bytes_used(connection)
        if used >= self._max_bytes:
            raise SpoolError(
                f"{self._database.file}: full: {used} bytes, spool_max_bytes is {self._max_bytes}"
            )


def statuses(folder: Path) -> list[Status]:
    """Return what a folder's spool holds for each topic; nothing if there is no spool yet."""
    if not (folder / FILE).exists():
        return []
    query = """
        SELECT servers, topic,
            count(CASE WHEN refused IS NULL AND sending_until <= :now THEN 1 END),
            count(CASE WHEN refused IS NULL AND sending_until > :now THEN 1 END),
            count(refused),
            coalesce(sum(coalesce(length(key), 0) + length(headers) + length(value)), 0),
            min(created), failures, failure, try_again_at
        FROM destination LEFT JOIN record ON destination_id = destination.id
        GROUP BY destination.id ORDER BY servers, topic
    """
    database = Database(folder / FILE)
    try:
        with database.connection() as connection:
            rows = connection.execute(query, {"now": time.time()}).fetchall()
    finally:
        database.close()
    return [Status(*row) for row in rows]


def _insert(
    connection: Connection, here: int, record: Record, now: float, sending_until: float
) -> int:
    headers = json.dumps([(name, value.decode("latin-1")) for name, value in record.headers])
    cursor = connection.execute(
        "INSERT INTO record (destination_id, created, sending_until, key, headers, value)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (here, now, sending_until, record.key, headers, record.value),
    )
    return int(cursor.lastrowid or 0)


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
