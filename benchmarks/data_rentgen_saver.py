"""Saves events by Data.Rentgen's own code: run in an environment that has it, never imported.

    python data_rentgen_saver.py FILE BATCH

FILE has one event as JSON a line; DATA_RENTGEN__DATABASE__URL names the database. What its Kafka
subscriber calls is called here with batches from the file, so that nothing of Kafka is counted.
Prints a JSON list of [seconds, events, CPU seconds], one after each batch.
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from data_rentgen.consumer.subscribers import runs_events_subscriber
from data_rentgen.db.factory import create_session_factory
from data_rentgen.db.settings import DatabaseApplicationSettings

logger = logging.getLogger("data_rentgen")


class Publisher:
    """Where Data.Rentgen sends what it cannot read: an event that it drops is no fair one."""

    async def publish(self, *_: Any, **__: Any) -> None:
        """Raise, whatever comes."""
        raise SystemExit("Data.Rentgen rejected an event: see its log above")


async def main(file: Path, size: int) -> None:
    """Save every batch in a session of its own, as the subscriber gets one."""
    sessions = create_session_factory(DatabaseApplicationSettings().database)
    samples: list[tuple[float, int, float]] = []
    events = 0
    for batch in _batches(file, size):
        message = SimpleNamespace(message_id="", correlation_id="", raw_message=batch)
        async with sessions() as session:
            await runs_events_subscriber([], message, logger, Publisher(), session)
        events += len(batch)
        samples.append((time.perf_counter(), events, time.process_time()))
    print(json.dumps(samples))


def _batches(file: Path, size: int) -> Iterator[tuple[SimpleNamespace, ...]]:
    with file.open("rb") as lines:
        while batch := tuple(islice(lines, size)):
            yield tuple(_record(line) for line in batch)


def _record(value: bytes) -> SimpleNamespace:
    names = ("topic", "partition", "offset", "headers", "key", "timestamp")
    return SimpleNamespace(value=value, **dict.fromkeys(names, 0))


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
