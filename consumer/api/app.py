"""Puts the API together: its endpoints, what they share, and how errors are answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from consumer.api import errors
from consumer.api.raw_path import RawPath
from consumer.api.routes import namespaces
from consumer.api.routes.pages import add_pages
from consumer.api.routes.web import dag_runs, datasets, graph, pipeline_runs, search, traffic
from consumer.api.sender import Sender
from consumer.api.settings import ApiSettings
from consumer.query.reader import Reader

PREFIX = "/api/v1"
ROUTERS = (namespaces.router,)
WEB_PREFIX = "/api/lineage"
WEB_ROUTERS = (
    dag_runs.router,
    datasets.router,
    graph.router,
    pipeline_runs.router,
    search.router,
    traffic.router,
)


def create_app(settings: ApiSettings) -> FastAPI:
    """Return the API as an ASGI application; it connects when it is started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.reader.open()
        yield
        app.state.reader.close()
        if app.state.sender is not None:
            app.state.sender.close()

    app = FastAPI(
        title="openlineage-avro",
        description="Marquez's API, answered from PostgreSQL; OpenLineage events, sent to Kafka.",
        lifespan=lifespan,
        middleware=[Middleware(RawPath)],
    )
    app.state.reader = Reader(
        settings.database_url, settings.connections, settings.statement_seconds
    )
    app.state.sender = None if settings.kafka is None else Sender(settings.kafka)
    errors.add_handlers(app)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    for router in WEB_ROUTERS:
        app.include_router(router, prefix=WEB_PREFIX)
    add_pages(app)
    return app
