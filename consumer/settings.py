"""What the consumer needs to know, and where each setting is searched."""

import re
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
    "topic_pattern": Place(
        "--topic-pattern", "OPENLINEAGE_TOPIC_PATTERN", None, r"openlineage\..*"
    ),
    "database_url": Place(
        "--database-url", "DATABASE_URL", None, "postgresql://USER:PASSWORD@HOST:5432/DATABASE"
    ),
    "group": Place("--group", "OPENLINEAGE_GROUP", GROUP, GROUP),
}


@dataclass(frozen=True)
class Topics:
    """Which topics are read: those of some names, or all whose whole name matches a pattern."""

    names: tuple[str, ...] = (TOPIC,)
    pattern: str | None = None

    def whole_pattern(self) -> str:
        """Return a regular expression that matches whole names only."""
        return _whole(self.pattern or "")

    def __str__(self) -> str:
        """Return what messages call them."""
        if self.pattern:
            return f"topics like {self.pattern}"
        return ("topic " if len(self.names) == 1 else "topics ") + ", ".join(self.names)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Where Kafka is, which topics are read, and how much at once."""

    kafka: ClientSettings
    topics: Topics
    group: str = GROUP
    member: str | None = None  # Kafka's group.instance.id
    schema_registry: Registry | None = None
    batch_records: int = BATCH_RECORDS


@dataclass(frozen=True, kw_only=True)
class Settings(Reading):
    """What is read, and where PostgreSQL is."""

    database_url: str = field(repr=False)


def find_topics(names: list[str] | None, pattern: str | None) -> Topics:
    """Return which topics options name, else the environment; raise SettingsError."""
    if not names and not pattern:
        named = found(PLACES["topic"].variable)
        names, pattern = [named] if named else None, found(PLACES["topic_pattern"].variable)
    if names and pattern:
        raise SettingsError(
            f"topics: expected names or a pattern, got both: {','.join(names)} and {pattern}"
        )
    if pattern:
        return Topics((), _regular_expression(pattern))
    listed = tuple(dict.fromkeys(_split(",".join(names or [TOPIC]))))
    if not listed:
        raise SettingsError(f"topic: expected the name of a topic, got {','.join(names or [])!r}")
    return Topics(listed)


def _whole(pattern: str) -> str:
    """Return a pattern for the whole text; flags must stand first, comments end with their line."""
    flags = re.match(r"(?:\(\?[aiLmsux]+\))*", pattern)
    first = flags[0] if flags else ""
    end = "\n" if "x" in first else ""
    return f"{first}(?:{pattern[len(first) :]}{end})\\Z"


def _regular_expression(pattern: str) -> str:
    try:
        re.compile(pattern)
        re.compile(_whole(pattern))
    except re.error as exc:
        raise SettingsError(
            f"topic_pattern: expected a regular expression, got {pattern!r}: {exc}"
        ) from exc
    return pattern


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


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
