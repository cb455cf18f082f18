"""The command `separate-names`: takes names of datasets apart that events joined wrongly."""

import argparse
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, store_url_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "take two names apart that events wrongly say are one dataset"
    parser = add_command(commands, "separate-names", run, meaning)
    add_database(parser)
    parser.add_argument("name", metavar="NAME", help="without its namespace")
    parser.add_argument("other_name", metavar="OTHER_NAME", help="joined to it by an event")
    parser.add_argument("--namespace", help="of NAME, where it stands in several")
    parser.add_argument("--other-namespace", metavar="NAMESPACE", help="of OTHER_NAME")
    parser.add_argument("--undo", action="store_true", help="let what joined them count again")


def run(options: argparse.Namespace) -> None:
    """Take them apart and say so; raise ConsumerError."""
    from consumer.maintain.separate_names import Names, separate_names

    names = Names(options.namespace, options.name, options.other_namespace, options.other_name)
    found = separate_names(store_url_of(options), names, is_apart=not options.undo)
    print(f"{found}: {'what joins them counts again' if options.undo else 'taken apart'}")
