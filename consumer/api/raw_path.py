"""Routes on a path as it was sent: %2F within a name does not end the name."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

from pydantic import BeforeValidator

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# A part of a path between two slashes, decoded.
Segment = Annotated[str, BeforeValidator(unquote)]


class RawPath:
    """Gives the application the path before its percent signs were decoded."""

    def __init__(self, app: "ASGIApp") -> None:
        """Wrap an application whose path parameters are of type Segment."""
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Handle a request."""
        if scope["type"] == "http":
            scope = {**scope, "path": scope["raw_path"].decode("ascii")}
        await self._app(scope, receive, send)
