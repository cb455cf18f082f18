"""What goes wrong while a request is answered, as Marquez writes it: {code, message}."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from consumer.errors import NoRights, NotFound, StoreProblem

log = logging.getLogger(__name__)

RETRY_SECONDS = "5"


class ApiError(Exception):
    """A request that gets no other answer than this status and message."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        """Keep what to answer."""
        super().__init__(message)
        self.status = status
        self.headers = headers


class Pending(Exception):  # noqa: N818 - no error: it will be stored
    """What was said is on Kafka and will be stored: the answer cannot show it yet."""

    def __init__(self, message: str, members: dict[str, str]) -> None:
        """Keep what to answer: the message, and members beside it."""
        super().__init__(message)
        self.members = members


def not_found(kind: str, name: str) -> ApiError:
    """Return the error for something that is not there: Job 'x' not found."""
    return ApiError(404, f"{kind} '{name}' not found.")


def problem(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an answer that says what is wrong."""
    return JSONResponse({"code": status, "message": message}, status, headers)


def add_handlers(app: FastAPI) -> None:
    """Have every error answered as Marquez does; none shows the inside of the program."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(Pending, _pending)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _wrong_parameter)
    app.add_exception_handler(NotFound, _name_not_found)
    app.add_exception_handler(NoRights, _no_rights)
    app.add_exception_handler(StoreProblem, _store_problem)
    app.add_exception_handler(Exception, _unexpected)


def _api_error(_: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, ApiError)
    return problem(exc.status, str(exc), exc.headers)


def _pending(_: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, Pending)
    return JSONResponse({"code": 202, "message": str(exc)} | exc.members, 202)


def _http_error(_: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, HTTPException)
    return problem(exc.status_code, str(exc.detail), dict(exc.headers or {}))


def _wrong_parameter(_: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, RequestValidationError)
    reasons = [
        f"{'.'.join(map(str, error['loc']))}: {error['msg']}, got {error.get('input')!r}"
        for error in exc.errors()
    ]
    return problem(400, "; ".join(reasons))


def _name_not_found(_: Request, exc: Exception) -> JSONResponse:
    return problem(404, str(exc))


def _no_rights(_: Request, exc: Exception) -> JSONResponse:
    log.error("%s", exc)
    return problem(
        403,
        "this API's user of PostgreSQL may not do this: let the owner of the database run"
        " `openlineage-avro-consumer migrate --grant-to ROLE` for it",
    )


def _store_problem(_: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, StoreProblem)
    log.error("%s", exc)
    if exc.retry:
        return problem(503, "the store cannot be reached", {"Retry-After": RETRY_SECONDS})
    return problem(500, "the store refused the question; the API's log has the reason")


def _unexpected(request: Request, exc: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=exc)
    return problem(500, "the request could not be answered; the API's log has the reason")
