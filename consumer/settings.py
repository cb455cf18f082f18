"""Reads the consumer's settings: each from its option, else from its environment variable."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consumer.errors import SettingsError
from openlineage_avro.schema_registry import Registry

TOPIC = "openlineage"
GROUP = "openlineage-avro-consumer"
BATCH_RECORDS = 1000


@dataclass(frozen=True)
class Place:
    """Where a setting may be given."""

    option: str
    variable: str
    default: str | None
    example: str


PLACES = {
    "bootstrap_servers": Place(
        "--bootstrap-servers", "KAFKA_BOOTSTRAP_SERVERS", None, "127.0.0.1:9092"
    ),
    "topic": Place("--topic", "OPENLINEAGE_TOPIC", TOPIC, TOPIC),
    "database_url": Place(
        "--database-url", "DATABASE_URL", None, "postgresql://USER:PASSWORD@HOST:5432/DATABASE"
    ),
    "group": Place("--group", "OPENLINEAGE_GROUP", GROUP, GROUP),
}


@dataclass(frozen=True)
class Settings:
    """What the consumer needs to know."""

    bootstrap_servers: str
    topic: str
    database_url: str = field(repr=False)
    group: str = GROUP
    member: str | None = None  # Kafka's group.instance.id
    kafka: Mapping[str, Any] = field(default_factory=dict, repr=False)
    schema_registry: Registry | None = None
    batch_records: int = BATCH_RECORDS


def find(name: str, given: str | None) -> str:
    """Return a setting; raise SettingsError that lists every place that was searched."""
    place = PLACES[name]
    value = given or os.environ.get(place.variable) or place.default
    if value is None:
        raise SettingsError(
            f"{name}: not set; searched option {place.option} and environment variable"
            f" {place.variable}; for example {place.variable}={place.example}"
        )
    return value


def kafka_settings(given: list[str]) -> dict[str, Any]:
    """Return kafka-python's settings from NAME=VALUE texts; raise SettingsError."""
    settings: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise SettingsError(f"--kafka-setting: expected NAME=VALUE, got {text!r}")
        settings[name] = int(value) if value.isdigit() else value
    return settings
