"""Sends events to a topic without an end, some records doubled, some that are no event."""

import json
import random
import threading
import time
from collections import deque
from collections.abc import Iterator

from kafka import KafkaProducer
from kafka.errors import KafkaError

from benchmarks.day import day
from benchmarks.faults.services import PARTITIONS, TOPIC

MANY = 10**9  # events that are never all sent
AT_ONCE = 20  # records between two pauses
RECENT = 2000  # records of which one may be sent again
GARBAGE = (b"garbage", b"{}", b"\x00\x00\x00\x00\x01", b"\xc3\x01")


def records(seed: int) -> Iterator[bytes | None]:
    """Yield events of whole pipeline runs, whose jobs recur; and what else is found on a topic."""
    chance = random.Random(seed)
    recent: deque[bytes | None] = deque(maxlen=RECENT)
    for event in day(MANY, seed):
        recent.append(json.dumps(event).encode())
        yield recent[-1]
        kind = chance.random()
        if kind < 0.01:
            yield chance.choice(GARBAGE)
        elif kind < 0.02:
            yield None
        elif kind < 0.12:
            yield chance.choice(recent)


class Sending:
    """A thread that sends records, each to any partition, until it is stopped."""

    def __init__(self, servers: str, per_second: int, seed: int) -> None:
        """Begin to send about so many records a second."""
        self._servers = servers
        self._pause = AT_ONCE / per_second
        self._seed = seed
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop when what was sent has arrived or is given up."""
        self._stopped.set()
        self._thread.join()

    def _send(self) -> None:
        chance = random.Random(self._seed)
        producer = KafkaProducer(bootstrap_servers=self._servers, linger_ms=2)
        for number, record in enumerate(records(self._seed)):
            if self._stopped.is_set():
                break
            partition = chance.randrange(PARTITIONS)
            try:
                producer.send(TOPIC, record, key=b"key", partition=partition)
            except KafkaError:
                # While the broker is away. What counts is what has come to the topic.
                time.sleep(self._pause)
            if number % AT_ONCE == 0:
                time.sleep(self._pause)
        producer.close()
