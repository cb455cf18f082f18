"""Posts requests over many connections at once, in a process of its own, and takes the times.

    python -m benchmarks.http_load PORT CONNECTIONS FILE

FILE is a pickled list of bodies. Each connection posts the next body when it has its answer; prints
a JSON object: seconds in all, the milliseconds of each request, and how often each status came.
"""

import asyncio
import json
import pickle
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = (
    "POST /api/v1/lineage HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "Content-Length: {}\r\n\r\n"
)


async def load(port: int, connections: int, bodies: list[bytes]) -> dict[str, Any]:
    """Post all bodies; return what is printed."""
    milliseconds: list[float] = []
    statuses: Counter[int] = Counter()
    waiting = iter(bodies)
    start = time.perf_counter()
    await asyncio.gather(
        *(_connection(port, waiting, milliseconds, statuses) for _ in range(connections))
    )
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "milliseconds": milliseconds, "statuses": statuses}


async def _connection(
    port: int, waiting: Iterator[bytes], milliseconds: list[float], statuses: Counter[int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for body in waiting:
        start = time.perf_counter()
        writer.write(HEAD.format(len(body)).encode() + body)
        status, size = _head(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(size)
        milliseconds.append(1000 * (time.perf_counter() - start))
        statuses[status] += 1
    writer.close()


def _head(head: bytes) -> tuple[int, int]:
    """Return the status of an answer, and how long its body is."""
    status, *lines = head.decode().split("\r\n")
    lengths = [line.split(":")[1] for line in lines if line.lower().startswith("content-length:")]
    return int(status.split()[1]), int(lengths[0]) if lengths else 0


def main() -> None:
    """Post what the command line names."""
    port, connections, file = sys.argv[1:]
    bodies = pickle.loads(Path(file).read_bytes())
    print(json.dumps(asyncio.run(load(int(port), int(connections), bodies))))


if __name__ == "__main__":
    main()
