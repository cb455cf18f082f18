"""Serves /metrics, /health and /ready on a port of their own, in a thread."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from consumer.errors import SettingsError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STOP_SECONDS = 5.0

# What keeps the program from being ready, in words; empty where nothing does.
Problems = Callable[[], list[str]]


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(host: str, port: int, registry: CollectorRegistry, problems: Problems) -> Iterator[str]:
    """Serve as long as the context lasts, and yield the URL.

    Raises SettingsError where the address cannot be listened at.
    """
    app = _Application(registry, problems)
    try:
        server = make_server(host, port, app, ThreadingWSGIServer, handler_class=_Quiet)
    except OSError as exc:
        raise SettingsError(
            f"--metrics-port: cannot listen at {host}:{port}: {exc}; name a port that is free"
        ) from exc
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(STOP_SECONDS)


class _Application:
    """Answers the three paths."""

    def __init__(self, registry: CollectorRegistry, problems: Problems) -> None:
        self._metrics = make_wsgi_app(registry)
        self._problems = problems

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            answer: Iterable[bytes] = self._metrics(environ, start_response)
            return answer
        if path == "/health":
            return _answer(start_response, "200 OK", {"status": "ok"})
        if path == "/ready":
            problems = self._problems()
            status = "503 Service Unavailable" if problems else "200 OK"
            said = {"status": "not ready" if problems else "ok", "problems": problems}
            return _answer(start_response, status, said)
        expected = {"error": "expected /metrics, /health or /ready"}
        return _answer(start_response, "404 Not Found", expected)


def _answer(
    start_response: "StartResponse", status: str, said: Mapping[str, object]
) -> Iterable[bytes]:
    body = json.dumps(said).encode()
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]
