"""Makes the topic where the settings ask for it."""

import logging
import time
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import DeliveryError
from openlineage_avro.kafka.clients import KafkaClients
from openlineage_avro.kafka.settings import kafka_settings

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig

log = logging.getLogger(__name__)
BROKERS_DEFAULT = -1
THERE = 0  # Kafka's error code
SHORTEST_MS = 100


def create_topic(config: "AvroKafkaConfig", end: float) -> None:
    """Make `config.topic` unless it is there; nothing of its connection is left afterwards.

    Gives up at about `end`, of time.monotonic(). Raises DeliveryError if Kafka does not answer or
    does not let this user create it; ConfigurationError for wrong settings.
    """
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError, TopicAlreadyExistsError

    clients = KafkaClients()
    try:
        admin = KafkaAdminClient(**_settings(config, end), kafka_client=clients)
        # Looked for first: that needs no right to create, and is all that most processes do.
        [found] = admin.describe_topics([config.topic])
        if found["error_code"] != THERE:
            admin.create_topics(_wanted(config), timeout_ms=_milliseconds(end))
            log.info("Created topic %s", config.topic)
    except TopicAlreadyExistsError:
        pass
    except KafkaError as exc:
        raise DeliveryError(
            f"topic {config.topic} could not be created: {exc}{clients.reason()}"
        ) from exc
    finally:
        clients.close()  # the admin client's own close is for one that could be built


def _wanted(config: "AvroKafkaConfig") -> dict[str, Any]:
    options = {
        "num_partitions": config.topic_partitions or BROKERS_DEFAULT,
        "replication_factor": config.topic_replication_factor or BROKERS_DEFAULT,
    }
    return {config.topic: options}


def _settings(config: "AvroKafkaConfig", end: float) -> dict[str, Any]:
    milliseconds = _milliseconds(end)
    return {
        **kafka_settings(config),
        "bootstrap_timeout_ms": milliseconds,
        "request_timeout_ms": milliseconds,
    }


def _milliseconds(end: float) -> int:
    return max(SHORTEST_MS, int((end - time.monotonic()) * 1000))
