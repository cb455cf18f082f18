"""The commands `drain` and `spool status`: send what waits on disk, and show it."""

from __future__ import annotations

import json
import signal
import sys
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from openlineage_avro.delivery.delivery import Delivery
    from openlineage_avro.delivery.outbox import Outbox
    from openlineage_avro.delivery.spool import Status

SLICE_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # between two looks into the spool


def add_commands(commands: Any) -> None:
    """Add `drain` and `spool` to the command line's subparsers."""
    drain = commands.add_parser(
        "drain", help="send what waits in the spool; exit status 1 if some is left"
    )
    drain.add_argument("--follow", action="store_true", help="go on until stopped, as a service")
    drain.add_argument(
        "--refused", action="store_true", help="try again what Kafka would not take, too"
    )
    drain.add_argument(
        "--from",
        dest="old_servers",
        metavar="SERVERS",
        help="send what waits for the topic on SERVERS, too, as `spool status` shows them: Kafka's"
        " earlier address",
    )
    drain.set_defaults(run=_drain)
    spool = commands.add_parser("spool", help="look into the spool").add_subparsers(
        required=True, metavar="COMMAND"
    )
    status = spool.add_parser("status", help="show what waits; exit status 1 if anything does")
    status.add_argument("--json", action="store_true", help="a JSON object a line, one a topic")
    status.set_defaults(run=_status)


def _drain(options: argparse.Namespace) -> int:
    from openlineage_avro.delivery.delivery import Delivery
    from openlineage_avro.tools.found_settings import found

    # Stopped in order, it lets go of its lease, and another process can drain at once.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    deliveries = [Delivery(each.config) for each in found()]
    try:
        if options.old_servers:
            for each in deliveries:
                _outbox_of(each).adopt(options.old_servers)
        if options.refused:
            for each in deliveries:
                _outbox_of(each).retry_refused()
        if options.follow:
            return _follow(deliveries)
        return max(_drain_all(deliveries), _tell_of_others(deliveries))
    finally:
        for each in deliveries:
            each.close(FIRST_PAUSE)


def _follow(deliveries: list[Delivery]) -> int:
    pause = FIRST_PAUSE
    while True:
        pause = min(2 * pause, LONGEST_PAUSE) if _drain_all(deliveries) else FIRST_PAUSE
        time.sleep(pause)


def _drain_all(deliveries: list[Delivery]) -> int:
    return max([_drain_one(each) for each in deliveries])


def _drain_one(delivery: Delivery) -> int:
    """Send until nothing waits; return 1 if Kafka did not take all."""
    outbox = _outbox_of(delivery)
    try:
        while number := delivery.drain(SLICE_SECONDS):
            print(f"{number} records sent to {delivery.destination}", flush=True)
    except Exception as exc:
        print(f"{delivery.destination}: {type(exc).__name__}: {exc}", file=sys.stderr, flush=True)
    if outbox.anything_waits():
        print(f"records for {delivery.destination} still wait in the outbox", file=sys.stderr)
        return 1
    return 0


def _tell_of_others(deliveries: list[Delivery]) -> int:
    """Return 1 if something waits for a topic or servers that no setting names, and tell of it."""
    from openlineage_avro.delivery.spool import statuses

    spools = [each.spool for each in deliveries if each.spool is not None]
    known = {(each.servers, each.topic) for each in spools}
    others = [
        status
        for folder in {each.folder for each in spools}
        for status in statuses(folder)
        if status.waiting and (status.servers, status.topic) not in known
    ]
    for each in others:
        print(
            f"{each.waiting} records wait for topic {each.topic} on {each.servers}, which no"
            f" setting names: `drain --from {each.servers}` sends them to where this topic is now",
            file=sys.stderr,
        )
    return 1 if others else 0


def _outbox_of(delivery: Delivery) -> Outbox:
    if delivery.spool is None:
        raise ConfigurationError("spool_dir: expected a folder to drain, got none")
    return delivery.outbox


def _status(options: argparse.Namespace) -> int:
    from openlineage_avro.config.settings import spool_directory
    from openlineage_avro.delivery.spool import statuses
    from openlineage_avro.tools.found_settings import found

    folders = {spool_directory(each.config) for each in found()} - {None}
    shown = [(folder, each) for folder in folders if folder for each in statuses(folder)]
    for folder, status in shown:
        if options.json:
            print(json.dumps({"folder": str(folder), **status._asdict()}))
        else:
            print("\n".join(_lines(folder, status)))
    if not shown and not options.json:
        print("nothing has been spooled yet")
    return 1 if any(status.waiting or status.refused for _, status in shown) else 0


def _lines(folder: Path, status: Status) -> list[str]:
    lines = [
        f"topic {status.topic} on {status.servers}, in {folder}",
        f"  {status.waiting} waiting, {status.sending} being sent, {status.refused} refused;"
        f" {status.bytes} bytes",
    ]
    if status.oldest is not None:
        lines.append(f"  the oldest is of {_time(status.oldest)}")
    if status.failures:
        lines.append(f"  Kafka has failed {status.failures} times, at last: {status.failure}")
        lines.append(f"  events try it again from {_time(status.try_again_at)}")
    return lines


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
