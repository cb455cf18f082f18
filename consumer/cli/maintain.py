"""The command `maintain`: keeps the store small and quick; others may read and write meanwhile."""

import argparse
import re
import signal
import threading
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, store_url_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "make partitions ahead, pack what came one by one, forget what is old"
    parser = add_command(commands, "maintain", run, meaning)
    add_database(parser)
    parser.add_argument(
        "--keep",
        type=_days,
        metavar="DAYS",
        help="forget months whose last day is older, such as 90d, and runs without later events;"
        " without --yes, say how much that is and change nothing",
    )
    parser.add_argument("--yes", action="store_true", help="forget it, for good")


def run(options: argparse.Namespace) -> None:
    """Maintain the store, or say what would be forgotten; raise ConsumerError."""
    from consumer.maintain.maintain import maintain, what_would_be_forgotten

    database_url = store_url_of(options)
    if options.keep is not None and not options.yes:
        print(f"{what_would_be_forgotten(database_url, options.keep)}: add --yes")
        return
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    maintain(database_url, stop, options.keep, is_shown=True)


def _days(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}d", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"expected a number of days such as 90d, got {text!r}")
    return int(text[:-1])
