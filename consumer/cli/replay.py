"""The command `replay`: gives stored events to an endpoint, a topic or a file."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from consumer.cli.forward import TO_MEANING, add_http, stop_on_signals
from consumer.cli.options import (
    add_command,
    add_database,
    add_kafka,
    add_registry,
    as_settings_error,
    registry_of,
    sending_of,
    store_url_of,
)
from consumer.errors import ConsumerError, SettingsError
from openlineage_avro.config.command_line import found
from openlineage_avro.schema_registry import schemas_of

if TYPE_CHECKING:
    from datetime import datetime

    from consumer.cli.options import Commands
    from consumer.forward.kafka_target import KafkaTarget
    from consumer.forward.pause import Pause

Take = Callable[[Sequence[str]], None]


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "give stored events, as they were sent, to an HTTP endpoint, a topic or a file"
    parser = add_command(commands, "replay", run, meaning)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--run", dest="run_id", metavar="RUN_ID", help="only of this run")
    which.add_argument("--job", metavar="NAME", help="only of this job")
    which.add_argument(
        "--pipeline-run", metavar="ID", help="only of the runs of this pipeline_run_id"
    )
    parser.add_argument("--job-namespace", metavar="NAME", help="where --job stands in several")
    parser.add_argument("--since", metavar="TIME", help="only from this eventTime on (ISO 8601)")
    parser.add_argument("--until", metavar="TIME", help="only before this eventTime")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--to-http", metavar="URL", help=TO_MEANING)
    where.add_argument("--to-kafka", action="store_true", help="to the topic that --topic names")
    where.add_argument(
        "--to-file",
        type=Path,
        metavar="FILE",
        help="FILE.ndjson or FILE.ndjson.gz: JSON lines; FILE.avro: Avro's object container file,"
        " packed by zstd, for Spark, DuckDB, pandas",
    )
    add_http(parser)
    add_database(parser)
    add_kafka(parser)
    add_registry(parser)


def run(options: argparse.Namespace) -> None:
    """Give all that is selected; raise ConsumerError."""
    from consumer.forward.pause import Pause, Stopped
    from consumer.forward.replay import replay
    from consumer.progress import Progress
    from consumer.store.export import Selection, stored_events

    if options.job_namespace and not options.job:
        raise SettingsError("--job-namespace: expected --job with it, got none")
    selection = Selection(
        run=options.run_id,
        job=options.job,
        job_namespace=options.job_namespace,
        pipeline_run=options.pipeline_run,
        since=_time("--since", options.since),
        until=_time("--until", options.until),
    )
    pause = Pause(stop_on_signals(), lambda: None)
    schema_of = schemas_of(registry_of(options))
    progress = Progress("events replayed")
    try:
        with progress, _target(options, pause) as take:
            pages = pause.until_stopped(stored_events(store_url_of(options), selection))
            replay(pages, take, schema_of, progress)
    except Stopped:
        raise ConsumerError(f"stopped after {progress.count:,} events") from None
    progress.end()


@contextmanager
def _target(options: argparse.Namespace, pause: "Pause") -> Iterator[Take]:
    """Yield what takes the events."""
    if options.to_file:
        from consumer.forward.files import FileTarget

        with FileTarget(options.to_file) as file:
            yield file.take
    elif options.to_kafka:
        with kafka_target(options, pause) as topic:
            yield topic.take
    else:
        from consumer.forward.http_target import HttpTarget, endpoint, read_headers
        from consumer.forward.pause import Rate
        from consumer.forward.refused import Refused

        url = endpoint(options.to_http)
        with as_settings_error():
            headers = read_headers(found("FORWARD_HEADERS"))
        with (
            closing(Refused(options.refused_file)) as refused,
            closing(HttpTarget(url, headers, refused, pause, Rate(options.rate, pause))) as target,
        ):
            yield target.take


def kafka_target(options: argparse.Namespace, pause: "Pause") -> "closing[KafkaTarget]":
    """Return the topic that options name, to be closed; raise SettingsError where none is."""
    from consumer.forward.kafka_target import KafkaTarget

    config = sending_of(options)
    if config is None:
        raise SettingsError(
            "bootstrap_servers: not set; searched option --bootstrap-servers, environment variables"
            " KAFKA_BOOTSTRAP_SERVERS and KAFKA_BOOTSTRAP_SERVERS_FILE; for example"
            " KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092"
        )
    return closing(KafkaTarget(config, pause))


def _time(option: str, text: str | None) -> "datetime | None":
    from consumer.decode.times import NotATime, parse_time

    if text is None:
        return None
    try:
        return parse_time(text)
    except NotATime as exc:
        raise SettingsError(f"{option}: {exc}, got {text!r}") from exc
