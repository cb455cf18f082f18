"""Reads the partitions of topics that the consumer group gives to this consumer.

The group only shares the partitions out. Where to read is asked from the store: a partition that
is assigned stays paused until somebody seeks its stored offset.

Kafka is asked for records by a topic's name, so those of a topic made anew under its name may
come for those of the old one. After each poll the topics' ids are asked for: records are given on
only if their topic still has the id that its offset was sought for. If it has another one, the
client is opened anew: it may hold records of the old topic that it would give for the new one's.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from kafka import (
    ConsumerRebalanceListener,
    KafkaConsumer,
    OffsetAndMetadata,
    TopicPartition,
)
from kafka.errors import (
    IllegalStateError,
    KafkaError,
    LogTruncationError,
    OffsetOutOfRangeError,
)

from consumer.record import Bounds, Partition, Polled, Record
from consumer.settings import Reading
from consumer.source.client import open_consumer, translated
from consumer.source.cluster import Cluster, There
from consumer.source.workarounds import finish_joining

POLL_SECONDS = 0.5
# A consumer that was killed keeps its partitions until its session ends.
SESSION_SECONDS = 10
LOOK_SECONDS = 5.0
TELL_SECONDS = 2.0
CLOSE_MS = 2000


class Source(Cluster):
    """What is to be read of topics: the partitions of this consumer, from where it is told."""

    def __init__(self, settings: Reading) -> None:
        """Join the group; raise KafkaProblem."""
        self._settings = settings
        super().__init__(settings, **self._membership())
        # What is missing now, each in words; to be told once.
        self.missing: frozenset[str] = frozenset()
        # The end of each partition when records last came of it.
        self.seen_ends: dict[Partition, int] = {}
        self._heard_at = self._looked_at = time.monotonic()
        self._seen: frozenset[Partition] = frozenset()
        self._torn: set[TopicPartition] = set()
        self._to_tell: dict[Partition, int] = {}
        self._told_at = 0.0
        self._rebalances = 0  # of clients that were replaced
        self._subscribe()

    @property
    def rebalances(self) -> int:
        """How often the group has shared its partitions out since this consumer joined it."""
        return self._rebalances + self._assigned.count

    def left(self) -> int:
        """Return how many records of its partitions were not given on yet, as far as is known."""
        ends = self._assigned.ends()
        return sum(max(0, end - self._next.get(each, end)) for each, end in ends.items())

    def to_seek(self) -> frozenset[Partition]:
        """Return assigned partitions that are not read until `seek` is called for them.

        Those without a leader are left out until they have one.
        """
        unread = self._assigned.to_seek()
        if not unread:
            return frozenset()
        there = self._note(self.there())
        if self._is_outdated(there):
            self._reopen()
            return frozenset()
        self._seen = there.readable
        return frozenset(each for each in there.readable if _place(each) in unread)

    def siblings(self, partitions: Iterable[Partition]) -> frozenset[Partition]:
        """Return all partitions of the topics of some, as `to_seek` found them."""
        topics = {each.topic for each in partitions}
        return frozenset(each for each in self._seen if each.topic in topics)

    def seek(self, partition: Partition, offset: int) -> None:
        """Read a partition from `offset` on; does nothing if it was taken away meanwhile."""
        self._next[partition] = offset
        self._ids[partition.topic] = partition.topic_id
        self._torn.discard(_place(partition))
        self._assigned.seek(partition, offset)

    def pause(self) -> None:
        """Stop reading every partition until `seek` is called for it."""
        self._assigned.pause(self._kafka.assignment())

    def bounds(self, partitions: Iterable[Partition]) -> dict[Partition, Bounds]:
        """Return what there is of partitions that have a leader (Cluster.bounds)."""
        return {
            each: found._replace(is_torn=_place(each) in self._torn)
            for each, found in super().bounds(frozenset(partitions)).items()
        }

    def poll(self) -> Polled | None:
        """Return what comes next, or None where nothing came within POLL_SECONDS."""
        with translated(self._where):
            try:
                polled = self._kafka.poll(timeout_ms=int(POLL_SECONDS * 1000))
                reached = self._assigned.next_offsets()
                ends = self._assigned.ends()
            except LogTruncationError as exc:
                self._torn.update(exc.args[0])
                self._reopen()
                return None
            except (OffsetOutOfRangeError, IllegalStateError):
                # Retention deleted records, the topic is another one, or the group took a
                # partition away in this moment: what to read is to be asked again.
                self.pause()
                return None
        moved = {p: offset for p, offset in reached.items() if offset > self._next.get(p, offset)}
        return self._checked(_records(polled, moved), moved, ends) if moved else None

    def look(self) -> None:
        """See now and then what is there; raise KafkaProblem if Kafka is away.

        kafka-python's `poll` returns nothing, whether nothing comes or nobody is there.
        """
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        there = self._note(self.there())
        if self._is_outdated(there):
            self._reopen()
        if now - self._heard_at > LOOK_SECONDS:
            self.ends(there.readable.intersection(self._assigned.read()))
            self._heard_at = now

    def tell_group(self, offsets: dict[Partition, int]) -> None:
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

    def _membership(self) -> dict[str, Any]:
        return {
            "group_id": self._settings.group,
            "group_instance_id": self._settings.member,
            "session_timeout_ms": SESSION_SECONDS * 1000,
            "max_poll_records": self._settings.batch_records,
        }

    def _subscribe(self) -> None:
        self._next: dict[Partition, int] = {}
        self._ids: dict[str, str] = {}  # of the topics that were read
        self._assigned = _Assigned(self._kafka)
        topics = self._settings.topics
        with translated(self._where):
            if topics.pattern:
                self._kafka.subscribe(pattern=topics.whole_pattern(), listener=self._assigned)
            else:
                self._kafka.subscribe(list(topics.names), listener=self._assigned)

    def _reopen(self) -> None:
        """Open another client, which holds no records, and join the group anew."""
        self.pause()
        with translated(self._where):
            new = open_consumer(self._settings, **self._membership())
            self._kafka.close(timeout_ms=CLOSE_MS)
        self._kafka = new
        self._rebalances = self.rebalances
        self._subscribe()

    def _checked(
        self, records: list[Record], moved: dict[Partition, int], ends: dict[Partition, int]
    ) -> Polled | None:
        """Return what was polled, or None if one of its topics is another one by now.

        Of a topic that is gone the last records are given on: they can only be its own.
        """
        if self._is_outdated(self.there({each.topic for each in moved})):
            self._reopen()
            return None
        self._heard_at = time.monotonic()
        self.seen_ends |= ends
        start = {partition: self._next[partition] for partition in moved}
        self._next.update(moved)
        return Polled(records, start, moved)

    def _is_outdated(self, there: There) -> bool:
        """Tell whether a topic that was read is another one by now."""
        ids = there.topic_ids()
        return any(ids.get(topic, known) != known for topic, known in self._ids.items())

    def _note(self, there: There) -> There:
        # kafka-python would ask for their leaders for seconds at each poll, and read nothing else.
        self._assigned.pause({_place(each) for each in self._assigned.read() & there.leaderless})
        gone = set(self._topics.names) - set(there.topic_ids())
        self.missing = frozenset(
            [f"topic {each} is not there" for each in gone]
            + [f"{each} has no leader" for each in there.leaderless]
        )
        return there

    def _committed(self) -> dict[TopicPartition, OffsetAndMetadata]:
        """Return what is to be told of the partitions that are still ours, and forget it."""
        told, self._to_tell = self._to_tell, {}
        ours = self._assigned.read()
        return {
            _place(each): OffsetAndMetadata(offset, "", -1)
            for each, offset in told.items()
            if each in ours
        }


class _Assigned(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes which of the assigned partitions are read.

    kafka-python calls it on its own thread while `poll` waits, so it does no I/O and takes no lock.
    """

    def __init__(self, kafka: KafkaConsumer) -> None:
        self._kafka = kafka
        self._read: dict[TopicPartition, Partition] = {}
        self.count = 0

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self.count += 1
        self.pause(assigned)
        for at in assigned:
            # An offset keeps kafka-python from choosing one.
            self._kafka.seek(at, 0)

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        for at in revoked:
            self._read.pop(at, None)
        finish_joining(self._kafka)

    def pause(self, partitions: set[TopicPartition]) -> None:
        for at in partitions:
            self._read.pop(at, None)
            self._kafka.pause(at)

    def to_seek(self) -> set[TopicPartition]:
        return set(self._kafka.assignment() - self._read.keys())

    def read(self) -> set[Partition]:
        return {self._read[at] for at in self._kafka.assignment() if at in self._read}

    def seek(self, partition: Partition, offset: int) -> None:
        at = _place(partition)
        if at in self.to_seek():
            self._kafka.seek(at, offset)
            self._kafka.resume(at)
            self._read[at] = partition

    def ends(self) -> dict[Partition, int]:
        """Return the end of each partition that is read, as the last answer told it."""
        ends = {each: self._kafka.highwater(_place(each)) for each in self.read()}
        return {each: end for each, end in ends.items() if end is not None}

    def next_offsets(self) -> dict[Partition, int]:
        """Return the offset of the next record of each partition that is read."""
        # Without a limit kafka-python asks the leader, for as long as that takes, whether the
        # offset is still right: `poll` does so, too, and does not wait for the answer.
        return {each: self._kafka.position(_place(each), timeout_ms=0) for each in self.read()}


def _place(partition: Partition) -> TopicPartition:
    return TopicPartition(partition.topic, partition.number)


def _records(
    polled: dict[TopicPartition, list[Any]], partitions: Iterable[Partition]
) -> list[Record]:
    return [
        Record(each, one.offset, one.timestamp, one.key, one.headers or (), one.value)
        for each in partitions
        for one in polled.get(_place(each), ())
    ]
