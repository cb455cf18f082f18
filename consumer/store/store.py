"""Writes a batch in one transaction: events, all that is derived, rejected records, offsets.

A transaction locks and compares the stored offsets first, so records that another consumer stored
in the meantime are dropped, and a kill at any point leaves either the whole batch or nothing.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from consumer.decode.batch import Batch
from consumer.decode.decode import Rejection
from consumer.errors import EventRefused
from consumer.store import offsets
from consumer.store.database import Connection, connect, despite_conflicts, translated, where_of
from consumer.store.derived import Known
from consumer.store.events import write_entries
from consumer.store.offsets import StoredOffset, TopicKey

log = logging.getLogger(__name__)


class Store:
    """The store's side of one topic: one connection, one batch after the other."""

    def __init__(self, database_url: str, cluster_id: str, topic: str) -> None:
        """Connect; raise StoreProblem."""
        self._database_url = database_url
        self._where = where_of(database_url)
        self._topic = TopicKey(cluster_id, topic)
        self._connection = connect(database_url)
        self._known = Known()

    def reconnect(self) -> None:
        """Drop the connection, whatever its state, and make another."""
        self.close()
        self._known.forget()  # after a failover the database may be one that lacks the latest
        self._connection = connect(self._database_url)

    def close(self) -> None:
        """Close the connection; an open transaction is lost."""
        self._connection.close()

    def offsets(self) -> dict[int, StoredOffset]:
        """Return the stored offset of each partition that was ever read."""
        with self._transaction() as connection:
            return offsets.read_offsets(connection, self._topic)

    def create_offset(self, partition: int, offset: int) -> None:
        """Start a partition that was never read at `offset`, unless somebody has just done so."""
        with self._transaction() as connection:
            offsets.create_offset(connection, self._topic, partition, offset)

    def skip_gap(self, partition: int, from_offset: int, to_offset: int) -> None:
        """Move an offset over records that Kafka deleted, and keep a record of that."""
        with self._transaction() as connection:
            offsets.skip_gap(connection, self._topic, partition, from_offset, to_offset)

    def write(self, batch: Batch) -> None:
        """Store a batch exactly once; an event that PostgreSQL cannot hold is rejected alone.

        Raises StoreProblem, whose `retry` says whether writing the same batch again may help, and
        OffsetMoved where the stored offset is before the batch.
        """
        try:
            despite_conflicts(lambda: self._write_all(batch))
        except EventRefused as exc:
            if len(batch.records) > 1:
                for half in batch.halves():
                    self.write(half)
            elif batch.records and not isinstance(batch.contents[0], Rejection):
                self.write(batch.refused(str(exc)))
            else:
                raise
        else:
            _tell_rejected(batch)

    def _write_all(self, batch: Batch) -> None:
        with self._transaction() as connection:
            self._write(connection, batch)
        self._known.values.stored()

    def _write(self, connection: Connection, batch: Batch) -> None:
        locked = offsets.lock_offsets(connection, self._topic, batch.start)
        entries = [
            (record, content)
            for record, content in zip(batch.records, batch.contents, strict=True)
            if record.offset >= locked[record.partition].next_offset
        ]
        partition_ids = {partition: each.partition_id for partition, each in locked.items()}
        outcomes = write_entries(connection, self._known, entries, partition_ids)
        counts = Counter(
            (record.partition, outcome)
            for (record, _), outcome in zip(entries, outcomes, strict=True)
        )
        offsets.advance_offsets(connection, locked, batch.end, counts)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with translated(self._where), self._connection.transaction():
                yield self._connection
        except BaseException:
            self._known.forget()
            raise


def _tell_rejected(batch: Batch) -> None:
    """Warn of each record without an event; of many with one reason in one line."""
    for reason, records in batch.rejected().items():
        first, more = records[0], len(records) - 1
        log.warning(
            "rejected: partition %d, offset %d%s: %s; lineage.rejected has the bytes",
            first.partition,
            first.offset,
            f" and {more} more" if more else "",
            reason,
        )
