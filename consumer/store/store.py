"""Writes a batch in one transaction: events, all that is derived, rejected records, offsets.

A transaction locks and compares the stored offsets first, so records that another consumer stored
in the meantime are dropped, and a kill at any point leaves either the whole batch or nothing.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple

from consumer.decode.batch import Batch
from consumer.decode.decode import Rejection
from consumer.errors import EventRefused
from consumer.record import Bounds, Partition
from consumer.store import lives, offsets
from consumer.store.database import Connection, connect, despite_conflicts, translated, where_of
from consumer.store.derived import Known
from consumer.store.events import write_entries
from consumer.store.lives import TakenUp
from consumer.store.offsets import Outcome, StoredOffset

log = logging.getLogger(__name__)


class Written(NamedTuple):
    """A batch that is stored, and what became of each record; None: stored by somebody else."""

    batch: Batch
    outcomes: list[Outcome | None]


class Store:
    """The store's side of one Kafka cluster: one connection, one batch after the other."""

    def __init__(self, database_url: str, cluster_id: str) -> None:
        """Connect; raise StoreProblem."""
        self._database_url = database_url
        self._where = where_of(database_url)
        self._cluster_id = cluster_id
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

    def offsets(self, partitions: Collection[Partition]) -> dict[Partition, StoredOffset]:
        """Return the stored offset of each of some partitions that was ever read."""
        with self._transaction() as connection:
            return offsets.read_offsets(connection, self._cluster_id, partitions)

    def take_up(
        self,
        bounds: Mapping[Partition, Bounds],
        seen_ends: Mapping[Partition, int] = MappingProxyType({}),
    ) -> TakenUp:
        """Return where to read partitions, after noting new lives of theirs and gaps."""
        with self._transaction() as connection:
            return lives.take_up(connection, self._cluster_id, bounds, seen_ends)

    def note_ends(self, seen_ends: Mapping[Partition, int]) -> None:
        """Keep where partitions end, for the day on which their topic is deleted."""
        with self._transaction() as connection:
            lives.note_ends(connection, self._cluster_id, seen_ends.items())

    def write(self, batch: Batch) -> list[Written]:
        """Store a batch exactly once, and return it in the parts that it was stored in.

        An event that PostgreSQL cannot hold is rejected alone.
        Raises StoreProblem, whose `retry` says whether writing the same batch again may help, and
        OffsetMoved where the stored offset is before the batch.
        """
        try:
            outcomes = despite_conflicts(lambda: self._write_all(batch))
        except EventRefused as exc:
            if len(batch.records) > 1:
                return [written for half in batch.halves() for written in self.write(half)]
            if batch.records and not isinstance(batch.contents[0], Rejection):
                return self.write(batch.refused(str(exc)))
            raise
        _tell_rejected(batch)
        return [Written(batch, outcomes)]

    def _write_all(self, batch: Batch) -> list[Outcome | None]:
        with self._transaction() as connection:
            outcomes = self._write(connection, batch)
        self._known.values.stored()
        return outcomes

    def _write(self, connection: Connection, batch: Batch) -> list[Outcome | None]:
        locked = offsets.lock_offsets(connection, self._cluster_id, batch.start)
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
        ours = iter(outcomes)
        return [
            next(ours) if record.offset >= locked[record.partition].next_offset else None
            for record in batch.records
        ]

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
            "rejected: %s, offset %d%s: %s; lineage.rejected has the bytes",
            first.partition,
            first.offset,
            f" and {more} more" if more else "",
            reason,
        )
