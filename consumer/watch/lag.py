"""Tells how far the store is behind Kafka, partition by partition: in records, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from consumer.errors import ConsumerError
from consumer.record import Partition
from consumer.source.cluster import Cluster
from consumer.store.offsets import StoredOffset
from consumer.store.store import Store


@dataclass(frozen=True)
class Lag:
    """What of a partition is stored, and where it ends (None: it has no leader).

    `waiting_since` is when the first record was sent that is not stored; None where all are, or
    where none of those can be read.
    """

    partition: Partition
    stored: StoredOffset | None
    end: int | None
    waiting_since: datetime | None
    asked_at: datetime

    @property
    def records(self) -> int | None:
        """How many records are not stored; None where nobody can say."""
        if self.end is None:
            return None
        return max(0, self.end - (self.stored.next_offset if self.stored else 0))

    @property
    def seconds(self) -> float | None:
        """For how long the first of them has been waiting; None where nobody can say."""
        if self.records is None:
            return None
        if self.waiting_since is None:
            return 0.0
        return max(0.0, (self.asked_at - self.waiting_since).total_seconds())

    def as_dict(self) -> dict[str, Any]:
        """Return it for programs."""
        stored = self.stored
        return {
            "topic": self.partition.topic,
            "partition": self.partition.number,
            "stored_offset": stored.next_offset if stored else None,
            "end_offset": self.end,
            "lag_records": self.records,
            "lag_seconds": self.seconds,
            "waiting_since": self.waiting_since.isoformat() if self.waiting_since else None,
            "stored": stored.stored if stored else 0,
            "duplicates": stored.duplicates if stored else 0,
            "rejected": stored.rejected if stored else 0,
        }


def measure(cluster: Cluster, store: Store) -> list[Lag]:
    """Return the lag of all partitions, in order; raise KafkaProblem and StoreProblem."""
    there = cluster.there()
    # The store is asked first: what is stored meanwhile would else be a lag that there is not.
    stored = store.offsets(there.partitions())
    ends = cluster.ends(there.readable)
    behind = {
        each: stored[each].next_offset if each in stored else 0
        for each, end in ends.items()
        if end > (stored[each].next_offset if each in stored else 0)
    }
    since = cluster.times(behind) if behind else {}
    now = datetime.now(timezone.utc)
    return [
        Lag(each, stored.get(each), ends.get(each), since.get(each), now)
        for each in sorted(there.partitions())
    ]


def total_records(lags: Iterable[Lag]) -> int:
    """Return how many records are not stored, of those partitions that can say."""
    return sum(each.records or 0 for each in lags)


def longest_seconds(lags: Iterable[Lag]) -> float:
    """Return for how long the first of all has been waiting."""
    return max((each.seconds or 0.0 for each in lags), default=0.0)


def check_bounds(lags: list[Lag], most_records: int | None, most_seconds: float | None) -> None:
    """Raise ConsumerError where the lag is above a bound, or a partition cannot tell its own."""
    unknown = [str(each.partition) for each in lags if each.records is None]
    if unknown and (most_records is not None or most_seconds is not None):
        raise ConsumerError(f"lag unknown: no leader of {', '.join(unknown)}: start its broker")
    advice = "is `run` running, and what does its log say it waits for?"
    records, seconds = total_records(lags), longest_seconds(lags)
    if most_records is not None and records > most_records:
        raise ConsumerError(
            f"lag: expected at most {most_records:,} records, got {records:,}; {advice}"
        )
    if most_seconds is not None and seconds > most_seconds:
        raise ConsumerError(
            f"lag: expected at most {most_seconds:g} s, got {seconds:.0f} s; {advice}"
        )
