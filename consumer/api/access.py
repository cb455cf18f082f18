"""Says who may do what: a request needs a token with the scope of its method.

What a token allows is asked of the store once every few seconds, and of tokens that nobody made,
too: so a revoked token works for that long at most. While the store cannot be asked, a token that
it knew goes on working.
"""

import hashlib
import time
from collections import OrderedDict
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from consumer.api.errors import ApiError
from consumer.errors import StoreProblem
from consumer.query.reader import Reader

KNOWN_SECONDS = 5.0
MOST_KNOWN = 1000
READ, WRITE, ADMIN = "read", "write", "admin"
SCOPES = {"GET": READ, "HEAD": READ, "POST": WRITE, "PUT": WRITE}  # all others: admin

_bearer = HTTPBearer(
    auto_error=False, description="A token of `openlineage-avro-consumer tokens create`"
)


class Access:
    """What the tokens that were seen lately allow."""

    def __init__(self, reader: Reader, is_asked: bool) -> None:
        """Let everybody do everything unless tokens are asked for."""
        self._reader = reader
        self._is_asked = is_asked
        self._known: OrderedDict[bytes, tuple[float, frozenset[str]]] = OrderedDict()

    async def check(self, method: str, token: str | None) -> None:
        """Raise ApiError unless a token lets its owner make requests of a method."""
        if not self._is_asked:
            return
        scopes = frozenset[str]() if token is None else await self._scopes(token)
        if not scopes:
            came = "none" if token is None else "one that is unknown or was revoked"
            raise ApiError(
                401,
                f"expected a token (Authorization: Bearer TOKEN), got {came}",
                {"WWW-Authenticate": "Bearer" if token is None else 'Bearer error="invalid_token"'},
            )
        needed = SCOPES.get(method, ADMIN)
        if needed not in scopes and ADMIN not in scopes:
            raise ApiError(
                403,
                f"{method}: expected a token with scope {needed}, got {', '.join(sorted(scopes))}",
                {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'},
            )

    async def _scopes(self, token: str) -> frozenset[str]:
        # The hash is looked up, not the token: how long that takes tells nothing of a token.
        key = hashlib.sha256(token.encode()).digest()
        until, scopes = self._known.get(key, (0.0, frozenset[str]()))
        if time.monotonic() < until:
            return scopes
        if scopes:  # one request asks anew, the others go on with what was known
            self._remember(key, scopes)
        try:
            row = await run_in_threadpool(self._reader.row, "api/access/scopes", hash=key)
        except StoreProblem:
            if scopes:
                return scopes
            raise
        scopes = frozenset((row and row["scopes"]) or ())
        self._remember(key, scopes)
        return scopes

    def _remember(self, key: bytes, scopes: frozenset[str]) -> None:
        self._known[key] = time.monotonic() + KNOWN_SECONDS, scopes
        self._known.move_to_end(key)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


async def allowed(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Raise ApiError unless the request may be made: 401 without a token, 403 without its scope."""
    access: Access = request.app.state.access
    await access.check(request.method, credentials.credentials if credentials else None)
