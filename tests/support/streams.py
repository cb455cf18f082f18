"""A stream of records that is sent while consumers die, and what must be stored at its end."""

import json
import random
import threading
import time
from typing import Any

from kafka import KafkaProducer

from consumer.decode.decode import Decoded, decode
from consumer.store.store import Store
from tests.support import corpus
from tests.support.storing import (
    CLUSTER,
    Consumer,
    begin,
    clear,
    dump,
    put,
    rows,
)

PARTITIONS = 3


def stream(count: int, seed: int = 0) -> list[bytes | None]:
    """Return records: real events, events sent again, bytes that are no event, tombstones."""
    chance = random.Random(seed)
    events = corpus.all_events()
    records: list[bytes | None] = []
    while len(records) < count:
        kind = chance.random()
        if kind < 0.05:
            records.append(chance.choice([b"garbage", b"{}", b"\x00\x00\x00\x00\x01", b"\xc3\x01"]))
        elif kind < 0.07:
            records.append(None)
        elif kind < 0.2 and records:
            records.append(chance.choice(records))
        else:
            records.append(json.dumps(_fresh(chance, events)).encode())
    return records


def _fresh(chance: random.Random, events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an event like a real one that was never sent before."""
    return chance.choice(events) | {"copy": chance.getrandbits(64)}


class Sending:
    """Records on their way to a topic."""

    def __init__(self, servers: str, topic: str, records: list[bytes | None]) -> None:
        """Prepare to send `records` to all partitions in turn."""
        self.records = records
        self.offsets: list[tuple[int, int]] = []  # (partition, offset) of each
        self._servers = servers
        self._topic = topic
        self._thread: threading.Thread | None = None

    def send(self, seconds: float = 0, until: int | None = None) -> None:
        """Send what was not sent yet, up to the record `until`, within about `seconds`."""
        producer = KafkaProducer(bootstrap_servers=self._servers, linger_ms=2)
        pause = seconds / len(self.records) * 20
        sent = len(self.offsets)
        futures = []
        for number, record in enumerate(self.records[sent:until], sent):
            partition = number % PARTITIONS
            futures.append(producer.send(self._topic, record, key=b"k", partition=partition))
            if pause and number % 20 == 0:
                time.sleep(pause)
        self.offsets += [(each.get().partition, each.get().offset) for each in futures]
        producer.close()

    def start(self, seconds: float) -> None:
        """Send in the background."""
        self._thread = threading.Thread(target=self.send, args=[seconds])
        self._thread.start()

    def is_going_on(self) -> bool:
        """Tell whether there are records left to send."""
        return self._thread is not None and self._thread.is_alive()


def check(consumer: Consumer, sending: Sending) -> None:
    """Assert that what was sent is stored exactly once, and so is all that follows from it."""
    contents = [None if each is None else decode(each) for each in sending.records]
    hashes = [each.hash for each in contents if isinstance(each, Decoded)]
    tombstones = contents.count(None)
    bad = [
        offset
        for offset, each in zip(sending.offsets, contents, strict=True)
        if each is not None and not isinstance(each, Decoded)
    ]
    stored = rows(consumer.url, "SELECT event_id FROM lineage.events")
    assert sorted(each[0] for each in stored) == sorted(set(hashes))
    rejected = rows(consumer.url, "SELECT partition, record_offset FROM lineage.rejected")
    assert sorted(rejected) == sorted(bad)
    distinct = len(set(hashes))
    duplicates = len(hashes) - distinct
    assert consumer.counted() == (len(contents), distinct, duplicates, len(bad), tombstones)
    found = dump(consumer.url)
    for view, expected in _dump_of_one_go(consumer.url, sending.records).items():
        assert found[view] == expected, view


def _dump_of_one_go(url: str, records: list[bytes | None]) -> dict[str, list[str]]:
    """Return the dump of a store that takes the same events in one go, after emptying it."""
    clear(url)
    store = Store(url, CLUSTER)
    begin(store)
    contents = [decode(each) for each in records if each is not None]
    put(store, [each.event for each in contents if isinstance(each, Decoded)])
    store.close()
    return dump(url)
