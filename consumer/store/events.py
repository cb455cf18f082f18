"""Stores the events of a batch, each once, and the records that hold none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from consumer.decode.batch import Content
from consumer.decode.decode import Decoded, Rejection
from consumer.decode.text import storable_text
from consumer.record import Partition, Record
from consumer.rows.rows import rows_of, subject_of
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.derived import write_derived
from consumer.store.ids import Ids
from consumer.store.offsets import Outcome

Entry = tuple[Record, Content]


class EventKey(NamedTuple):
    """What tells an event from all others."""

    event_time: datetime
    hash: UUID


class EventRow(NamedTuple):
    """A row of lineage_store.events."""

    event_time: datetime
    hash: UUID
    kind: str
    event_type: str | None
    run_id: int | None
    job_id: int | None
    dataset_id: int | None
    partition_id: int
    record_offset: int
    record_time: datetime | None
    record_bytes: int
    framing: str
    event: str
    raw: bytes | None


class RejectedRow(NamedTuple):
    """A row of lineage_store.rejected."""

    partition_id: int
    record_offset: int
    reason: str
    framing: str
    record_time: datetime | None
    key: bytes | None
    header_names: list[str]
    header_values: list[bytes | None]
    value: bytes | None


def write_entries(
    connection: Connection, entries: Sequence[Entry], partition_ids: Mapping[Partition, int]
) -> list[Outcome]:
    """Store what records hold, and all that is derived from it; return what became of each."""
    events = [content for _, content in entries if isinstance(content, Decoded)]
    outcomes = outcomes_of(entries, _stored_hashes(connection, events))
    new: list[tuple[Record, Decoded]] = []
    for (record, content), outcome in zip(entries, outcomes, strict=True):
        if isinstance(content, Rejection):
            row = _rejected_row(record, content, partition_ids[record.partition])
            connection.execute(query("rejected/insert"), row._asdict())
        elif isinstance(content, Decoded) and outcome is Outcome.STORED:
            new.append((record, content))
    if new:
        ids = write_derived(connection, rows_of(event for _, event in new))
        rows = [
            _event_row(record, event, ids, partition_ids[record.partition]) for record, event in new
        ]
        send(connection, "events/insert", rows)
    return outcomes


def outcomes_of(entries: Sequence[Entry], stored: set[UUID]) -> list[Outcome]:
    """Return what is to become of each record, where events of the hashes `stored` are stored.

    Of equal events the first is stored.
    """
    known = set(stored)
    outcomes: list[Outcome] = []
    for _, content in entries:
        if content is None:
            outcomes.append(Outcome.TOMBSTONE)
        elif isinstance(content, Rejection):
            outcomes.append(Outcome.REJECTED)
        elif content.hash in known:
            outcomes.append(Outcome.DUPLICATE)
        else:
            known.add(content.hash)
            outcomes.append(Outcome.STORED)
    return outcomes


def _stored_hashes(connection: Connection, events: Sequence[Decoded]) -> set[UUID]:
    keys = [EventKey(event.time, event.hash) for event in events]
    return {row[0] for row in send(connection, "events/find_stored", keys)}


def _event_row(record: Record, event: Decoded, ids: Ids, partition_id: int) -> EventRow:
    subject = subject_of(event)
    return EventRow(
        event_time=event.time,
        hash=event.hash,
        kind=event.kind,
        event_type=event.type,
        run_id=ids.runs[subject.run] if subject.run else None,
        job_id=ids.jobs[subject.job] if subject.job else None,
        dataset_id=ids.datasets[subject.dataset] if subject.dataset else None,
        partition_id=partition_id,
        record_offset=record.offset,
        record_time=record.time,
        record_bytes=len(record.value or b""),
        framing=event.framing,
        event=event.json,
        raw=None if event.is_exact else record.value,
    )


def _rejected_row(record: Record, rejection: Rejection, partition_id: int) -> RejectedRow:
    return RejectedRow(
        partition_id=partition_id,
        record_offset=record.offset,
        reason=storable_text(rejection.reason),
        framing=rejection.framing,
        record_time=record.time,
        key=record.key,
        header_names=[storable_text(name) for name, _ in record.headers],
        header_values=[value for _, value in record.headers],
        value=record.value,
    )
