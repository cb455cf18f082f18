"""Decides whether a consumer is ready: its services answer, and it is not far behind."""

from datetime import datetime, timedelta, timezone

from consumer.ingest.loop import Loop
from consumer.watch.lag import longest_seconds
from consumer.watch.sampler import Sample, Sampler

# A look may wait for services that do not answer; after that what was seen says nothing any more.
OLD = timedelta(seconds=60)


def problems_of(loop: Loop, sampler: Sampler, most_lag_seconds: float) -> list[str]:
    """Return what keeps a consumer from being ready, in words without secrets."""
    problems = [] if loop.waits_for is None else [f"waiting: {loop.waits_for}"]
    return problems + _of_sample(sampler.last, most_lag_seconds)


def _of_sample(sample: Sample | None, most_lag_seconds: float) -> list[str]:
    if sample is None:
        return ["Kafka and PostgreSQL have not been asked yet"]
    problems = list(sample.problems.values())
    if datetime.now(timezone.utc) - sample.taken_at > OLD:
        problems.append(f"nothing has been seen of Kafka and PostgreSQL since {sample.taken_at}")
    seconds = longest_seconds(sample.lags)
    if seconds > most_lag_seconds:
        problems.append(f"lag: expected at most {most_lag_seconds:g} s, got {seconds:.0f} s")
    return problems
