"""Threads that meet at the first event do not disturb each other."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from openlineage_avro.codec import schemas
from openlineage_avro.codec.generator import generate
from tests.support import golden

THREADS = 8


def test_the_first_event_may_come_in_several_threads_at_once() -> None:
    event, message = golden.read(schemas.newest())[0]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(3):
            code = generate(schemas.parsed(schemas.newest()), "threads")
            barrier = Barrier(THREADS)

            def both_ways(_number: int, code: Any = code, barrier: Any = barrier) -> Any:
                barrier.wait()
                out = bytearray()
                code["write_OpenLineageEvent"](out, event, None)
                return bytes(out), code["read_OpenLineageEvent"](message[10:], 0, None)[0]

            with ThreadPoolExecutor(THREADS) as pool:
                results = list(pool.map(both_ways, range(THREADS)))
            assert results == [(message[10:], event)] * THREADS
    finally:
        sys.setswitchinterval(interval)
