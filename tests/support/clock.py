"""A clock that is wrong for a while."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def an_hour_ahead(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have time.time() stand still an hour from now; after that it is right again."""
    later = time.time() + 3600
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time", lambda: later)
        yield
