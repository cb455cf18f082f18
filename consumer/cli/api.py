"""The command `api`: serves Marquez's API from the store, and takes events over HTTP."""

import argparse
from typing import TYPE_CHECKING

from consumer.cli.options import (
    add_command,
    add_database,
    add_kafka,
    database_url_of,
    sending_of,
)
from consumer.errors import SettingsError

if TYPE_CHECKING:
    from consumer.api.settings import ApiSettings
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "serve Marquez's API from the database; take events over HTTP, where Kafka is named"
    parser = add_command(commands, "api", run, meaning)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=int, default=5000, help="port to listen at (default: %(default)s)"
    )
    add_database(parser)
    add_kafka(parser)


def run(options: argparse.Namespace) -> None:
    """Serve until a signal; raise ConsumerError."""
    try:
        import uvicorn

        from consumer.api.app import create_app
    except ImportError as exc:
        raise SettingsError(
            f"api: expected the extra `api` (pip install openlineage-avro[api]): {exc}"
        ) from exc
    uvicorn.run(
        create_app(_settings(options)),
        host=options.host,
        port=options.port,
        log_level=options.log_level,
        log_config=None,
        access_log=False,
    )


def _settings(options: argparse.Namespace) -> "ApiSettings":
    from consumer.api.settings import ApiSettings

    return ApiSettings(database_url=database_url_of(options), kafka=sending_of(options))
