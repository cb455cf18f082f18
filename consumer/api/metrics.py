"""Counts the API's requests for Prometheus, also where several processes answer them."""

import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from consumer.query.reader import Reader

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "openlineage_api_"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
OTHER = "other"


class ApiMetrics:
    """What requests were made, how long they took, and how the connections are used."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """Count in `registry`; without one in the folder that several processes share."""
        self._requests = Counter(
            PREFIX + "requests",
            "Requests by method, route and status",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            PREFIX + "request_seconds",
            "How long answers took",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )
        self._pool = Gauge(
            PREFIX + "pool_connections",
            "Connections to PostgreSQL when a request last ended: used or free",
            ["state"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._waiting = Gauge(
            PREFIX + "pool_waiting",
            "Requests that were waiting for a connection when a request last ended",
            registry=registry,
            multiprocess_mode="livesum",
        )

    def answered(self, scope: "Scope", status: int, seconds: float) -> None:
        """Count an answer; a route is named as it is declared, never as it was asked for."""
        route = getattr(scope.get("route"), "path", OTHER)
        method = scope["method"] if scope["method"] in METHODS else OTHER
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def look_at(self, reader: Reader) -> None:
        """Note how the connections are used."""
        use = reader.use()
        self._pool.labels("used").set(use.used)
        self._pool.labels("free").set(use.free)
        self._waiting.set(use.waiting)


class Measured:
    """Middleware that counts every request; the innermost, since that knows the route."""

    def __init__(self, app: "ASGIApp", metrics: ApiMetrics, reader: Reader) -> None:
        """Wrap an application."""
        self._app = app
        self._metrics = metrics
        self._reader = reader

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # where nothing is answered

        async def note(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, note)
        finally:
            self._metrics.answered(scope, status, time.perf_counter() - began)
            self._metrics.look_at(self._reader)


def own_registry() -> CollectorRegistry:
    """Return a registry for one process, with what that process uses."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry
