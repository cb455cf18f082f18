"""What events cost, how far the consumer is, what was lost or never came."""

import datetime

from consumer.api.shapes import Shape
from consumer.api.times import Time


class Day(Shape):
    """The events of a day, by eventTime in UTC, and the bytes of their records on Kafka."""

    day: datetime.date
    events: int
    bytes: int


class CostOf(Shape):
    """Bytes as JSON and as Avro of an event type or a facet, in all of the measured events."""

    name: str
    count: int
    json_bytes: int
    avro_bytes: int


class PartitionState(Shape):
    """Where the consumer is on a partition."""

    topic: str
    partition: int
    next_offset: int
    end_offset: int | None
    lag: int | None  # records not read when it was last looked at
    stored: int
    duplicates: int
    rejected: int
    tombstones: int
    updated_at: Time


class RejectedRecord(Shape):
    """A record that is no event."""

    topic: str
    partition: int
    offset: int
    reason: str
    framing: str
    bytes: int | None
    rejected_at: Time


class Gap(Shape):
    """Records that Kafka deleted before they were read."""

    topic: str
    partition: int
    from_offset: int
    to_offset: int
    noticed_at: Time


class MissingEvents(Shape):
    """A run that misses events."""

    missing: str  # end, task or tasks
    run_id: str | None
    job_namespace: str | None
    job_name: str | None
    dag_id: str | None
    airflow_run_id: str | None
    task_id: str | None
    airflow_state: str | None
    since: Time | None


class Traffic(Shape):
    """What the page on traffic shows."""

    until: Time
    measured: int  # latest events whose bytes by type and facet are told
    days: list[Day]
    by_type: list[CostOf]
    by_facet: list[CostOf]
    partitions: list[PartitionState]
    rejected: list[RejectedRecord]
    gaps: list[Gap]
    missing: list[MissingEvents]
    looked_at: int  # latest DAG runs, of which `missing` tells; lineage.missing_events has all
