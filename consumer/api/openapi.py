"""Prints the OpenAPI page of what the web application asks; its TypeScript types are made of it."""

import json

from consumer.api.web_app import create_web_app


def page() -> str:
    """Return the page as JSON."""
    return json.dumps(create_web_app([]).openapi(), indent=1)


if __name__ == "__main__":
    print(page())
