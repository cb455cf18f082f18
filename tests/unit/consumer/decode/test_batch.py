"""Halves of a batch move the same offsets, one after the other."""

from hypothesis import given
from hypothesis import strategies as st

from consumer.decode.batch import decode_batch
from consumer.decode.decode import Kind, Rejection
from consumer.record import Partition, Polled, Record

PLACES = [Partition("t", "an id", number) for number in range(3)]


def record(partition: int, offset: int) -> Record:
    """Return a record without a value."""
    return Record(PLACES[partition], offset, -1, None, (), None)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=2), st.integers(0, 2))
def test_halves_cover_the_batch_without_overlap(steps: list[tuple[int, int]], tail: int) -> None:
    start = dict(zip(PLACES, (10, 20, 30), strict=True))
    end = dict(start)
    records = []
    for partition, gap in steps:
        records.append(record(partition, end[PLACES[partition]] + gap - 1))
        end[PLACES[partition]] += gap
    end = {partition: offset + tail for partition, offset in end.items()}
    first, second = decode_batch(Polled(records, start, end)).halves()
    assert first.records + second.records == records
    assert (first.start, second.end) == (start, end)
    assert first.end == second.start
    for half in (first, second):
        assert half.records
        for each in half.records:
            assert half.start[each.partition] <= each.offset < half.end[each.partition]


def test_times_of_records() -> None:
    assert record(0, 0).time is None
    assert str(record(0, 0)._replace(timestamp=1500).time) == "1970-01-01 00:00:01.500000+00:00"
    assert record(0, 0)._replace(timestamp=2**62).time is None


def test_a_refused_event_keeps_its_framing() -> None:
    batch = decode_batch(
        Polled([record(0, 5)._replace(value=b"{}")], {PLACES[0]: 5}, {PLACES[0]: 6})
    )
    assert batch.refused("because").contents == [Rejection("because", "json", Kind.POSTGRESQL)]


def test_rejected_records_are_told_by_reason() -> None:
    values = [b"garbage", b"{}", None, b"garbage", b"[]"]
    polled = Polled(
        [Record(PLACES[0], n, -1, None, (), each) for n, each in enumerate(values)], {}, {}
    )
    offsets = [[each.offset for each in some] for some in decode_batch(polled).rejected().values()]
    assert sorted(offsets) == [[0, 3], [1], [4]]
