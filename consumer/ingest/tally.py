"""Counts what a consumer has done since it started, a batch at once; others may look meanwhile."""

import threading
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from consumer.decode.decode import Decoded, Rejection
from consumer.errors import ConsumerError, KafkaProblem, RegistryProblem
from consumer.record import Record
from consumer.store.offsets import Outcome
from consumer.store.store import Written

BATCH_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
DELAY_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)


class Distribution:
    """How often values were below each of some bounds, as Prometheus' histograms have it."""

    def __init__(self, bounds: Sequence[float]) -> None:
        """Begin without any."""
        self.bounds = bounds
        self.total = 0.0
        self._counts = [0] * (len(bounds) + 1)

    def add(self, values: Iterable[float]) -> None:
        """Count values."""
        ordered = sorted(values)
        self.total += sum(ordered)
        before = 0
        for place, bound in enumerate(self.bounds):
            upto = bisect_right(ordered, bound)
            self._counts[place] += upto - before
            before = upto
        self._counts[-1] += len(ordered) - before

    def cumulated(self) -> list[tuple[float, int]]:
        """Return each bound, and infinity, with how many values were not above it."""
        return list(zip((*self.bounds, float("inf")), accumulate(self._counts), strict=True))


@dataclass
class Tally:
    """What became of records, and how long that took."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)  # stored ones, by framing
    sizes: Counter[str] = field(default_factory=Counter)  # bytes of their records
    rejections: Counter[str] = field(default_factory=Counter)  # by kind
    retries: Counter[str] = field(default_factory=Counter)  # by what did not answer
    batches: Distribution = field(default_factory=lambda: Distribution(BATCH_SECONDS))
    since_event: Distribution = field(default_factory=lambda: Distribution(DELAY_SECONDS))
    since_sent: Distribution = field(default_factory=lambda: Distribution(DELAY_SECONDS))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, stored: Iterable[Written], seconds: float) -> None:
        """Count a batch that has just been stored, which took so long."""
        now = time.time()
        with self.lock:
            self.batches.add([seconds])
            for batch, outcomes in stored:
                self.outcomes.update(each for each in outcomes if each)
                self._add_new(
                    [
                        (record, content)
                        for record, content, outcome in zip(
                            batch.records, batch.contents, outcomes, strict=True
                        )
                        if outcome is Outcome.STORED and isinstance(content, Decoded)
                    ],
                    now,
                )
                if Outcome.REJECTED in outcomes:
                    self.rejections.update(
                        each.kind.value for each in batch.contents if isinstance(each, Rejection)
                    )

    def _add_new(self, events: list[tuple[Record, Decoded]], now: float) -> None:
        self.events.update([event.framing for _, event in events])
        for record, event in events:
            self.sizes[event.framing] += len(record.value or b"")
        self.since_event.add([now - event.time.timestamp() for _, event in events])
        sent = [record.timestamp for record, _ in events if record.timestamp >= 0]
        self.since_sent.add([now - milliseconds / 1000 for milliseconds in sent])

    def retried(self, problem: ConsumerError) -> None:
        """Count that something did not go well and is tried again."""
        with self.lock:
            self.retries[_service(problem)] += 1


def _service(problem: ConsumerError) -> str:
    if isinstance(problem, KafkaProblem):
        return "kafka"
    return "registry" if isinstance(problem, RegistryProblem) else "postgresql"
