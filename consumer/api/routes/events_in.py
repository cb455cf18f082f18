"""Where events come in: POST /lineage, as OpenLineage's HTTP transports call it."""

from typing import Any

from fastapi import APIRouter, Request, Response

from consumer.api.context import Incoming
from consumer.api.prefixes import API

router = APIRouter(prefix=API, tags=["lineage"])

EVENTS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "An OpenLineage event, an array of events, or lines of an event each;"
        " may be packed with Content-Encoding gzip.",
        "content": {
            "application/json": {"schema": {"oneOf": [{"type": "object"}, {"type": "array"}]}},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    201: {"description": "Kafka has every event."},
    400: {"description": "The body is no JSON; nothing was sent."},
    413: {"description": "The body is too large, or its one event is for Kafka."},
    422: {"description": "Some are no OpenLineage events: `errors` names them; the rest was sent."},
    501: {"description": "The API was started without Kafka."},
    503: {"description": "Kafka has not taken all: send the same again after Retry-After seconds."},
}


@router.post(
    "/lineage",
    status_code=201,
    response_class=Response,
    responses=ANSWERS,
    openapi_extra=EVENTS,
)
async def post_lineage(request: Request, incoming: Incoming) -> Response:
    """Send events to Kafka; answer when Kafka has acknowledged them."""
    return await incoming.take(request)
