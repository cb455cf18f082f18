"""Tokens of the API: made, listed and revoked by those who write to the store."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from consumer.errors import NotFound, SettingsError
from consumer.sql import query
from consumer.store.database import connect, translated, where_of

BYTES = 32


class Token(NamedTuple):
    """What is known of a token; itself it is not kept."""

    name: str
    scopes: list[str]
    created_at: datetime


class Tokens:
    """The tokens of a store."""

    def __init__(self, database_url: str) -> None:
        """Connect; raise StoreProblem."""
        self._where = where_of(database_url)
        self._connection = connect(database_url)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def create(self, name: str, scopes: Sequence[str]) -> str:
        """Return a new token, of 256 random bits; raise SettingsError if the name is taken."""
        token = secrets.token_urlsafe(BYTES)
        new = {"name": name, "hash": hash_of_token(token), "scopes": sorted(set(scopes))}
        with translated(self._where):
            made = self._connection.execute(query("tokens/insert"), new).fetchone()
        if made is None:
            raise SettingsError(f"--name {name}: expected a new name, there is a token called so")
        return token

    def all(self) -> list[Token]:
        """Return every token, by name."""
        cursor = self._connection.cursor(row_factory=class_row(Token))
        with translated(self._where):
            return cursor.execute(query("tokens/list")).fetchall()

    def revoke(self, name: str) -> None:
        """Take a token away; raise NotFound if there is none of that name."""
        with translated(self._where):
            gone = self._connection.execute(query("tokens/delete"), {"name": name}).rowcount
        if not gone:
            raise NotFound(f"there is no token {name}; `tokens list` shows all")


def hash_of_token(token: str) -> bytes:
    """Return what is kept of a token. It is random, so nothing slower than sha256 is needed."""
    return hashlib.sha256(token.encode()).digest()
