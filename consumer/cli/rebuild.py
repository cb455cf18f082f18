"""The command `rebuild`: derives the model anew from kept events; others may read and write."""

import argparse
from typing import TYPE_CHECKING

from consumer.cli.forward import stop_on_signals
from consumer.cli.options import (
    add_command,
    add_database,
    add_registry,
    database_url_of,
    registry_of,
)
from consumer.errors import ConsumerError
from openlineage_avro.schema_registry import schemas_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "derive runs, jobs, datasets and lineage anew from the events that are kept"
    parser = add_command(commands, "rebuild", run, meaning)
    parser.add_argument(
        "--anew",
        action="store_true",
        help="begin anew, where an earlier one was stopped (default: go on with it)",
    )
    parser.add_argument(
        "--yes",
        action="store_true",
        help="also where events were forgotten: what only those said is gone then",
    )
    add_database(parser)
    add_registry(parser)


def run(options: argparse.Namespace) -> None:
    """Rebuild, or say what would be lost; raise ConsumerError, also where it was stopped."""
    from consumer.maintain.rebuild.rebuild import forgotten, rebuild

    database_url = database_url_of(options)
    if not options.yes and (count := forgotten(database_url)):
        print(f"{count:,} events were forgotten: what only they said would be gone: add --yes")
        return
    stop = stop_on_signals()
    schema_of = schemas_of(registry_of(options))
    done = rebuild(database_url, stop, schema_of, is_anew=options.anew, is_shown=True)
    if done is None:
        raise ConsumerError("rebuild: stopped; the next one goes on from here")
    print(
        f"{done.events:,} events derived anew, {done.changed:,} rows differed;"
        f" consumers waited for {done.waited_seconds:.1f} s"
    )
