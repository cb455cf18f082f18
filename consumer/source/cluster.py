"""What is on Kafka: the topics to read, their partitions, and where each begins and ends."""

import base64
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from kafka import TopicPartition
from kafka.errors import KafkaConnectionError, for_code

from consumer.errors import KafkaProblem
from consumer.record import EPOCH, Bounds, Partition
from consumer.settings import Reading
from consumer.source.client import open_admin, open_consumer, translated

ANSWER_MS = 10_000
# Of a topic that is not there, or is being deleted or made; for Kafka's numbers see
# https://kafka.apache.org/protocol#protocol_error_codes
UNKNOWN_TOPIC, NO_LEADER = 3, 5


class There(NamedTuple):
    """What there is of some topics now."""

    readable: frozenset[Partition]
    leaderless: frozenset[Partition]

    def partitions(self) -> frozenset[Partition]:
        """Return all partitions."""
        return self.readable | self.leaderless

    def topic_ids(self) -> dict[str, str]:
        """Return the id of each topic."""
        return {each.topic: each.topic_id for each in self.partitions()}


class Cluster:
    """A cluster whose id is known, and the topics on it that are to be read."""

    cluster_id: str

    def __init__(self, settings: Reading, **more: Any) -> None:
        """Connect; raise KafkaProblem if Kafka cannot be reached or a topic is not there."""
        self._topics = settings.topics
        self._where = f"{settings.topics} at {settings.kafka.bootstrap_servers}"
        with translated(self._where):
            self._admin = open_admin(settings)
            try:
                self.cluster_id = str(self._admin.describe_cluster()["cluster_id"])
                self._expect_topics()
                self._kafka = open_consumer(settings, **more)
            except BaseException:
                self._admin.close()
                raise

    def close(self) -> None:
        """Leave the group, if in one, and close the connections."""
        self._kafka.close(timeout_ms=2000)
        self._admin.close()

    def there(self, topics: Collection[str] | None = None) -> There:
        """Return what there is of some topics, or of all that are to be read."""
        if topics is None and not self._topics.pattern:
            topics = self._topics.names
        with translated(self._where):
            described = self._describe(None if topics is None else sorted(topics))
        if topics is None:
            matches = re.compile(self._topics.whole_pattern()).match
            described = [
                each for each in described if matches(each["name"]) and not each["is_internal"]
            ]
        return _there(described)

    def ends(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Return the offset after the last readable record of each partition."""
        return self._ask(self._kafka.end_offsets, partitions)

    def bounds(self, partitions: Collection[Partition]) -> dict[Partition, Bounds]:
        """Return what there is of partitions that have a leader.

        Those whose topic was made anew since its id was asked for are left out.
        """
        first = self._ask(self._kafka.beginning_offsets, partitions)
        end = self._ask(self._kafka.end_offsets, partitions)
        still_there = self.there({each.topic for each in partitions}).partitions()
        return {each: Bounds(first[each], end[each]) for each in still_there & set(partitions)}

    def times(self, offsets: Mapping[Partition, int]) -> dict[Partition, datetime]:
        """Return when the first record at or after an offset of each partition was sent.

        Partitions that have no such record, or do not answer within ANSWER_MS, are left out. Only
        for a cluster that is not read otherwise.
        """
        wanted = {TopicPartition(each.topic, each.number): each for each in offsets}
        first = self._ask(self._kafka.beginning_offsets, offsets)
        found: dict[Partition, datetime] = {}
        deadline = time.monotonic() + ANSWER_MS / 1000
        with translated(self._where):
            self._kafka.assign(sorted(wanted))
            for at, each in wanted.items():
                self._kafka.seek(at, max(offsets[each], first[each]))
            while wanted and time.monotonic() < deadline:
                for at, records in self._kafka.poll(timeout_ms=200, max_records=1).items():
                    self._kafka.pause(at)
                    each = wanted.pop(at)
                    sent = records[0].timestamp
                    if sent >= 0:
                        found[each] = EPOCH + timedelta(milliseconds=sent)
            self._kafka.unsubscribe()
        return found

    def _expect_topics(self) -> None:
        found = self.there().topic_ids()
        missing = ", ".join(name for name in self._topics.names if name not in found)
        if missing:
            raise KafkaProblem(
                f"topic {missing} at {self._where.rpartition(' at ')[2]} does not exist: create it"
                f" (kafka-topics.sh --create --topic {missing.partition(',')[0]}),"
                " or correct --topic or OPENLINEAGE_TOPIC"
            )
        if not found:
            raise KafkaProblem(
                f"{self._where}: no topic's whole name matches: create one,"
                " or correct --topic-pattern or OPENLINEAGE_TOPIC_PATTERN"
            )

    def _describe(self, topics: list[str] | None) -> list[dict[str, Any]]:
        try:
            return list(self._admin.describe_topics(topics))
        except KafkaConnectionError:
            # One server is gone, which is known now: another is asked.
            return list(self._admin.describe_topics(topics))

    def _ask(
        self,
        offsets: Callable[..., dict[TopicPartition, int]],
        partitions: Iterable[Partition],
    ) -> dict[Partition, int]:
        asked = {TopicPartition(each.topic, each.number): each for each in partitions}
        with translated(self._where):
            answer = offsets(sorted(asked), timeout_ms=ANSWER_MS)
        return {asked[at]: offset for at, offset in answer.items()}


def _there(described: Iterable[dict[str, Any]]) -> There:
    """Return what answers to a request for metadata say; raise kafka-python's errors."""
    readable: set[Partition] = set()
    leaderless: set[Partition] = set()
    for topic in described:
        if topic["error_code"] not in (0, UNKNOWN_TOPIC, NO_LEADER):
            raise for_code(topic["error_code"])(topic["name"])
        topic_id = _as_kafka_writes(topic.get("topic_id"))  # brokers before 2.8 tell none
        for each in topic["partitions"]:
            partition = Partition(topic["name"], topic_id, each["partition_index"])
            (readable if each["leader_id"] >= 0 else leaderless).add(partition)
    return There(frozenset(readable), frozenset(leaderless))


def _as_kafka_writes(topic_id: str | None) -> str:
    if not topic_id:
        return ""
    return base64.urlsafe_b64encode(UUID(topic_id).bytes).rstrip(b"=").decode()
