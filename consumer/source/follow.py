"""Reads topics in a group that keeps its own place on Kafka: what was dealt with is committed.

After a crash, or when partitions go to another member, what was dealt with and not committed comes
again: at least once. The order of each partition is kept.
"""

from collections.abc import Sequence
from contextlib import suppress

from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import CommitFailedError, IllegalStateError

from consumer.record import Partition, Record
from consumer.settings import Reading
from consumer.source.client import translated
from consumer.source.cluster import Cluster
from consumer.source.workarounds import finish_joining

POLL_SECONDS = 0.5
MOST_RECORDS = 100
LONGEST_MS = 300_000  # without `poll` or `stay`, until the group takes the partitions away


class Moved(Exception):  # noqa: N818 - says what happened
    """The group has shared its partitions out anew: records that were polled may not be ours."""


class Follower(Cluster):
    """A member of a group that commits what it was told is done."""

    def __init__(self, settings: Reading, is_from_beginning: bool) -> None:
        """Join the group; a new one begins where topics do, or at their ends now.

        Raises KafkaProblem.
        """
        super().__init__(
            settings,
            group_id=settings.group,
            group_instance_id=settings.member,
            auto_offset_reset="earliest" if is_from_beginning else "latest",
            max_poll_records=MOST_RECORDS,
            max_poll_interval_ms=LONGEST_MS,
        )
        self._listener = _Listener(self._kafka)
        self._done: dict[TopicPartition, int] = {}
        self._seen = 0
        names, pattern = settings.topics.names, settings.topics.pattern
        with translated(self._where):
            if pattern:
                pattern = settings.topics.whole_pattern()
                self._kafka.subscribe(pattern=pattern, listener=self._listener)
            else:
                self._kafka.subscribe(list(names), listener=self._listener)

    def poll(self) -> list[Record]:
        """Return what comes next of each partition, in order; nothing if nothing comes soon."""
        with translated(self._where):
            polled = self._kafka.poll(timeout_ms=int(POLL_SECONDS * 1000))
        self._forget_if_moved()
        return [
            Record(_partition(at), each.offset, each.timestamp, each.key, each.headers, each.value)
            for at, records in polled.items()
            for each in records
        ]

    def stay(self) -> None:
        """Stay in the group while records take long; raise Moved if they may not be ours."""
        with translated(self._where):
            assigned = self._kafka.assignment()
            self._kafka.pause(*assigned)
            self._kafka.poll(timeout_ms=0)
            with suppress(IllegalStateError):  # those that were taken away meanwhile
                self._kafka.resume(*assigned)
        if self._forget_if_moved():
            raise Moved

    def done(self, record: Record) -> None:
        """Note that a record is dealt with, and so are those before it."""
        at = TopicPartition(record.partition.topic, record.partition.number)
        self._done[at] = record.offset + 1

    def commit(self) -> None:
        """Write to Kafka how far it is done."""
        done, self._done = self._done, {}
        if done:
            offsets = {at: OffsetAndMetadata(offset, "", -1) for at, offset in done.items()}
            # The partitions went to another member, who does them again.
            with translated(self._where), suppress(CommitFailedError):
                self._kafka.commit(offsets)

    def has_reached(self, ends: dict[Partition, int]) -> bool:
        """Tell whether all of the partitions that this member reads are read up to an end."""
        with translated(self._where):
            assigned = self._kafka.assignment()
            wanted = {TopicPartition(p.topic, p.number): end for p, end in ends.items()}
            return bool(assigned) and all(
                (self._kafka.position(at, timeout_ms=1000) or 0) >= wanted.get(at, 0)
                for at in assigned
            )

    def _forget_if_moved(self) -> bool:
        moved = self._listener.count != self._seen
        if moved:
            self._seen = self._listener.count
            self._done = {}
        return moved


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts how often partitions were taken away; it is called on kafka-python's own thread."""

    def __init__(self, kafka: KafkaConsumer) -> None:
        self._kafka = kafka
        self.count = 0

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Do nothing: reading begins where the group is."""

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        self.count += 1
        finish_joining(self._kafka)


def _partition(at: TopicPartition) -> Partition:
    return Partition(at.topic, "", at.partition)
