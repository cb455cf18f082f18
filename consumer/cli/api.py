"""The command `api`: serves Marquez's API from the store, and takes events over HTTP."""

import argparse
import gc
import ipaddress
import logging
import signal
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from consumer.cli.logs import prepare_logs
from consumer.cli.metrics import add_metrics
from consumer.cli.options import (
    COUNT,
    PORT,
    add_command,
    add_database,
    add_kafka,
    database_url_of,
    sending_of,
)
from consumer.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from consumer.api.metrics import ApiMetrics
    from consumer.api.settings import ApiSettings
    from consumer.cli.options import Commands

log = logging.getLogger(__name__)

FACTORY = "consumer.cli.api:application"


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "serve Marquez's API from the database; take events over HTTP, where Kafka is named"
    parser = add_command(commands, "api", run, meaning)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=PORT, default=5000, help="port to listen at (default: %(default)s)"
    )
    parser.add_argument(
        "--tokens",
        action=argparse.BooleanOptionalAction,
        help="whether every request must bring a token that `tokens create` made (default: no at"
        " 127.0.0.1; at any other address one of the two must be said)",
    )
    _add_limits(parser)
    add_metrics(parser, "/metrics for Prometheus and /health")
    add_database(parser)
    add_kafka(parser)


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of https://HOST ask from a browser (CORS); may be repeated (default: none)",
    )
    parser.add_argument(
        "--max-bytes",
        type=COUNT,
        metavar="N",
        default=100_000_000,
        help="most bytes of a request's body, also unpacked (default: %(default)s)",
    )
    parser.add_argument(
        "--statement-seconds",
        type=float,
        metavar="S",
        default=30.0,
        help="PostgreSQL ends what takes longer to answer (default: %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=COUNT,
        metavar="N",
        default=1,
        help="processes that answer, best as many as there are cores (default: %(default)s)",
    )


def run(options: argparse.Namespace) -> None:
    """Serve until a signal; raise ConsumerError."""
    import uvicorn

    settings = _settings(options)
    for each in (signal.SIGTERM, signal.SIGINT):
        # uvicorn ends in order, then raises the signal again, which would end us as if by accident.
        signal.signal(each, lambda *_: None)
    many = options.workers > 1
    with _measured(options) as metrics:
        uvicorn.run(
            FACTORY if many else _app(settings, metrics),
            factory=many,
            workers=options.workers,
            host=options.host,
            port=options.port,
            log_level=options.log_level,
            log_config=None,
            access_log=False,
            server_header=False,
        )


@contextmanager
def _measured(options: argparse.Namespace) -> "Iterator[ApiMetrics | None]":
    """Serve the API's metrics as long as the context lasts, where that is asked for.

    Yields what counts in this process. Several processes write what they count into files of a
    folder that lasts as long, and this one adds it up.
    """
    if options.metrics_port is None:
        yield None
        return
    with ExitStack() as stack:
        if options.workers > 1:
            from consumer.api.metrics_folder import counted_together

            registry, metrics = stack.enter_context(counted_together()), None
        else:
            from consumer.api.metrics import ApiMetrics, own_registry

            registry = own_registry()
            metrics = ApiMetrics(registry)
        from consumer.watch.server import serving

        host, port = options.metrics_host, options.metrics_port
        url = stack.enter_context(serving(host, port, registry, list))
        log.info("metrics at %s/metrics", url)
        yield metrics


def application() -> "FastAPI":
    """Return the application in one of several processes, each started with the same options."""
    from consumer.cli.main import parser

    options = parser().parse_args()
    prepare_logs(options)
    if options.metrics_port is None:
        return _app(_settings(options), None)
    from consumer.api.metrics import ApiMetrics

    return _app(_settings(options), ApiMetrics(None))


def _app(settings: "ApiSettings", metrics: "ApiMetrics | None") -> "FastAPI":
    from consumer.api.app import create_app

    app = create_app(settings, metrics)
    # Events are many objects without cycles: Python need not look for those so often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return app


def _settings(options: argparse.Namespace) -> "ApiSettings":
    from consumer.api.settings import ApiSettings

    return ApiSettings(
        database_url=database_url_of(options),
        kafka=sending_of(options),
        statement_seconds=options.statement_seconds,
        most_bytes=options.max_bytes,
        origins=tuple(options.allow_origin),
        asks_for_tokens=_asks_for_tokens(options),
    )


def _asks_for_tokens(options: argparse.Namespace) -> bool:
    """Return whether tokens are needed; raise SettingsError where that must be said."""
    if options.tokens is not None:
        return bool(options.tokens)
    if _is_loopback(options.host):
        return False
    raise SettingsError(
        f"--host {options.host}: others can reach this address: expected --tokens, which asks for"
        " tokens (`openlineage-avro-consumer tokens create` makes them), or --no-tokens, which lets"
        " everybody read and write"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
