"""The command `migrate`: brings the database to this program's schema."""

import argparse
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, database_url_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "bring the database to this program's schema"
    add_database(add_command(commands, "migrate", run, meaning))


def run(options: argparse.Namespace) -> None:
    """Migrate the database; raise ConsumerError."""
    from consumer.store.migrate import migrate_database

    migrate_database(database_url_of(options))
