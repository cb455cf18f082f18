"""Reads the partitions of a topic that the consumer group gives to this consumer.

The group only shares the partitions out. Where to read is asked from the store: a partition that
is assigned stays paused until somebody seeks its stored offset.
"""

import time
from contextlib import suppress
from typing import Any

from kafka import (
    ConsumerRebalanceListener,
    KafkaConsumer,
    OffsetAndMetadata,
    TopicPartition,
)
from kafka.errors import IllegalStateError, KafkaError, OffsetOutOfRangeError

from consumer.record import Polled, Record
from consumer.settings import Settings
from consumer.source.client import translated
from consumer.source.topic import Topic

POLL_SECONDS = 0.5
# A consumer that was killed keeps its partitions until its session ends.
SESSION_SECONDS = 10
SILENCE_SECONDS = 5.0
TELL_SECONDS = 2.0
CLOSE_MS = 2000


class Source(Topic):
    """What is to be read of a topic: the partitions of this consumer, from where it is told."""

    def __init__(self, settings: Settings) -> None:
        """Join the group; raise KafkaProblem."""
        super().__init__(
            settings,
            group_id=settings.group,
            group_instance_id=settings.member,
            session_timeout_ms=SESSION_SECONDS * 1000,
            max_poll_records=settings.batch_records,
        )
        self._next: dict[int, int] = {}
        self._heard_at = time.monotonic()
        self._to_tell: dict[int, int] = {}
        self._told_at = 0.0
        self._assigned = _Assigned(self._kafka)
        self._kafka.subscribe([settings.topic], listener=self._assigned)

    def to_seek(self) -> set[int]:
        """Return the assigned partitions that are not read until `seek` is called for them."""
        return {at.partition for at in self._assigned.to_seek()}

    def seek(self, partition: int, offset: int) -> None:
        """Read a partition from `offset` on; does nothing if it was taken away meanwhile."""
        self._next[partition] = offset
        self._assigned.seek(self._at(partition), offset)

    def pause(self) -> None:
        """Stop reading every partition until `seek` is called for it."""
        self._assigned.on_partitions_assigned(self._kafka.assignment())

    def poll(self) -> Polled | None:
        """Return what comes next, or None where nothing came within POLL_SECONDS."""
        with translated(self._where):
            try:
                polled = self._kafka.poll(timeout_ms=int(POLL_SECONDS * 1000))
                reached = self._assigned.next_offsets()
            except (OffsetOutOfRangeError, IllegalStateError):
                # Retention deleted records, the topic is another one, or the group took a
                # partition away in this moment: what to read is to be asked again.
                self.pause()
                return None
        moved = {p: offset for p, offset in reached.items() if offset > self._next.get(p, offset)}
        if not moved:
            return None
        self._heard_at = time.monotonic()
        start = {partition: self._next[partition] for partition in moved}
        self._next.update(moved)
        return Polled(_records(polled, moved), start, moved)

    def look_for_kafka(self) -> None:
        """Ask Kafka something if it has said nothing for long; raise KafkaProblem if it is away.

        kafka-python's `poll` returns nothing, whether nothing comes or nobody is there.
        """
        if time.monotonic() - self._heard_at > SILENCE_SECONDS:
            self.ends()
            self._heard_at = time.monotonic()

    def tell_group(self, offsets: dict[int, int]) -> None:
        """Write stored offsets to Kafka's group, for tools that show its lag; they are never read.

        Every few seconds only, and without waiting: should it fail, the next ones do as well.
        """
        self._to_tell |= offsets
        if time.monotonic() - self._told_at > TELL_SECONDS:
            self._told_at = time.monotonic()
            with suppress(KafkaError):
                self._kafka.commit_async(self._committed())

    def close(self) -> None:
        """Tell the group the last offsets, leave it, and close the connections."""
        if self._to_tell:
            with suppress(KafkaError):
                self._kafka.commit(self._committed(), timeout_ms=CLOSE_MS)
        super().close()

    def _committed(self) -> dict[TopicPartition, OffsetAndMetadata]:
        """Return what is to be told of the partitions that are still ours, and forget it."""
        told, self._to_tell = self._to_tell, {}
        ours = self._kafka.assignment()
        return {
            at: OffsetAndMetadata(offset, "", -1)
            for partition, offset in told.items()
            if (at := self._at(partition)) in ours
        }


class _Assigned(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes which of the assigned partitions are read.

    kafka-python calls it on its own thread while `poll` waits, so it does no I/O and takes no lock.
    """

    def __init__(self, kafka: KafkaConsumer) -> None:
        self._kafka = kafka
        self._read: set[TopicPartition] = set()

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._read.difference_update(assigned)
        for at in assigned:
            # An offset keeps kafka-python from choosing one; paused, nothing is fetched.
            self._kafka.pause(at)
            self._kafka.seek(at, 0)

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._read.difference_update(revoked)

    def to_seek(self) -> set[TopicPartition]:
        return set(self._kafka.assignment() - self._read)

    def seek(self, at: TopicPartition, offset: int) -> None:
        if at in self.to_seek():
            self._kafka.seek(at, offset)
            self._kafka.resume(at)
            self._read.add(at)

    def next_offsets(self) -> dict[int, int]:
        """Return the offset of the next record of each partition that is read."""
        read = self._kafka.assignment() & self._read
        # Without a limit kafka-python asks the leader, for as long as that takes, whether the
        # offset is still right: `poll` does so, too, and does not wait for the answer.
        return {at.partition: self._kafka.position(at, timeout_ms=0) for at in read}


def _records(polled: dict[TopicPartition, list[Any]], partitions: dict[int, int]) -> list[Record]:
    return [
        Record(at.partition, each.offset, each.timestamp, each.key, each.headers or (), each.value)
        for at, some in polled.items()
        if at.partition in partitions
        for each in some
    ]
