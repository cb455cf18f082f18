"""What requests share: the store that is asked, and the ways to Kafka."""

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query, Request

from consumer.api.intake import Intake
from consumer.api.readiness import Readiness
from consumer.api.sender import Sender
from consumer.query.reader import Reader

if TYPE_CHECKING:
    from consumer.api.sight import Sight

MOST_ROWS = 10_000


# Not asynchronous, they would be called in a thread each.
async def _reader(request: Request) -> Reader:
    reader: Reader = request.app.state.reader
    sight: Sight | None = getattr(request.state, "sight", None)
    return reader if sight is None else reader.seen_by(sight.sees)


async def _sender(request: Request) -> Sender | None:
    sender: Sender | None = request.app.state.sender
    return sender


async def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


async def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


Store = Annotated[Reader, Depends(_reader)]
Kafka = Annotated[Sender | None, Depends(_sender)]
Incoming = Annotated[Intake, Depends(_intake)]
Answering = Annotated[Readiness, Depends(_readiness)]
Limit = Annotated[int, Query(ge=0, le=MOST_ROWS)]
Offset = Annotated[int, Query(ge=0)]
