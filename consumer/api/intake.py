"""Takes events over HTTP: each is checked, sent to Kafka, and answered when Kafka has it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from consumer.api.bodies import Bulk, NotRead, Packed, content_of, receive, unpacked
from consumer.api.errors import RETRY_SECONDS, ApiError, problem
from consumer.api.sender import Sender
from consumer.api.together import Together
from consumer.decode.validate import NotAnEvent, check_stored
from openlineage_avro.delivery.sender import PERMANENT
from openlineage_avro.errors import EncodeError
from openlineage_avro.event.depth import TooDeep
from openlineage_avro.record.record import Record

# Large bodies must keep neither small ones waiting nor questions, and take memory.
LARGE_AT_ONCE = 2
LARGE_BYTES = 250_000
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


@dataclass
class Body:
    """What is in a body, and what became of it."""

    is_bulk: bool
    made: list[Record | Fault]
    faults: list[Fault] = field(default_factory=list)

    def answer(self) -> Response:
        """Return the answer, when all is sent that can be."""
        faults = sorted(self.faults)
        if not faults:
            return Response(status_code=201)
        return _answer_of_bulk(len(self.made), faults) if self.is_bulk else _answer_of_one(*faults)


class Intake:
    """The way of events from requests to Kafka."""

    def __init__(self, sender: Sender | None, most_bytes: int) -> None:
        """Take None where no Kafka is known: then every event is refused."""
        self._large = CapacityLimiter(LARGE_AT_ONCE)
        self._small: Together[Packed, Response | ApiError] | None = None
        if sender is not None:
            self._answers = partial(answers, sender, most_bytes)
            self._small = Together(self._answers)

    async def take(self, request: Request) -> Response:
        """Return the answer to a request that brings events; raise ApiError."""
        if self._small is None:
            raise ApiError(
                501,
                "expected Kafka to send events to, this API was started without: set"
                " KAFKA_BOOTSTRAP_SERVERS for `openlineage-avro-consumer api`",
            )
        packed = await receive(request)
        size = len(packed.content) * (UNPACKED if packed.encoding else 1)
        if size > LARGE_BYTES:
            [answer] = await to_thread.run_sync(self._answers, [packed], limiter=self._large)
        else:
            answer = await self._small.ask(packed)
        if isinstance(answer, ApiError):
            raise answer
        return answer

    def close(self) -> None:
        """End the threads, when what they are at work on is done."""
        if self._small is not None:
            self._small.close()


def answers(sender: Sender, most_bytes: int, packed: Sequence[Packed]) -> list[Response | ApiError]:
    """Send the events of some bodies; return the answer to each.

    Nothing of a body is sent before all of it is read: one that is no JSON has sent nothing.
    """
    bodies = [_read(sender, most_bytes, each) for each in packed]
    read = [each for each in bodies if isinstance(each, Body)]
    _send(sender, read)
    return [each.answer() if isinstance(each, Body) else each for each in bodies]


def _read(sender: Sender, most_bytes: int, packed: Packed) -> Body | ApiError:
    try:
        content = content_of(unpacked(packed, most_bytes), packed.has_lines)
        is_bulk = isinstance(content, Bulk)
        events = content.events if is_bulk else [content]
        made = [_record(sender, index, event) for index, event in enumerate(events)]
    except ApiError as exc:
        return exc
    return Body(is_bulk, made, [each for each in made if isinstance(each, Fault)])


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


def _send(sender: Sender, bodies: Sequence[Body]) -> None:
    """Send the records of some bodies, in order; note what went wrong."""
    records = _records(bodies)
    is_away = False
    while part := list(islice(records, RECORDS_AT_ONCE)):
        if is_away:
            for body, index, _ in part:
                body.faults.append(Fault(index, 503, NOT_TRIED))
            continue
        errors = sender.send_records([record for _, _, record in part])
        for (body, index, _), error in zip(part, errors, strict=True):
            if error is not None:
                fault = _fault(index, error)
                body.faults.append(fault)
                is_away = is_away or fault.status == 503


def _records(bodies: Sequence[Body]) -> Iterator[tuple[Body, int, Record]]:
    for body in bodies:
        for index, each in enumerate(body.made):
            if isinstance(each, Record):
                yield body, index, each


def _fault(index: int, error: Exception) -> Fault:
    status = 413 if isinstance(error, PERMANENT) else 503
    return Fault(index, status, f"Kafka: {type(error).__name__}: {error}")


def _answer_of_one(fault: Fault) -> Response:
    """Return the answer for one event, as Marquez gives it."""
    if fault.status == 422:
        return JSONResponse({"errors": [fault.reason]}, 422)
    headers = {"Retry-After": RETRY_SECONDS} if fault.status == 503 else None
    return problem(fault.status, fault.reason, headers)


def _answer_of_bulk(count: int, faults: Sequence[Fault]) -> Response:
    """Return the answer for several events of which not all are on Kafka; it names each.

    503: the same request may succeed later, and what is on Kafka already does no harm there twice.
    422: it will not.
    """
    is_away = any(each.status == 503 for each in faults)
    status = 503 if is_away else 422
    content = {
        "code": status,
        "message": f"{len(faults)} of {count} events are not on Kafka",
        "accepted": count - len(faults),
        "errors": [asdict(each) for each in faults],
    }
    return JSONResponse(content, status, {"Retry-After": RETRY_SECONDS} if is_away else None)
