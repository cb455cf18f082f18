"""What the consumer needs to know, and where each setting is searched."""

from dataclasses import dataclass, field

from consumer.errors import SettingsError
from openlineage_avro.config.command_line import ClientSettings, found
from openlineage_avro.schema_registry import Registry

TOPIC = "openlineage"
GROUP = "openlineage-avro-consumer"
BATCH_RECORDS = 1000


@dataclass(frozen=True)
class Place:
    """Where a setting may be given: option, variable, or the file that VARIABLE_FILE names."""

    option: str
    variable: str
    default: str | None
    example: str


# Beside those of Kafka, which openlineage_avro.config.command_line knows.
PLACES = {
    "topic": Place("--topic", "OPENLINEAGE_TOPIC", TOPIC, TOPIC),
    "database_url": Place(
        "--database-url", "DATABASE_URL", None, "postgresql://USER:PASSWORD@HOST:5432/DATABASE"
    ),
    "group": Place("--group", "OPENLINEAGE_GROUP", GROUP, GROUP),
}


@dataclass(frozen=True)
class Settings:
    """Where Kafka and PostgreSQL are, and how much is read at once."""

    kafka: ClientSettings
    topic: str
    database_url: str = field(repr=False)
    group: str = GROUP
    member: str | None = None  # Kafka's group.instance.id
    schema_registry: Registry | None = None
    batch_records: int = BATCH_RECORDS


def find(name: str, option: str | None) -> str:
    """Return a setting of PLACES; raise SettingsError that lists every place that was searched."""
    place = PLACES[name]
    value = found(place.variable, option) or place.default
    if value is None:
        raise SettingsError(
            f"{name}: not set; searched option {place.option}, environment variables"
            f" {place.variable} and {place.variable}_FILE;"
            f" for example {place.variable}={place.example}"
        )
    return value
