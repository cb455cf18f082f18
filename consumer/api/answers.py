"""Writes answers as JSON: the numbers in facets have every digit that was sent."""

from typing import Any

import orjson
from fastapi import Response

from consumer.api.shapes import Shape
from consumer.decode.canonical import canonical_json


def answer(
    shape: Shape | None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return the response that a shape is written as; None as null."""
    return json_response(None if shape is None else shape.model_dump(), status, headers)


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return the response for a JSON value, as `json_value` reads them."""
    return Response(_written(value), status, headers, media_type="application/json")


def _written(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # a LongNumber, an int beyond 64 bits, a lone surrogate
        return canonical_json(value).encode()
