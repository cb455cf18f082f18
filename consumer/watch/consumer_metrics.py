"""Gives what a consumer counted, and what was seen of Kafka and the store, to Prometheus.

Metrics are made when they are asked for; the consumer itself only counts
(consumer/ingest/tally.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from consumer.decode.decode import NAMES, Kind
from consumer.ingest.loop import Loop
from consumer.ingest.tally import Distribution
from consumer.store.figures import Figures
from consumer.store.offsets import Outcome
from consumer.watch.lag import Lag
from consumer.watch.sampler import Sampler

PREFIX = "openlineage_consumer_"
SERVICES = ("kafka", "postgresql")

Values = Mapping[Any, float]  # by tuples of labels


@dataclass(frozen=True, eq=False)
class ConsumerMetrics(Collector):
    """What there is to tell of a consumer."""

    loop: Loop
    sampler: Sampler

    def registry(self) -> CollectorRegistry:
        """Return a registry of these metrics and of what the process uses."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        ProcessCollector(registry=registry)
        return registry

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        yield from self._counted()
        yield _gauge("waiting", "1 while Kafka or PostgreSQL keep it from going on", self._waits())
        rebalances = {(): self.loop.source.rebalances}
        yield _counter("rebalances", "How often the group shared its partitions out", rebalances)
        sample = self.sampler.last
        if sample is None:
            return
        answers = {(name,): float(name not in sample.problems) for name in SERVICES}
        yield _gauge("up", "Whether the service answered when last asked", answers, "service")
        yield _gauge(
            "looked_timestamp_seconds",
            "When lag and store were last looked at",
            {(): sample.taken_at.timestamp()},
        )
        yield from _of_lags(sample.lags)
        if sample.figures:
            yield from _of_store(sample.figures)

    def _waits(self) -> Values:
        return {(): float(self.loop.waits_for is not None)}

    def _counted(self) -> Iterator[Metric]:
        tally = self.loop.tally
        with tally.lock:
            outcomes = {(each.value,): tally.outcomes[each] for each in Outcome}
            yield _counter("records", "Records by what became of them", outcomes, "outcome")
            events = {(name,): tally.events[name] for name in NAMES.values()}
            yield _counter("events_stored", "Events stored, by format", events, "format")
            sizes = {(name,): tally.sizes[name] for name in NAMES.values()}
            yield _counter("stored_bytes", "Bytes of their records on Kafka", sizes, "format")
            kinds = {(each.value,): tally.rejections[each.value] for each in Kind}
            yield _counter("rejected", "Records that hold no event", kinds, "reason")
            retries = {(name,): tally.retries[name] for name in (*SERVICES, "registry")}
            yield _counter("retries", "What was tried again", retries, "service")
            yield _histogram("batch_seconds", "How long a transaction took", tally.batches)
            yield _histogram(
                "event_delay_seconds",
                "From an event's eventTime until it was stored",
                tally.since_event,
            )
            yield _histogram(
                "emit_delay_seconds",
                "From when an event was sent to Kafka until it was stored",
                tally.since_sent,
            )


def _of_lags(lags: list[Lag]) -> Iterator[Metric]:
    places = {each: (each.partition.topic, str(each.partition.number)) for each in lags}
    records = {places[each]: float(each.records) for each in lags if each.records is not None}
    seconds = {places[each]: each.seconds for each in lags if each.seconds is not None}
    meaning = "Records on the topic that are not stored, of all consumers' partitions"
    yield _gauge("lag_records", meaning, records, "topic", "partition")
    meaning = "For how long the first record that is not stored has been on the topic"
    yield _gauge("lag_seconds", meaning, seconds, "topic", "partition")


def _of_store(figures: Figures) -> Iterator[Metric]:
    yield _gauge("database_bytes", "Size of the database", {(): figures.database_bytes})
    months = {(): _seconds(figures.first_month)} if figures.first_month else {}
    yield _gauge("first_month_timestamp_seconds", "Beginning of the oldest partition", months)
    months = {(): _seconds(figures.months_end)} if figures.months_end else {}
    yield _gauge("months_end_timestamp_seconds", "Until when each month has a partition", months)
    meaning = "Events without a partition of their month, as PostgreSQL believes"
    yield _gauge("default_partition_events", meaning, {(): figures.events_in_default})
    meaning = "Rejected records that are kept"
    yield _gauge("rejected_kept", meaning, {(): figures.rejected})
    meaning = "Records that Kafka deleted before they were read"
    yield _gauge("gap_records", meaning, {(): figures.gap_records})


def _seconds(time: datetime) -> float:
    return time.timestamp()


def _gauge(name: str, meaning: str, values: Values, *labels: str) -> Metric:
    return _filled(GaugeMetricFamily(PREFIX + name, meaning, labels=labels), values)


def _counter(name: str, meaning: str, values: Values, *labels: str) -> Metric:
    return _filled(CounterMetricFamily(PREFIX + name, meaning, labels=labels), values)


def _histogram(name: str, meaning: str, values: Distribution) -> Metric:
    buckets = [(_bound(bound), float(count)) for bound, count in values.cumulated()]
    family = HistogramMetricFamily(PREFIX + name, meaning)
    family.add_metric([], buckets=buckets, sum_value=values.total)
    return family


def _filled(family: Any, values: Values) -> Metric:
    for labels, value in values.items():
        family.add_metric(labels, value)
    filled: Metric = family
    return filled


def _bound(bound: float) -> str:
    return "+Inf" if bound == float("inf") else str(bound)
