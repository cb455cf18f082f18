"""Makes the topic where the settings ask for it; admin clients that leave nothing open."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import KafkaUnavailable
from openlineage_avro.kafka.settings import kafka_settings
from openlineage_avro.kafka.workarounds import Clients

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openlineage_avro.config.kafka import KafkaSettings
    from openlineage_avro.config.settings import AvroKafkaConfig

log = logging.getLogger(__name__)
BROKERS_DEFAULT = -1
THERE = 0  # Kafka's error code
SHORTEST_MS = 100


@contextmanager
def admin_client(config: KafkaSettings, end: float) -> Iterator[Any]:
    """Yield a KafkaAdminClient that gives up at about `end`, of time.monotonic().

    Raises KafkaUnavailable for whatever kafka-python raises, with why connections failed, and
    ConfigurationError for wrong settings.
    """
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    clients = Clients()
    milliseconds = milliseconds_until(end)
    try:
        yield KafkaAdminClient(
            **kafka_settings(config),
            bootstrap_timeout_ms=milliseconds,
            request_timeout_ms=milliseconds,
            kafka_client=clients,
        )
    except KafkaError as exc:
        raise KafkaUnavailable(f"{exc}{clients.reason()}") from exc
    finally:
        clients.close()  # the admin client's own close is for one that could be built


def create_topic(config: AvroKafkaConfig, end: float) -> None:
    """Make `config.topic` unless it is there; gives up at about `end`, of time.monotonic().

    Raises KafkaUnavailable if Kafka does not answer or does not let this user create it.
    """
    try:
        with admin_client(config, end) as admin:
            # Looked for first: that needs no right to create, and is all that most processes do.
            [found] = admin.describe_topics([config.topic])
            if found["error_code"] != THERE:
                _create(admin, config, end)
    except KafkaUnavailable as exc:
        raise KafkaUnavailable(f"topic {config.topic} could not be created: {exc}") from exc


def milliseconds_until(end: float) -> int:
    """Return how many of them are left until `end`, of time.monotonic(); 100 at least."""
    return max(SHORTEST_MS, int((end - time.monotonic()) * 1000))


def _create(admin: Any, config: AvroKafkaConfig, end: float) -> None:
    from kafka.errors import TopicAlreadyExistsError

    options = {
        "num_partitions": config.topic_partitions or BROKERS_DEFAULT,
        "replication_factor": config.topic_replication_factor or BROKERS_DEFAULT,
    }
    try:
        admin.create_topics({config.topic: options}, timeout_ms=milliseconds_until(end))
    except TopicAlreadyExistsError:
        return  # another process was quicker
    log.info("Created topic %s", config.topic)
