"""The command `forward`: posts what comes on topics to an OpenLineage HTTP endpoint."""

import argparse
import signal
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from consumer.cli.options import (
    add_command,
    add_kafka,
    add_registry,
    as_settings_error,
    reading_of,
)
from openlineage_avro.config.command_line import found
from openlineage_avro.schema_registry import schemas_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands

GROUP = "openlineage-avro-forward"
REFUSED = "forward-refused.ndjson"


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "post events from topics to any OpenLineage HTTP endpoint, each at least once"
    parser = add_command(commands, "forward", run, meaning)
    parser.add_argument("--to", required=True, metavar="URL", help=TO_MEANING)
    parser.add_argument(
        "--group",
        help="consumer group whose place on the topics is kept on Kafka (default:"
        f" {GROUP}-HOST of the endpoint)",
    )
    parser.add_argument("--member", metavar="NAME", help="as for `run`")
    parser.add_argument(
        "--begin",
        choices=("earliest", "latest"),
        default="earliest",
        help="where a new group begins to read (default: %(default)s)",
    )
    add_http(parser)
    add_kafka(parser)
    add_registry(parser)
    parser.add_argument(
        "--stop-at-end", action="store_true", help="post all that is on the topics now, then exit"
    )


TO_MEANING = (
    "endpoint that takes events; without a path /api/v1/lineage. Headers, such as a login, from"
    " $FORWARD_HEADERS or the file of $FORWARD_HEADERS_FILE: lines like 'Authorization: Bearer"
    " TOKEN'"
)


def add_http(parser: argparse.ArgumentParser) -> None:
    """Add the options of what is posted."""
    parser.add_argument(
        "--rate", type=float, default=0.0, metavar="N", help="most events a second (default: any)"
    )
    parser.add_argument(
        "--refused-file",
        type=Path,
        metavar="FILE",
        default=Path(REFUSED),
        help="where events that the endpoint refuses are kept with its answer, as JSON lines"
        " (default: %(default)s)",
    )


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    return stop


def run(options: argparse.Namespace) -> None:
    """Post until a signal, or with --stop-at-end until the end; raise ConsumerError."""
    from consumer.forward.http_target import HttpTarget, endpoint, read_headers
    from consumer.forward.pause import Pause, Rate
    from consumer.forward.refused import Refused
    from consumer.forward.relay import Relay
    from consumer.source.follow import Follower

    stop = stop_on_signals()
    url = endpoint(options.to)
    options.group = options.group or f"{GROUP}-{urlsplit(url).hostname}"
    settings = reading_of(options)
    with as_settings_error():
        headers = read_headers(found("FORWARD_HEADERS"))
    with (
        closing(Refused(options.refused_file)) as refused,
        closing(Follower(settings, options.begin == "earliest")) as source,
    ):
        pause = Pause(stop, source.stay)
        with closing(HttpTarget(url, headers, refused, pause, Rate(options.rate, pause))) as target:
            relay = Relay(source, target, stop, schemas_of(settings.schema_registry))
            relay.run(stop_at_end=options.stop_at_end)
