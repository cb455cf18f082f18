"""Drives records from Kafka into the store until told to stop, and decides what is tried again.

At the start every problem ends the program: settings are likely wrong. Later, problems that may
pass are waited for, with growing pauses; each time the stored offsets are asked for again. While
PostgreSQL works on one batch, the next is fetched and decoded.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from consumer.decode.batch import Batch, decode_batch
from consumer.errors import ConsumerError, OffsetMoved
from consumer.ingest.minute import Minute
from consumer.ingest.news import tell
from consumer.ingest.outage import Missing, Outage
from consumer.ingest.tally import Tally
from consumer.progress import Progress
from consumer.record import Partition
from consumer.source.group import Source
from consumer.store.lives import Cause, Start
from consumer.store.store import Store
from openlineage_avro.schema_registry import SchemaOf, without_registry

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds

# Of values as they are on Kafka: while it is decoded, an event takes ten times that.
BATCH_BYTES = 8_000_000

log = logging.getLogger(__name__)


@dataclass
class Loop:
    """One consumer at work; `stop` may be set from a signal handler."""

    source: Source
    store: Store
    stop: threading.Event
    schema_of: SchemaOf = without_registry
    progress: Progress = field(default_factory=lambda: Progress("records", is_shown=False))
    _ends: dict[Partition, int] | None = field(default=None, init=False)
    # Where the log said last that partitions are read from.
    _told: dict[Partition, int] = field(default_factory=dict, init=False)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1), init=False)
    _writing: Future[dict[Partition, int]] | None = field(default=None, init=False)
    _outage: Outage = field(default_factory=Outage, init=False)
    _missing: Missing = field(default_factory=Missing, init=False)
    tally: Tally = field(default_factory=Tally, init=False)
    _minute: Minute = field(init=False)

    def __post_init__(self) -> None:
        """Begin the first minute that the log tells of."""
        self._minute = Minute(self.tally)

    @property
    def waits_for(self) -> str | None:
        """What keeps it from going on now, in whole or in part; None while all is well."""
        return self._outage.problem or self._missing.problem

    def run(self, *, stop_at_end: bool = False) -> None:
        """Store records until `stop` is set, or until all that is on the topic now is stored."""
        _collect_garbage_seldom()
        with self._writer:
            self._take_up(self.source.there().readable)
            if stop_at_end:
                self._ends = self._ends_now()
                self.progress.expect(self._left(self._ends))
            self._step()
            pause = FIRST_PAUSE
            while not self.stop.is_set():
                pause = FIRST_PAUSE if self._try(self._step) else self._wait(pause)
            self._finish_writing()
            self.store.note_ends(self.source.seen_ends)

    def _try(self, act: Callable[[], None]) -> bool:
        """Return whether it went well; raise what will not pass."""
        try:
            act()
        except OffsetMoved as exc:
            log.info("a stored offset was moved by somebody else: %s; asking again", exc)
            self.source.pause()
        except ConsumerError as exc:
            if not exc.retry:
                raise
            self._outage.note(exc)
            self.tally.retried(exc)
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
        self.source.look()
        self._missing.tell(self.source.missing)
        for part in polled.parts(BATCH_BYTES) if polled else ():
            batch = decode_batch(part, self.schema_of)
            self._finish_writing()
            self._writing = self._writer.submit(self._write, batch)
        if polled is None:
            self._finish_writing()
            if self._ends is not None and self._left(self._ends) == 0:
                self.stop.set()
        self._outage.end()
        self._minute.look(self.source.left)

    def _write(self, batch: Batch) -> dict[Partition, int]:
        began = time.perf_counter()
        self.tally.add(self.store.write(batch), time.perf_counter() - began)
        self.progress.add(len(batch.records))
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

    def _ends_now(self) -> dict[Partition, int]:
        return self.source.ends(self.source.there().partitions())

    def _seek(self, partitions: frozenset[Partition]) -> None:
        """Read on where the store is, or from the beginning of what is new."""
        # Of a topic that is new all partitions are taken up at once: what is on those that come
        # later was to be read from their beginning.
        new = self.source.siblings(partitions)
        new -= self.store.offsets(new).keys()
        starts = self._take_up(partitions | new)
        for partition in partitions & starts.keys():
            offset = starts[partition].offset
            self.source.seek(partition, offset)
            if self._told.get(partition) != offset:  # not at each try while something is away
                log.info("reading %s from offset %d", partition, offset)
            self._told[partition] = offset

    def _take_up(self, partitions: frozenset[Partition]) -> Mapping[Partition, Start]:
        """Ask the store where to read partitions, and tell what it found."""
        # Asked before Kafka's: what another consumer stores meanwhile may be beyond the end that
        # Kafka tells, and then Kafka has lost nothing.
        stored = self.store.offsets(partitions)
        bounds = {
            each: found._replace(is_short=each in stored and stored[each].next_offset > found.end)
            for each, found in self.source.bounds(partitions).items()
        }
        taken_up = self.store.take_up(bounds, self.source.seen_ends)
        tell(taken_up)
        causes = {each.cause for each in taken_up.starts.values()}
        if self._ends is not None and causes & {Cause.MADE_ANEW, Cause.TORN}:
            self._ends = self._ends_now()
        return taken_up.starts

    def _left(self, ends: dict[Partition, int]) -> int:
        """Return how many records up to `ends` are not stored, by whomever of the group."""
        stored = self.store.offsets(ends)
        return sum(
            max(0, end - (stored[each].next_offset if each in stored else 0))
            for each, end in ends.items()
        )


def _collect_garbage_seldom() -> None:
    """Make Python look for cycles less often: events are many objects, and have none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 20)  # two batches have fewer objects
