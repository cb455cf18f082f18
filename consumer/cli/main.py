"""The command line: `python -m consumer run | migrate | status`."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence

from consumer import settings as places
from consumer.errors import ConsumerError
from consumer.settings import Settings, find
from openlineage_avro.schema_registry import Registry

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status. Problems are one line on standard error."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level.upper(), format=LOG_FORMAT, stream=sys.stderr)
    logging.getLogger("kafka").setLevel(logging.WARNING)
    try:
        options.command(options)
    except ConsumerError as exc:
        print(f"consumer: {exc}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())

    from consumer.ingest.loop import Loop
    from consumer.source.source import Source
    from consumer.store.store import Store

    settings = _settings(options)
    _migrate(settings.database_url)
    source = Source(settings)
    try:
        store = Store(settings.database_url, source.cluster_id, settings.topic)
        try:
            Loop(source, store, stop).run(stop_at_end=options.stop_at_end)
        finally:
            store.close()
    finally:
        source.close()


def _migrate_only(options: argparse.Namespace) -> None:
    _migrate(find("database_url", options.database_url))


def _migrate(database_url: str) -> None:
    from consumer.store.database import connect
    from consumer.store.migrate import migrate

    with connect(database_url) as connection:
        migrate(connection)


def _status(options: argparse.Namespace) -> None:
    from consumer.ingest.status import table
    from consumer.source.source import Topic
    from consumer.store.store import Store

    settings = _settings(options)
    topic = Topic(settings)
    try:
        store = Store(settings.database_url, topic.cluster_id, settings.topic)
        print(table(topic, store))
        store.close()
    finally:
        topic.close()


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        bootstrap_servers=find("bootstrap_servers", options.bootstrap_servers),
        topic=find("topic", options.topic),
        database_url=find("database_url", options.database_url),
        group=find("group", getattr(options, "group", None)),
        member=getattr(options, "member", None),
        kafka=places.kafka_settings(options.kafka_setting),
        schema_registry=Registry.of_environment(getattr(options, "schema_registry_url", None)),
        batch_records=getattr(options, "batch_records", places.BATCH_RECORDS),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m consumer",
        description="Stores OpenLineage events from Kafka in PostgreSQL, each exactly once.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="migrate the database, then store events until stopped")
    run.set_defaults(command=_run)
    _add_kafka(run)
    _add_database(run)
    _add_place(run, "group", "consumer group that shares the topic's partitions out")
    run.add_argument(
        "--member",
        metavar="NAME",
        help="this consumer's lasting name in the group (Kafka's group.instance.id): after a crash"
        " one of the same name goes on at once, without waiting for the old session to end",
    )
    run.add_argument(
        "--schema-registry-url",
        metavar="URL",
        help="registry that knows the schemas of messages in the Confluent wire format (default:"
        " $SCHEMA_REGISTRY_URL); its login: $SCHEMA_REGISTRY_USERNAME, _PASSWORD, _CA_FILE",
    )
    run.add_argument(
        "--batch-records",
        type=int,
        metavar="N",
        default=places.BATCH_RECORDS,
        help="most records that one transaction stores (default: %(default)s)",
    )
    run.add_argument(
        "--stop-at-end",
        action="store_true",
        help="store all that is on the topic now, then exit",
    )
    migrate = commands.add_parser("migrate", help="bring the database to this program's schema")
    migrate.set_defaults(command=_migrate_only)
    _add_database(migrate)
    status = commands.add_parser("status", help="show how far the store is on each partition")
    status.set_defaults(command=_status)
    _add_kafka(status)
    _add_database(status)
    for each in (run, migrate, status):
        each.add_argument(
            "--log-level",
            default="info",
            choices=["debug", "info", "warning", "error"],
            help="least level of the log lines on standard error (default: %(default)s)",
        )
    return parser


def _add_kafka(parser: argparse.ArgumentParser) -> None:
    _add_place(parser, "bootstrap_servers", "Kafka's addresses, HOST:PORT, separated by commas")
    _add_place(parser, "topic", "topic that the events are on")
    parser.add_argument(
        "--kafka-setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of kafka-python's KafkaConsumer, such as security_protocol=SASL_SSL;"
        " may be repeated",
    )


def _add_database(parser: argparse.ArgumentParser) -> None:
    _add_place(parser, "database_url", "PostgreSQL's DSN, postgresql://USER:PASSWORD@HOST/DATABASE")


def _add_place(parser: argparse.ArgumentParser, name: str, meaning: str) -> None:
    place = places.PLACES[name]
    default = f", else {place.default}" if place.default else ""
    parser.add_argument(
        place.option, dest=name, help=f"{meaning} (default: ${place.variable}{default})"
    )
