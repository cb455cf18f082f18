"""The command `check`: one line for each question about Kafka and the store, with what to do."""

import argparse
import json
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, add_kafka, settings_of
from consumer.errors import ConsumerError
from openlineage_avro.config.checks import size
from openlineage_avro.errors import ConfigurationError

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "check database, role, schema, topic, lag and partitions; exit status 1 on FAIL"
    parser = add_command(commands, "check", run, meaning)
    parser.add_argument(
        "--json", action="store_true", help="a list of check, status, found, advice"
    )
    parser.add_argument(
        "--max-lag-seconds",
        type=float,
        metavar="S",
        default=600.0,
        help="warn where the first record that is not stored was sent longer ago"
        " (default: %(default)g)",
    )
    parser.add_argument(
        "--disk",
        type=_size,
        metavar="SIZE",
        help="what the database may grow to, such as 200GB: its disk, without what else lies there;"
        " warn where that is full within 30 days at the pace of the last 7",
    )
    add_kafka(parser)
    add_database(parser)


def run(options: argparse.Namespace) -> None:
    """Print a line for each check; raise ConsumerError where one failed."""
    from consumer.watch.check.examination import examine
    from consumer.watch.check.examined import Examined
    from openlineage_avro.tools.doctor.result import FAIL

    results = []
    examined = Examined(settings_of(options), options.max_lag_seconds, options.disk)
    for result in examine(examined):
        results.append(result)
        if not options.json:
            print(result.line(), flush=True)
    if options.json:
        print(json.dumps([each.as_dict() for each in results], indent=2))
    if failed := [each.check for each in results if each.status == FAIL]:
        raise ConsumerError(f"check failed: {', '.join(failed)}")


def _size(text: str) -> int:
    try:
        return size("--disk", text)
    except ConfigurationError as exc:
        raise argparse.ArgumentTypeError(str(exc).removeprefix("--disk: ")) from exc
