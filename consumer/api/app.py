"""Puts the API together: its endpoints, what they share, and how errors are answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from consumer.api import errors
from consumer.api.access import Access, allowed
from consumer.api.body_limit import BodyLimit
from consumer.api.intake import Intake
from consumer.api.raw_path import RawPath
from consumer.api.readiness import Readiness
from consumer.api.routes import (
    datasets,
    events,
    events_in,
    health,
    jobs,
    lineage,
    namespaces,
    runs,
    search,
    sources,
    stats,
    tags,
)
from consumer.api.sender import Sender
from consumer.api.settings import ApiSettings
from consumer.api.web_app import add_web
from consumer.query.reader import Reader

if TYPE_CHECKING:
    from consumer.api.metrics import ApiMetrics

ROUTERS = (
    events_in.router,
    namespaces.router,
    jobs.router,
    runs.router,
    datasets.router,
    sources.router,
    tags.router,
    lineage.router,
    events.router,
    search.router,
    stats.router,
)


def create_app(settings: ApiSettings, metrics: "ApiMetrics | None" = None) -> FastAPI:
    """Return the API as an ASGI application, which connects when it is started.

    `metrics` counts its requests, if there is any.
    """
    reader = Reader(settings.database_url, settings.connections, settings.statement_seconds)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.reader.open()
        yield
        app.state.reader.close()
        app.state.intake.close()
        if app.state.sender is not None:
            app.state.sender.close()

    app = FastAPI(
        title="openlineage-avro",
        description="Marquez's API, answered from PostgreSQL; OpenLineage events, sent to Kafka.",
        lifespan=lifespan,
        middleware=[*_middleware(settings), *_measured(metrics, reader)],
    )
    app.state.reader = reader
    app.state.sender = None if settings.kafka is None else Sender(settings.kafka)
    app.state.access = Access(app.state.reader, settings.asks_for_tokens)
    app.state.readiness = Readiness()
    app.state.intake = Intake(app.state.sender, settings.most_bytes)
    errors.add_handlers(app)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(allowed)])
    app.include_router(health.router)
    add_web(app, [Depends(allowed)])
    return app


def _measured(metrics: "ApiMetrics | None", reader: Reader) -> list[Middleware]:
    if metrics is None:
        return []
    from consumer.api.metrics import Measured

    return [Middleware(Measured, metrics=metrics, reader=reader)]


def _middleware(settings: ApiSettings) -> list[Middleware]:
    """Return what a request passes, the outermost first."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Content-Encoding"],
    )
    limit = Middleware(BodyLimit, most_bytes=settings.most_bytes)
    return [*([cors] if settings.origins else []), limit, Middleware(RawPath)]
