"""The options of commands that serve metrics."""

import argparse

from consumer.cli.options import PORT

READY_LAG_SECONDS = 600.0


def add_metrics(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the options; `what` says which paths there are."""
    parser.add_argument(
        "--metrics-port",
        type=PORT,
        metavar="PORT",
        help=f"serve {what} on this port (default: not served)",
    )
    parser.add_argument(
        "--metrics-host",
        default="127.0.0.1",
        metavar="HOST",
        help="address to serve them at; nobody is asked for a token (default: %(default)s)",
    )


def add_ready_lag(parser: argparse.ArgumentParser) -> None:
    """Add the bound of a consumer that is ready."""
    parser.add_argument(
        "--ready-lag",
        type=float,
        metavar="SECONDS",
        default=READY_LAG_SECONDS,
        help="/ready answers 503 while the first record that is not stored has been waiting for"
        " longer (default: %(default)g)",
    )
