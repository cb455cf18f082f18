"""Sends an event that a request made, and waits until the consumer has stored it."""

import json
import time
from typing import Any

from consumer.api.errors import RETRY_SECONDS, ApiError, Pending
from consumer.api.sender import Sender
from consumer.decode.decode import Decoded, decode
from consumer.query.reader import Reader
from consumer.rows.rows import subject_of

STORED_SECONDS = 8.0  # Marquez's clients give up after 10
PAUSE_SECONDS = 0.02


def tell(store: Reader, sender: Sender | None, event: dict[str, Any], **members: str) -> None:
    """Send an event and return once it is stored; raise ApiError if Kafka does not take it.

    Raises Pending, which is answered with `members`, if no consumer stored it within some seconds.
    """
    if sender is None:
        raise ApiError(
            501,
            "expected Kafka to send this to, this API was started without: set"
            " KAFKA_BOOTSTRAP_SERVERS for `openlineage-avro-consumer api`",
        )
    decoded = decode(json.dumps(event).encode())
    if not isinstance(decoded, Decoded):
        raise ApiError(422, decoded.reason)
    (error,) = sender.send([event])
    if error is not None:
        message = f"Kafka: {type(error).__name__}: {error}"
        raise ApiError(503, message, {"Retry-After": RETRY_SECONDS})
    if not _is_stored(store, decoded):
        raise Pending(
            "Kafka has what was said, but no consumer stored it within"
            f" {STORED_SECONDS:.0f} s: is `openlineage-avro-consumer run` running?",
            members,
        )


def _is_stored(store: Reader, event: Decoded) -> bool:
    deadline = time.monotonic() + STORED_SECONDS
    key = {"run_id": subject_of(event).run, "event_time": event.time, "hash": event.hash}
    while time.monotonic() < deadline:
        if store.row("api/events/is_stored", **key) is not None:
            return True
        time.sleep(PAUSE_SECONDS)
    return False
