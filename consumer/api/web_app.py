"""The web application with what it asks, and nothing of Marquez's API: a part of other servers."""

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.params import Depends
from starlette.middleware import Middleware

from consumer.api import errors
from consumer.api.raw_path import RawPath
from consumer.api.routes import web
from consumer.api.routes.pages import add_pages

WEB_PREFIX = "/api/lineage"


def create_web_app(dependencies: Sequence[Depends]) -> FastAPI:
    """Return the application; `dependencies` are asked before every question.

    They see to it that app.state.reader is a Reader, which is None at first, and may set
    request.state.sight.
    """
    app = FastAPI(title="Lineage", middleware=[Middleware(RawPath)])
    app.state.reader = None
    errors.add_handlers(app)
    for router in web.ROUTERS:
        app.include_router(router, prefix=WEB_PREFIX, dependencies=dependencies)
    add_pages(app)
    return app
