"""Opens kafka-python's clients and translates their errors, once, at this boundary."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer
from kafka.admin import KafkaAdminClient
from kafka.errors import (
    AuthorizationError,
    KafkaConfigurationError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    NodeNotReadyError,
    SaslAuthenticationFailedError,
    UnknownTopicOrPartitionError,
)

from consumer.errors import KafkaProblem, SettingsError
from consumer.settings import Reading
from openlineage_avro.errors import ConfigurationError
from openlineage_avro.kafka.settings import check_types, kafka_settings

BOOTSTRAP_SECONDS = 10
# How long new topics and partitions may go unseen.
NEWS_SECONDS = 10


def open_consumer(settings: Reading, **more: Any) -> KafkaConsumer:
    """Return a client that reads, and leaves it to us where; raises kafka-python's errors."""
    check_types(settings.kafka.kafka_python, KafkaConsumer.DEFAULT_CONFIG)
    return KafkaConsumer(
        **{
            **_connection(settings),
            "enable_auto_commit": False,
            "auto_offset_reset": "none",
            "isolation_level": "read_committed",
            "allow_auto_create_topics": False,
            "metadata_max_age_ms": NEWS_SECONDS * 1000,
            **more,
            **settings.kafka.kafka_python,
        }
    )


def open_admin(settings: Reading) -> KafkaAdminClient:
    """Return a client that asks what there is; raises kafka-python's errors."""
    given = {**_connection(settings), **settings.kafka.kafka_python}
    # Of a consumer's settings only those of the connection mean something to an admin client.
    known = {name: given[name] for name in given if name in KafkaAdminClient.DEFAULT_CONFIG}
    if isinstance(version := known.get("api_version"), str):  # which a consumer takes as text
        known["api_version"] = tuple(map(int, version.split(".")))
    return KafkaAdminClient(**known)


def _connection(settings: Reading) -> dict[str, Any]:
    return {
        **kafka_settings(settings.kafka),
        "client_id": "openlineage-avro-consumer",
        "bootstrap_timeout_ms": BOOTSTRAP_SECONDS * 1000,
        "reconnect_backoff_max_ms": 2000,
    }


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise kafka-python's errors as KafkaProblem, saying whether a retry helps."""
    try:
        yield
    except ConfigurationError as exc:
        raise SettingsError(str(exc)) from exc
    except (KafkaConfigurationError, ValueError) as exc:
        raise SettingsError(f"Kafka settings: {exc}") from exc
    except (AuthorizationError, SaslAuthenticationFailedError) as exc:
        raise KafkaProblem(
            f"Kafka refused {where}: {exc}; let this user read the topic and use the group",
            retry=True,
        ) from exc
    except UnknownTopicOrPartitionError as exc:
        raise KafkaProblem(f"Kafka has nothing of {where}: {exc}", retry=True) from exc
    except (KafkaTimeoutError, KafkaConnectionError, NodeNotReadyError, OSError) as exc:
        raise KafkaProblem(
            f"Kafka cannot be reached for {where}: {exc};"
            " is it running, and are KAFKA_BOOTSTRAP_SERVERS right?",
            retry=True,
        ) from exc
    except KafkaError as exc:
        raise KafkaProblem(f"Kafka, {where}: {exc}", retry=exc.retriable) from exc
