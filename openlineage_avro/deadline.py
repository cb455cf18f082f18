"""Runs a call in a thread that can be left behind, so that its caller never waits too long."""

import threading
import time
from collections.abc import Callable
from typing import Any


def within(seconds: float, call: Callable[[float], Any]) -> Any:
    """Return `call(end)`, or raise TimeoutError after `seconds`; `end` is of time.monotonic().

    Name resolution and some handshakes cannot be interrupted; a thread can be abandoned. `call`
    should give up at `end` by itself, so that few threads are.
    """
    work = _Work(call, time.monotonic() + seconds)
    if not work.done.wait(seconds):
        raise TimeoutError(f"not done within {seconds:g} s")
    if work.error is not None:
        raise work.error
    return work.result


class _Work:
    """A call in a daemon thread of its own."""

    def __init__(self, call: Callable[[float], Any], end: float) -> None:
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None
        arguments = (call, end)
        threading.Thread(
            target=self._run, args=arguments, name="openlineage-avro-send", daemon=True
        ).start()

    def _run(self, call: Callable[[float], Any], end: float) -> None:
        try:
            self.result = call(end)
        except BaseException as exc:
            self.error = exc
        self.done.set()
