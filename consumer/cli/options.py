"""Options that commands share, and the settings that they give."""

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING

import attr

from consumer import settings as places
from consumer.cli.logs import add_logs
from consumer.dsn import checked_dsn
from consumer.errors import SettingsError
from consumer.settings import Reading, Settings, find, find_topics
from openlineage_avro.config.command_line import add_kafka_options, client_settings, found
from openlineage_avro.config.kafka import KafkaSettings
from openlineage_avro.errors import ConfigurationError
from openlineage_avro.schema_registry import Registry

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

# In a URL's login, or as libpq's keyword.
PASSWORD = r"://[^/@]*:[^/@]|\bpassword\s*="


def add_command(
    commands: "Commands", name: str, run: Callable[[argparse.Namespace], None], meaning: str
) -> argparse.ArgumentParser:
    """Add a command that calls `run` with its options; return its parser, to add them to."""
    parser = commands.add_parser(name, help=meaning)
    parser.set_defaults(run=run)
    add_logs(parser)
    return parser


def add_kafka(parser: argparse.ArgumentParser) -> None:
    """Add the options that name Kafka and the topics."""
    place = places.PLACES["topic"]
    parser.add_argument(
        place.option,
        dest="topic",
        action="append",
        metavar="TOPIC",
        help="topic that events are on; may be given again for more topics"
        f" (default: ${place.variable}, names with commas between them; else {place.default})",
    )
    meaning = "regular expression: read every topic whose whole name matches, also later ones"
    add_place(parser, "topic_pattern", meaning)
    add_kafka_options(parser)


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return what reads an option that is a whole number within bounds, for argparse."""

    def number(text: str) -> int:
        if not re.fullmatch("-?[0-9]{1,20}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(
                f"expected a whole number from {least} to {most}, got {text!r}"
            )
        return int(text)

    return number


PORT, COUNT = whole(0, 65_535), whole(1, 2**31 - 1)


def add_database(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the database."""
    add_place(parser, "database_url", "PostgreSQL's DSN, postgresql://USER:PASSWORD@HOST/DATABASE")


def add_place(parser: argparse.ArgumentParser, name: str, meaning: str) -> None:
    """Add the option of a setting that may also be given by an environment variable."""
    place = places.PLACES[name]
    default = f", else {place.default}" if place.default else ""
    parser.add_argument(
        place.option, dest=name, help=f"{meaning} (default: ${place.variable}{default})"
    )


def add_registry(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a schema registry."""
    parser.add_argument(
        "--schema-registry-url",
        metavar="URL",
        help="registry that knows the schemas of messages in the Confluent wire format (default:"
        " $SCHEMA_REGISTRY_URL); its login: $SCHEMA_REGISTRY_USERNAME, _PASSWORD, _CA_FILE",
    )


def registry_of(options: argparse.Namespace) -> Registry | None:
    """Return the schema registry that option or environment give, if any; raise SettingsError."""
    with as_settings_error():
        return Registry.of_environment(getattr(options, "schema_registry_url", None))


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the settings that options, environment and files give; raise SettingsError."""
    reading = reading_of(options)
    known = {each.name: getattr(reading, each.name) for each in fields(reading)}
    return Settings(**known, database_url=database_url_of(options))


def reading_of(options: argparse.Namespace) -> Reading:
    """Return what is read and how, as options, environment and files give it.

    Raises SettingsError.
    """
    with as_settings_error():
        return Reading(
            kafka=client_settings(options),
            topics=find_topics(options.topic, options.topic_pattern),
            group=find("group", getattr(options, "group", None)),
            member=getattr(options, "member", None),
            schema_registry=registry_of(options),
            batch_records=getattr(options, "batch_records", places.BATCH_RECORDS),
        )


def sending_of(options: argparse.Namespace) -> "AvroKafkaConfig | None":
    """Return where events are sent, as the transport's settings; None where no Kafka is named.

    Raises SettingsError, also where more than one topic is named.
    """
    from openlineage_avro.config.settings import AvroKafkaConfig

    with as_settings_error():
        if found("KAFKA_BOOTSTRAP_SERVERS", options.bootstrap_servers) is None:
            return None
        topics = find_topics(options.topic, None)
        if len(topics.names) != 1:
            raise SettingsError(f"topic: expected one to send to, got {', '.join(topics.names)}")
        client = client_settings(options)
        known = {field.name: getattr(client, field.name) for field in attr.fields(KafkaSettings)}
        return AvroKafkaConfig(**known, topic=topics.names[0], producer=client.more)


def database_url_of(options: argparse.Namespace) -> str:
    """Return the DSN that option, environment or file give; raise SettingsError."""
    if re.search(PASSWORD, options.database_url or ""):
        raise SettingsError(
            "--database-url: expected a DSN without password, since other users of the machine can"
            " read options: set DATABASE_URL or DATABASE_URL_FILE, or PGPASSWORD"
        )
    with as_settings_error():
        return checked_dsn(find("database_url", options.database_url))


def store_url_of(options: argparse.Namespace) -> str:
    """Return the DSN of a store that this program knows; raise SettingsError and StoreProblem.

    For commands that do not migrate: one that is older than the database must leave it alone.
    """
    from consumer.store.migrate import refuse_newer

    database_url = database_url_of(options)
    refuse_newer(database_url)
    return database_url


@contextmanager
def as_settings_error() -> Iterator[None]:
    """Raise the library's errors about settings as the consumer's."""
    try:
        yield
    except ConfigurationError as exc:
        raise SettingsError(str(exc)) from exc
