"""What requests share: the store that is asked, and the way to Kafka."""

from typing import Annotated

from fastapi import Depends, Query, Request

from consumer.api.sender import Sender
from consumer.query.reader import Reader

MOST_ROWS = 10_000


def _reader(request: Request) -> Reader:
    reader: Reader = request.app.state.reader
    return reader


def _sender(request: Request) -> Sender | None:
    sender: Sender | None = request.app.state.sender
    return sender


Store = Annotated[Reader, Depends(_reader)]
Kafka = Annotated[Sender | None, Depends(_sender)]
Limit = Annotated[int, Query(ge=0, le=MOST_ROWS)]
Offset = Annotated[int, Query(ge=0)]
