"""Drives records from Kafka into the store until told to stop, and decides what is tried again.

At the start every problem ends the program: settings are likely wrong. Later, problems that may
pass are waited for, with growing pauses; each time the stored offsets are asked for again. While
PostgreSQL works on one batch, the next is fetched and decoded.
"""

import gc
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from consumer.decode.batch import Batch, decode_batch
from consumer.errors import ConsumerError, OffsetBeyondEnd
from consumer.ingest.outage import Outage
from consumer.source.group import Source
from consumer.store.store import Store
from openlineage_avro.schema_registry import SchemaOf, without_registry

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds

log = logging.getLogger(__name__)


@dataclass
class Loop:
    """One consumer at work; `stop` may be set from a signal handler."""

    source: Source
    store: Store
    stop: threading.Event
    schema_of: SchemaOf = without_registry
    _ends: dict[int, int] | None = field(default=None, init=False)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1), init=False)
    _writing: Future[dict[int, int]] | None = field(default=None, init=False)
    _outage: Outage = field(default_factory=Outage, init=False)

    def run(self, *, stop_at_end: bool = False) -> None:
        """Store records until `stop` is set, or until all that is on the topic now is stored."""
        _collect_garbage_seldom()
        with self._writer:
            ends = self._checked_ends()
            self._ends = ends if stop_at_end else None
            self._step()
            pause = FIRST_PAUSE
            while not self.stop.is_set():
                pause = FIRST_PAUSE if self._try(self._step) else self._wait(pause)
            self._finish_writing()

    def _try(self, act: Callable[[], None]) -> bool:
        """Return whether it went well; raise what will not pass."""
        try:
            act()
        except ConsumerError as exc:
            if not exc.retry:
                raise
            self._outage.note(exc)
            return False
        return True

    def _wait(self, pause: float) -> float:
        """Wait, start again from the stored offsets, and return the next pause in seconds."""
        self.stop.wait(pause)
        self._try(self._recover)
        return min(pause * 2, LONGEST_PAUSE)

    def _step(self) -> None:
        if partitions := self.source.to_seek():
            self._finish_writing()
            self._seek(partitions)
        polled = self.source.poll()
        if polled is None:
            self.source.look_for_kafka()
        batch = decode_batch(polled, self.schema_of) if polled else None
        self._finish_writing()
        if batch:
            self._writing = self._writer.submit(self._write, batch)
        elif self._ends is not None and self._has_reached(self._ends):
            self.stop.set()
        self._outage.end()

    def _write(self, batch: Batch) -> dict[int, int]:
        self.store.write(batch)
        return batch.end

    def _finish_writing(self) -> None:
        """Wait for the batch that is being written; raise what went wrong with it."""
        writing, self._writing = self._writing, None
        if writing:
            self.source.tell_group(writing.result())

    def _recover(self) -> None:
        """Start again from the stored offsets on a new connection."""
        self.source.pause()
        try:
            self._finish_writing()
        finally:
            self.store.reconnect()

    def _checked_ends(self) -> dict[int, int]:
        """Return the ends of the topic; raise OffsetBeyondEnd where the store is beyond one."""
        # Asked in this order: meanwhile another consumer of the group may store new records.
        stored = self.store.offsets()
        ends = self.source.ends()
        for partition, each in stored.items():
            if partition in ends:
                _check_end(partition, each.next_offset, ends[partition])
        return ends

    def _seek(self, partitions: set[int]) -> None:
        """Read on where the store is; raise OffsetBeyondEnd."""
        stored = self.store.offsets()  # before the ends, as in _checked_ends
        for partition, (first, end) in self.source.bounds(partitions).items():
            if partition in stored:
                offset = stored[partition].next_offset
                _check_end(partition, offset, end)
                offset = self._over_gap(partition, offset, first)
            else:
                self.store.create_offset(partition, first)
                offset = self.store.offsets()[partition].next_offset
            self.source.seek(partition, offset)
            log.info("reading partition %d from offset %d", partition, offset)

    def _over_gap(self, partition: int, offset: int, first: int) -> int:
        """Return where to read on, after records that Kafka deleted before they were read."""
        if offset >= first:
            return offset
        log.error(
            "records were deleted on Kafka before they were read:"
            " partition %d, offsets %d to %d; lineage.gaps has them",
            partition,
            offset,
            first - 1,
        )
        self.store.skip_gap(partition, offset, first)
        return first

    def _has_reached(self, ends: dict[int, int]) -> bool:
        """Tell whether all of it is stored, by this consumer or others of its group."""
        stored = self.store.offsets()
        return all(p in stored and stored[p].next_offset >= end for p, end in ends.items())


def _collect_garbage_seldom() -> None:
    """Make Python look for cycles less often: events are many objects, and have none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _check_end(partition: int, offset: int, end: int) -> None:
    if offset > end:
        raise OffsetBeyondEnd(
            f"partition {partition}: the stored offset {offset} is beyond the end of the"
            f" topic ({end}): the topic was deleted and made anew, or Kafka lost records;"
            " if that is right, set next_offset of the partition in"
            " lineage_store.partitions to where reading is to go on"
        )
