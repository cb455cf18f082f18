"""The web application with what it asks: beside Marquez's API, or as a part of another server."""

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.params import Depends
from starlette.middleware import Middleware

from consumer.api import errors
from consumer.api.raw_path import RawPath
from consumer.api.routes import web
from consumer.api.routes.pages import add_pages


def add_web(app: FastAPI, dependencies: Sequence[Depends]) -> None:
    """Have a server serve the application; `dependencies` are asked before every question."""
    for router in web.ROUTERS:
        app.include_router(router, dependencies=dependencies)
    add_pages(app)


def create_web_app(dependencies: Sequence[Depends]) -> FastAPI:
    """Return the application as a server of its own, to be mounted in another.

    `dependencies` see to it that app.state.reader is a Reader, which is None at first, and may set
    request.state.sight.
    """
    app = FastAPI(title="Lineage", middleware=[Middleware(RawPath)])
    app.state.reader = None
    errors.add_handlers(app)
    add_web(app, dependencies)
    return app
