"""Options that commands share, and the settings that they give."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from consumer import settings as places
from consumer.settings import Settings, find
from openlineage_avro.schema_registry import Registry

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

LEVELS = ("debug", "info", "warning", "error")


def add_command(
    commands: "Commands", name: str, run: Callable[[argparse.Namespace], None], meaning: str
) -> argparse.ArgumentParser:
    """Add a command that calls `run` with its options; return its parser, to add them to."""
    parser = commands.add_parser(name, help=meaning)
    parser.set_defaults(run=run)
    parser.add_argument(
        "--log-level",
        default="info",
        choices=LEVELS,
        help="least level of the log lines on standard error (default: %(default)s)",
    )
    return parser


def add_kafka(parser: argparse.ArgumentParser) -> None:
    """Add the options that name Kafka and the topic."""
    add_place(parser, "bootstrap_servers", "Kafka's addresses, HOST:PORT, separated by commas")
    add_place(parser, "topic", "topic that the events are on")
    parser.add_argument(
        "--kafka-setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of kafka-python's KafkaConsumer, such as security_protocol=SASL_SSL;"
        " may be repeated",
    )


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


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the settings that options and environment variables give; raise SettingsError."""
    return Settings(
        bootstrap_servers=find("bootstrap_servers", options.bootstrap_servers),
        topic=find("topic", options.topic),
        database_url=database_url_of(options),
        group=find("group", getattr(options, "group", None)),
        member=getattr(options, "member", None),
        kafka=places.kafka_settings(options.kafka_setting),
        schema_registry=Registry.of_environment(getattr(options, "schema_registry_url", None)),
        batch_records=getattr(options, "batch_records", places.BATCH_RECORDS),
    )


def database_url_of(options: argparse.Namespace) -> str:
    """Return the DSN that the option or the environment variable gives; raise SettingsError."""
    return find("database_url", options.database_url)
