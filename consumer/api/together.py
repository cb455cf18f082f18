"""Has what requests ask for one by one done together: the more at once, the less each costs."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")

# While one waits for Kafka, the other reads and writes events; those that come meanwhile are next.
AT_ONCE = 2
MOST = 200


class Together(Generic[Asked, Done]):
    """Collects what is asked while it is at work on what was asked before."""

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Done]]) -> None:
        """Have `do` called in a thread; it gives something done for each thing asked."""
        self._do = do
        self._threads = ThreadPoolExecutor(AT_ONCE, "openlineage-avro-intake")
        self._waiting: list[tuple[Asked, asyncio.Future[Done]]] = []
        self._workers: set[asyncio.Task[None]] = set()

    async def ask(self, asked: Asked) -> Done:
        """Return what is done for `asked`; raise what `do` raises."""
        done: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, done))
        if len(self._workers) < AT_ONCE:
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        return await done

    def close(self) -> None:
        """End the threads, when what they are at work on is done."""
        self._threads.shutdown()

    async def _work(self) -> None:
        while self._waiting:
            part, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            asked = [each for each, _ in part]
            loop = asyncio.get_running_loop()
            try:
                results = await loop.run_in_executor(self._threads, self._do, asked)
            except Exception as exc:
                for _, done in part:
                    if not done.cancelled():
                        done.set_exception(exc)
            else:
                for (_, done), result in zip(part, results, strict=True):
                    if not done.cancelled():
                        done.set_result(result)
