"""Stores the events of a batch, each once, and the records that hold none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import NamedTuple
from uuid import UUID

from consumer.decode.batch import Content
from consumer.decode.decode import Decoded, Rejection
from consumer.decode.text import storable_text
from consumer.record import Partition, Record
from consumer.rows.rows import Subject, rows_of, subject_of
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.derived import Known, write_derived
from consumer.store.ids import Ids
from consumer.store.offsets import Outcome
from consumer.store.packs import Stored, write_packs

Entry = tuple[Record, Content]
COLUMNS = ("timestamptz", "uuid", "uuid", "int8", "int8", "int8", "int2", "text")


class EventKey(NamedTuple):
    """What tells an event from all others."""

    run_id: UUID
    event_time: datetime
    hash: UUID


class DayRow(NamedTuple):
    """What is added to a row of lineage_store.event_days."""

    day: date  # of eventTime, in UTC
    partition_id: int
    events: int
    bytes: int


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
    connection: Connection,
    known: Known,
    entries: Sequence[Entry],
    partition_ids: Mapping[Partition, int],
) -> list[Outcome]:
    """Store what records hold, and all that is derived from it; return what became of each."""
    subjects = [subject_of(each) if isinstance(each, Decoded) else None for _, each in entries]
    outcomes = outcomes_of(entries, _stored_hashes(connection, entries, subjects))
    new: list[Stored] = []
    for (record, content), subject, outcome in zip(entries, subjects, outcomes, strict=True):
        partition_id = partition_ids[record.partition]
        if isinstance(content, Rejection):
            row = _rejected_row(record, content, partition_id)
            connection.execute(query("rejected/insert"), row._asdict())
        elif isinstance(content, Decoded) and subject and outcome is Outcome.STORED:
            new.append(Stored(record, content, subject, partition_id))
    if new:
        rows = rows_of((each.event for each in new), known.values)
        known.ids.find(connection, rows)
        _write_events(connection, known.ids, new)
        send(connection, "events/count_days", day_rows(new))
        write_derived(connection, known, rows)
    return outcomes


def outcomes_of(entries: Iterable[Entry], stored: set[UUID]) -> list[Outcome]:
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


def _stored_hashes(
    connection: Connection, entries: Sequence[Entry], subjects: Sequence[Subject | None]
) -> set[UUID]:
    keys = [
        EventKey(subject.run, event.time, event.hash)
        for (_, event), subject in zip(entries, subjects, strict=True)
        if isinstance(event, Decoded) and subject
    ]
    return {row[0] for row in send(connection, "events/find_stored", keys)}


def _write_events(connection: Connection, ids: Ids, events: Sequence[Stored]) -> None:
    places = write_packs(connection, events)
    with connection.cursor().copy(query("events/copy")) as copy:
        copy.set_types(COLUMNS)
        for (_, event, (run, job, dataset), _), place in zip(events, places, strict=True):
            job_id = ids.jobs[job] if job else None
            dataset_id = ids.datasets[dataset] if dataset else None
            copy.write_row((event.time, event.hash, run, job_id, dataset_id, *place, event.type))


def day_rows(events: Iterable[Stored]) -> list[DayRow]:
    """Count events by day and partition."""
    sizes: dict[tuple[date, int], list[int]] = defaultdict(list)
    for each in events:
        day = each.event.time.astimezone(timezone.utc).date()
        sizes[day, each.partition_id].append(len(each.record.value or b""))
    return [DayRow(*key, len(found), sum(found)) for key, found in sizes.items()]


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
