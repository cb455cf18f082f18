"""The command `migrate`: brings the database to this program's schema."""

import argparse
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, database_url_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "bring the database to this program's schema"
    parser = add_command(commands, "migrate", run, meaning)
    add_database(parser)
    parser.add_argument(
        "--grant-to",
        action="append",
        default=[],
        metavar="ROLE",
        help="let this role of the server, which owns nothing, `run` the consumer (repeatable)",
    )


def run(options: argparse.Namespace) -> None:
    """Migrate the database; raise ConsumerError."""
    from consumer.store.migrate import grant, migrate_database

    database_url = database_url_of(options)
    migrate_database(database_url)
    grant(database_url, options.grant_to)
