"""Refuses bodies that are larger than is allowed, before anything reads them as a whole."""

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from consumer.api.errors import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = 413


class BodyLimit:
    """Lets the application receive so many bytes of a body at most."""

    def __init__(self, app: "ASGIApp", most_bytes: int) -> None:
        """Wrap an application."""
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Handle a request."""
        declared = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._most_bytes:
            answer = problem(TOO_LARGE, message(self._most_bytes))
            await answer(scope, receive, send)
        else:
            await self._app(scope, self._counting(receive), send)

    def _counting(self, receive: "Receive") -> "Receive":
        received = 0

        async def counted() -> "Message":
            nonlocal received
            found = await receive()
            received += len(found.get("body", b""))
            if received > self._most_bytes:
                raise HTTPException(TOO_LARGE, message(self._most_bytes))
            return found

        return counted


def message(most_bytes: int) -> str:
    """Return what is answered to a body that is too large."""
    return f"expected a body of {most_bytes:,} bytes at most, also unpacked: send it in parts"
