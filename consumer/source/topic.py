"""What is on a topic: its partitions, and where each begins and ends."""

from collections.abc import Callable, Iterable
from typing import Any

from kafka import TopicPartition

from consumer.errors import KafkaProblem
from consumer.settings import Settings
from consumer.source.client import find_cluster_id, open_consumer, translated

ANSWER_MS = 10_000


class Topic:
    """A topic that is there, on a cluster whose id is known."""

    partitions: set[int]
    cluster_id: str

    def __init__(self, settings: Settings, **more: Any) -> None:
        """Connect; raise KafkaProblem if Kafka cannot be reached or the topic is not there."""
        self._name = settings.topic
        self._where = f"{settings.topic} at {settings.kafka.bootstrap_servers}"
        with translated(self._where):
            self._kafka = open_consumer(settings, **more)
            try:
                self.partitions = self._find_partitions()
                self.cluster_id = find_cluster_id(settings)
            except BaseException:
                self._kafka.close()
                raise

    def close(self) -> None:
        """Leave the group, if in one, and close the connections."""
        self._kafka.close(timeout_ms=2000)

    def ends(self) -> dict[int, int]:
        """Return the offset after the last readable record of each partition."""
        return self._ask(self._kafka.end_offsets, self.partitions)

    def bounds(self, partitions: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Return (first offset, end offset) of some partitions."""
        first = self._ask(self._kafka.beginning_offsets, partitions)
        end = self._ask(self._kafka.end_offsets, partitions)
        return {partition: (first[partition], end[partition]) for partition in partitions}

    def _find_partitions(self) -> set[int]:
        partitions = self._kafka.partitions_for_topic(self._name)
        if not partitions:
            raise KafkaProblem(
                f"topic {self._where} does not exist: create it"
                f" (kafka-topics.sh --create --topic {self._name}),"
                " or correct --topic or OPENLINEAGE_TOPIC"
            )
        return set(partitions)

    def _ask(
        self,
        offsets: Callable[..., dict[TopicPartition, int]],
        partitions: Iterable[int],
    ) -> dict[int, int]:
        with translated(self._where):
            asked = [self._at(partition) for partition in sorted(partitions)]
            answer = offsets(asked, timeout_ms=ANSWER_MS)
        return {at.partition: offset for at, offset in answer.items()}

    def _at(self, partition: int) -> TopicPartition:
        return TopicPartition(self._name, partition)
