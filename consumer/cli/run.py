"""The command `run`: migrates the database, then stores what is on topics until stopped."""

import argparse
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from consumer.cli.metrics import add_metrics, add_ready_lag
from consumer.cli.options import (
    COUNT,
    add_command,
    add_database,
    add_kafka,
    add_place,
    add_registry,
    settings_of,
)
from consumer.progress import Progress
from consumer.settings import BATCH_RECORDS
from openlineage_avro.schema_registry import schemas_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands
    from consumer.ingest.loop import Loop
    from consumer.settings import Settings

log = logging.getLogger(__name__)


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "migrate the database, then store events until stopped"
    parser = add_command(commands, "run", run, meaning)
    add_kafka(parser)
    add_database(parser)
    add_place(parser, "group", "consumer group that shares the partitions out")
    parser.add_argument(
        "--member",
        metavar="NAME",
        help="this consumer's lasting name in the group (Kafka's group.instance.id): after a crash"
        " one of the same name goes on at once, without waiting for the old session to end",
    )
    add_registry(parser)
    parser.add_argument(
        "--batch-records",
        type=COUNT,
        metavar="N",
        default=BATCH_RECORDS,
        help="most records that one transaction stores (default: %(default)s)",
    )
    parser.add_argument(
        "--stop-at-end",
        action="store_true",
        help="store all that is on the topics now, then exit",
    )
    add_metrics(parser, "/metrics for Prometheus, /health and /ready")
    add_ready_lag(parser)
    parser.add_argument(
        "--maintain",
        action="store_true",
        help="do what `maintain` does, but forget nothing, now and then beside reading",
    )


def run(options: argparse.Namespace) -> None:
    """Store events until a signal, or with --stop-at-end until the end; raise ConsumerError."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())

    from consumer.ingest.loop import Loop
    from consumer.maintain.maintain import maintained
    from consumer.source.group import Source
    from consumer.store.migrate import migrate_database
    from consumer.store.store import Store

    settings = settings_of(options)
    schema_of = schemas_of(settings.schema_registry)
    migrate_database(settings.database_url)
    with (
        maintained(settings.database_url) if options.maintain else nullcontext(),
        closing(Source(settings)) as source,
        closing(Store(settings.database_url, source.cluster_id)) as store,
        Progress("records", is_shown=options.stop_at_end) as progress,
    ):
        loop = Loop(source, store, stop, schema_of, progress)
        with _watched(options, settings, loop):
            loop.run(stop_at_end=options.stop_at_end)


@contextmanager
def _watched(options: argparse.Namespace, settings: "Settings", loop: "Loop") -> Iterator[None]:
    """Serve the consumer's metrics as long as the context lasts, where that is asked for."""
    if options.metrics_port is None:
        yield
        return
    from consumer.watch.consumer_metrics import ConsumerMetrics
    from consumer.watch.ready import problems_of
    from consumer.watch.sampler import Sampler
    from consumer.watch.server import serving

    sampler = Sampler(settings)
    registry = ConsumerMetrics(loop, sampler).registry()
    problems = partial(problems_of, loop, sampler, options.ready_lag)
    host, port = options.metrics_host, options.metrics_port
    with serving(host, port, registry, problems) as url, sampler:
        log.info("metrics at %s/metrics", url)
        yield
