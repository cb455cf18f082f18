"""The command `tokens`: makes, lists and revokes what lets somebody use the API."""

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, store_url_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands
    from consumer.store.tokens import Tokens

SCOPES = ("read", "write", "admin")
MEANING = "make, list and revoke the tokens that the API asks for"


def add(commands: "Commands") -> None:
    """Add the command and its own commands."""
    parser = commands.add_parser("tokens", help=MEANING)
    actions = parser.add_subparsers(required=True, metavar="ACTION", help="what to do with them")
    create = add_command(actions, "create", _create, "make a token, and print it this once")
    create.add_argument("--name", required=True, help="whose it is, or what for")
    create.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=SCOPES,
        help="read: GET; write: POST and PUT; admin: these and DELETE; may be repeated",
    )
    listed = add_command(actions, "list", _list, "show names and scopes")
    revoke = add_command(actions, "revoke", _revoke, "take a token away, within seconds")
    revoke.add_argument("name", metavar="NAME", help="its name")
    for each in (create, listed, revoke):
        add_database(each)


def _create(options: argparse.Namespace) -> None:
    with closing(_tokens(options)) as tokens:
        print(tokens.create(options.name, options.scope))


def _list(options: argparse.Namespace) -> None:
    with closing(_tokens(options)) as tokens:
        for each in tokens.all():
            print(f"{each.name}\t{','.join(each.scopes)}\t{each.created_at:%Y-%m-%d %H:%M}Z")


def _revoke(options: argparse.Namespace) -> None:
    with closing(_tokens(options)) as tokens:
        tokens.revoke(options.name)


def _tokens(options: argparse.Namespace) -> "Tokens":
    from consumer.store.tokens import Tokens

    return Tokens(store_url_of(options))
