"""Takes events over HTTP: each is checked, sent to Kafka, and answered when Kafka has it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from consumer.api.bodies import Bulk, NotRead, Packed, content_of, receive, unpacked
from consumer.api.errors import RETRY_SECONDS, ApiError, problem
from consumer.api.sender import Sender
from consumer.decode.validate import NotAnEvent, check_stored
from openlineage_avro.delivery.sender import PERMANENT
from openlineage_avro.errors import EncodeError
from openlineage_avro.event.depth import TooDeep
from openlineage_avro.record.record import Record

# What waits for Kafka must not keep the threads that answer questions, nor large bodies small ones.
SMALL_AT_ONCE, LARGE_AT_ONCE = 32, 2
LARGE_BYTES = 500_000
UNPACKED = 10  # times as large as gzip, as a rule
# So many are sent before Kafka's answers are waited for.
RECORDS_AT_ONCE = 500
NOT_TRIED = "not sent: Kafka did not take an earlier one"


@dataclass(frozen=True, order=True)
class Fault:
    """Why an event of a body is not on Kafka; `index` counts from 0."""

    index: int
    status: int
    reason: str


class Intake:
    """The way of events from requests to Kafka."""

    def __init__(self, sender: Sender | None, most_bytes: int) -> None:
        """Take None where no Kafka is known: then every event is refused."""
        self._sender = sender
        self._most_bytes = most_bytes
        self._small = CapacityLimiter(SMALL_AT_ONCE)
        self._large = CapacityLimiter(LARGE_AT_ONCE)

    async def take(self, request: Request) -> Response:
        """Return the answer to a request that brings events; raise ApiError."""
        if self._sender is None:
            raise ApiError(
                501,
                "expected Kafka to send events to, this API was started without: set"
                " KAFKA_BOOTSTRAP_SERVERS for `python -m consumer api`",
            )
        packed = await receive(request, self._most_bytes)
        size = len(packed.content) * (UNPACKED if packed.encoding else 1)
        limiter = self._large if size > LARGE_BYTES else self._small
        return await to_thread.run_sync(self._answer, self._sender, packed, limiter=limiter)

    def _answer(self, sender: Sender, packed: Packed) -> Response:
        content = content_of(unpacked(packed, self._most_bytes), packed.has_lines)
        if isinstance(content, Bulk):
            return _answer_of_bulk(*_sent(sender, content.events))
        _, faults = _sent(sender, iter([content]))
        return _answer_of_one(faults)


def _sent(sender: Sender, events: Iterator[Any]) -> tuple[int, list[Fault]]:
    """Send all that can be sent, in order; return how many events there were, and the faults.

    Nothing is sent before all is read: a body that is no JSON has sent nothing.
    """
    made = [_record(sender, index, event) for index, event in enumerate(events)]
    faults = [each for each in made if isinstance(each, Fault)]
    records = ((index, each) for index, each in enumerate(made) if isinstance(each, Record))
    is_away = False
    while part := list(islice(records, RECORDS_AT_ONCE)):
        if is_away:
            faults += [Fault(index, 503, NOT_TRIED) for index, _ in part]
            continue
        new = _faults(part, sender.send_records([record for _, record in part]))
        is_away = any(each.status == 503 for each in new)
        faults += new
    return len(made), sorted(faults)


def _record(sender: Sender, index: int, event: Any) -> Record | Fault:
    if isinstance(event, NotRead):
        return Fault(index, event.status, event.reason)
    if isinstance(event, TooDeep):
        return Fault(index, 422, str(event))
    try:
        check_stored(event)
        return sender.record(event)
    except (NotAnEvent, EncodeError) as exc:
        return Fault(index, 422, str(exc))


def _faults(sent: Sequence[tuple[int, Record]], errors: Sequence[Exception | None]) -> list[Fault]:
    return [
        Fault(index, 413 if isinstance(error, PERMANENT) else 503, _text(error))
        for (index, _), error in zip(sent, errors, strict=True)
        if error is not None
    ]


def _text(error: Exception) -> str:
    return f"Kafka: {type(error).__name__}: {error}"


def _answer_of_one(faults: Sequence[Fault]) -> Response:
    """Return the answer for one event, as Marquez gives it."""
    if not faults:
        return Response(status_code=201)
    (fault,) = faults
    if fault.status == 422:
        return JSONResponse({"errors": [fault.reason]}, 422)
    headers = {"Retry-After": RETRY_SECONDS} if fault.status == 503 else None
    return problem(fault.status, fault.reason, headers)


def _answer_of_bulk(count: int, faults: Sequence[Fault]) -> Response:
    """Return the answer for several events: 201 if Kafka has all of them.

    Else it names each that it has not. 503: the same request may succeed later, and what is on
    Kafka already does no harm there twice. 422: it will not.
    """
    if not faults:
        return Response(status_code=201)
    is_away = any(each.status == 503 for each in faults)
    status = 503 if is_away else 422
    content = {
        "code": status,
        "message": f"{len(faults)} of {count} events are not on Kafka",
        "accepted": count - len(faults),
        "errors": [asdict(each) for each in faults],
    }
    return JSONResponse(content, status, {"Retry-After": RETRY_SECONDS} if is_away else None)
