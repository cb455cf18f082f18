"""What becomes of the records of a batch is decided before anything is written."""

from consumer.decode.decode import Decoded, decode
from consumer.record import Record
from consumer.store.events import Entry, outcomes_of
from consumer.store.offsets import Outcome
from tests.support.storing import PARTITION, value


def entry(offset: int, content: bytes | None) -> Entry:
    """Return a record with what was read in it."""
    record = Record(PARTITION, offset, -1, None, (), content)
    return record, None if content is None else decode(content)


def test_each_record_has_one_outcome_and_of_equal_events_the_first_is_stored() -> None:
    contents = [value(1), None, value(2), b"garbage", value(1), value(3), value(3), value(2)]
    entries = [entry(offset, content) for offset, content in enumerate(contents)]
    stored = decode(value(2))
    assert isinstance(stored, Decoded)
    assert outcomes_of(entries, {stored.hash}) == [
        Outcome.STORED,
        Outcome.TOMBSTONE,
        Outcome.DUPLICATE,
        Outcome.REJECTED,
        Outcome.DUPLICATE,
        Outcome.STORED,
        Outcome.DUPLICATE,
        Outcome.DUPLICATE,
    ]
