"""Checks of Kafka: whether the topic is there and can be read, and how far the store is."""

from consumer.watch.check.examined import Examined
from consumer.watch.lag import longest_seconds, total_records
from openlineage_avro.tools.doctor.result import Finding, fail, ok, warn


def topic(examined: Examined) -> Finding:
    """Ask for the topics and their partitions."""
    there = examined.cluster().there()
    topics = sorted(there.topic_ids())
    if there.leaderless:
        lost = ", ".join(map(str, sorted(there.leaderless)))
        return fail(f"no leader: {lost}", "start the broker that led them")
    return ok(f"{len(there.readable)} partitions of {', '.join(topics)}")


def lag(examined: Examined) -> Finding:
    """Ask how many records wait, and for how long."""
    lags = examined.lags()
    records, seconds = total_records(lags), longest_seconds(lags)
    found = f"{records:,} records are not stored, the first for {seconds:,.0f} s"
    if seconds > examined.most_lag_seconds:
        return warn(
            found,
            "is `run` running, and does its log say `waiting: …`? If it works all the time, add a"
            " consumer of the same group",
        )
    return ok(found if records else "all records are stored")
