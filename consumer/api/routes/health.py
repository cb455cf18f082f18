"""Whether the API is alive, and whether what it needs answers; nobody is asked for a token."""

from typing import Literal

from fastapi import APIRouter, Response

from consumer.api.context import Answering, Kafka, Store
from consumer.api.shapes import Shape

router = APIRouter(tags=["health"])


class Health(Shape):
    """That the process answers."""

    status: Literal["ok"]


class Ready(Shape):
    """What each service answers: ok, off where it is not used, else what is the matter."""

    postgresql: str
    kafka: str


@router.get("/health")
async def health() -> Health:
    """Tell that the process answers."""
    return Health(status="ok")


@router.get("/ready", responses={503: {"model": Ready, "description": "One does not answer."}})
def ready(response: Response, answering: Answering, store: Store, kafka: Kafka) -> Ready:
    """Tell whether PostgreSQL and, where events are taken, Kafka answer; else 503."""
    postgresql, of_kafka = answering.of(store, kafka)
    if postgresql != "ok" or of_kafka not in ("ok", "off"):
        response.status_code = 503
    return Ready(postgresql=postgresql, kafka=of_kafka)
