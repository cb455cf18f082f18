"""The command `import`: sends the events of files to Kafka."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from consumer.cli.forward import stop_on_signals
from consumer.cli.options import add_command, add_kafka
from consumer.cli.replay import kafka_target
from consumer.errors import ConsumerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumer.cli.options import Commands
    from consumer.forward.files import Found


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "send the events of files to Kafka: JSON lines, also gzipped, and what `replay` wrote"
    parser = add_command(commands, "import", run, meaning)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="read in this order")
    add_kafka(parser)


def run(options: argparse.Namespace) -> None:
    """Send all that are events; raise ConsumerError, also where some are none."""
    from consumer.forward.load import load
    from consumer.forward.pause import Pause, Stopped
    from consumer.progress import Progress

    pause = Pause(stop_on_signals(), lambda: None)
    progress = Progress("events sent")
    try:
        with progress, kafka_target(options, pause) as target:
            found = pause.until_stopped(_found(options.files))
            bad = load(found, target.send, lambda line: print(line, file=sys.stderr), progress)
    except Stopped:
        raise ConsumerError(f"stopped after {progress.count:,} events") from None
    progress.end()
    if bad:
        raise ConsumerError(f"{bad:,} were no events, and were left out: the lines above say which")


def _found(files: list[Path]) -> "Iterator[Found]":
    from consumer.forward.files import events_in

    for file in files:
        yield from events_in(file)
