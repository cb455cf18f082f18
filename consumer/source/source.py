"""Reads a topic's records through a consumer group; the only module that imports kafka.

The group only shares the partitions out. Where to read is asked from the store: partitions that
are assigned stay paused until they are placed at their stored position.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.errors import (
    AuthorizationError,
    KafkaConfigurationError,
    KafkaError,
    KafkaTimeoutError,
    OffsetOutOfRangeError,
    SaslAuthenticationFailedError,
    UnknownTopicOrPartitionError,
)

from consumer.decode.batch import Batch, Record, batch_of
from consumer.errors import KafkaProblem, SettingsError
from consumer.settings import Settings
from openlineage_avro.schema_registry import schemas_of, without_registry

POLL_SECONDS = 0.5
BOOTSTRAP_SECONDS = 10
# A consumer that was killed keeps its partitions until its session ends.
SESSION_SECONDS = 10

log = logging.getLogger(__name__)


class Topic:
    """What is on a topic: its partitions with their first and end offsets."""

    def __init__(self, settings: Settings, **more: Any) -> None:
        """Connect; raise KafkaProblem if Kafka cannot be reached or the topic is not there."""
        self._settings = settings
        self._where = f"{settings.topic} at {settings.bootstrap_servers}"
        with translated(self._where):
            self._kafka = KafkaConsumer(**_kafka_settings(settings, more))
            try:
                self.partitions = self._find_partitions()
                self.cluster_id = str(self._kafka._cluster.cluster_id)
            except BaseException:
                self._kafka.close()
                raise

    def _find_partitions(self) -> set[int]:
        found = self._kafka.partitions_for_topic(self._settings.topic)
        if not found:
            raise KafkaProblem(
                f"topic {self._where} does not exist: create it"
                f" (kafka-topics.sh --create --topic {self._settings.topic}),"
                " or correct --topic or OPENLINEAGE_TOPIC"
            )
        return set(found)

    def ends(self) -> dict[int, int]:
        """Return the offset after the last readable record of each partition."""
        return self._offsets(self._kafka.end_offsets, self.partitions)

    def _offsets(
        self,
        ask: Callable[[list[TopicPartition]], dict[TopicPartition, int]],
        partitions: set[int],
    ) -> dict[int, int]:
        with translated(self._where):
            answer = ask([self._at(partition) for partition in sorted(partitions)])
        return {at.partition: offset for at, offset in answer.items()}

    def _at(self, partition: int) -> TopicPartition:
        return TopicPartition(self._settings.topic, partition)

    def close(self) -> None:
        """Leave the group, if in one, and close the connections."""
        self._kafka.close(timeout_ms=2000)


class Source(Topic):
    """The partitions that the group gives to this consumer, read from where the store is."""

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
        registry = settings.schema_registry
        self._schema_of = schemas_of(registry) if registry else without_registry
        self._listener = _Listener(self._kafka)
        self._kafka.subscribe([settings.topic], listener=self._listener)

    def unplaced(self) -> set[int]:
        """Return the assigned partitions that wait to be placed."""
        return self._listener.waiting()

    def bounds(self, partitions: set[int]) -> dict[int, tuple[int, int]]:
        """Return (first offset, end offset) of some partitions."""
        first = self._offsets(self._kafka.beginning_offsets, partitions)
        end = self._offsets(self._kafka.end_offsets, partitions)
        return {partition: (first[partition], end[partition]) for partition in partitions}

    def place(self, partition: int, offset: int) -> None:
        """Read a partition from `offset` on; does nothing if it was taken away meanwhile."""
        at = self._at(partition)
        self._next[partition] = offset
        self._listener.placed(at, offset)

    def unplace(self) -> None:
        """Stop reading until every partition is placed anew."""
        self._listener.on_partitions_assigned(self._kafka.assignment())

    def poll(self) -> Batch | None:
        """Return the next records, decoded, or None where nothing came within POLL_SECONDS.

        A batch without records moves over offsets that hold none (transaction markers).
        """
        with translated(self._where):
            try:
                polled = self._kafka.poll(timeout_ms=int(POLL_SECONDS * 1000))
            except OffsetOutOfRangeError:  # retention deleted records, or the topic is another
                self.unplace()
                return None
        records = [
            Record(p.partition, r.offset, r.timestamp, r.key, r.headers or (), r.value)
            for p, some in polled.items()
            for r in some
        ]
        end = self._listener.positions()
        moved = {p: offset for p, offset in end.items() if offset > self._next.get(p, offset)}
        if not moved:
            return None
        start = {partition: self._next[partition] for partition in moved}
        self._next.update(moved)
        kept = [each for each in records if each.partition in moved]
        return batch_of(kept, start, moved, self._schema_of)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes which partitions are assigned and not placed yet.

    kafka-python calls it on its own thread while `poll` waits, so it does no I/O and takes no lock.
    """

    def __init__(self, kafka: KafkaConsumer) -> None:
        self._kafka = kafka
        self._waiting: set[TopicPartition] = set()

    def on_partitions_assigned(self, assigned: Any) -> None:
        for at in assigned:
            # A position keeps kafka-python from choosing one; paused, nothing is fetched.
            self._kafka.pause(at)
            self._kafka.seek(at, 0)
        self._waiting.update(assigned)

    def on_partitions_revoked(self, revoked: Any) -> None:
        self._waiting.difference_update(revoked)

    def waiting(self) -> set[int]:
        self._waiting &= self._kafka.assignment()
        return {at.partition for at in self._waiting}

    def placed(self, at: TopicPartition, offset: int) -> None:
        if at.partition in self.waiting():
            self._kafka.seek(at, offset)
            self._kafka.resume(at)
            self._waiting.discard(at)

    def positions(self) -> dict[int, int]:
        """Return the offset of the next record of each partition that is placed."""
        placed = self._kafka.assignment() - self._waiting
        return {at.partition: self._kafka.position(at) for at in placed}


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise kafka-python's errors as KafkaProblem, saying whether a retry helps."""
    try:
        yield
    except (KafkaConfigurationError, ValueError) as exc:
        raise SettingsError(f"Kafka settings: {exc}") from exc
    except (AuthorizationError, SaslAuthenticationFailedError) as exc:
        raise KafkaProblem(
            f"Kafka refused {where}: {exc}; let this user read the topic and use the group"
        ) from exc
    except UnknownTopicOrPartitionError as exc:
        raise KafkaProblem(f"topic {where} is gone: {exc}; create it again") from exc
    except (KafkaTimeoutError, OSError) as exc:
        raise KafkaProblem(
            f"Kafka cannot be reached for topic {where}: {exc};"
            " is it running, and are KAFKA_BOOTSTRAP_SERVERS right?",
            retry=True,
        ) from exc
    except KafkaError as exc:
        raise KafkaProblem(f"Kafka, topic {where}: {exc}", retry=exc.retriable) from exc


def _kafka_settings(settings: Settings, more: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "bootstrap_servers": settings.bootstrap_servers.split(","),
        "client_id": "openlineage-avro-consumer",
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "isolation_level": "read_committed",
        "allow_auto_create_topics": False,
        "bootstrap_timeout_ms": BOOTSTRAP_SECONDS * 1000,
        "reconnect_backoff_max_ms": 2000,
        **more,
        **settings.kafka,
    }
