"""Prints the OpenAPI page of what the web application asks; its TypeScript types are made of it."""

import json

from fastapi import FastAPI

from consumer.api.app import WEB_PREFIX, WEB_ROUTERS


def page() -> str:
    """Return the page as JSON."""
    app = FastAPI(title="openlineage-avro", version="1")
    for router in WEB_ROUTERS:
        app.include_router(router, prefix=WEB_PREFIX)
    return json.dumps(app.openapi(), indent=1)


if __name__ == "__main__":
    print(page())
