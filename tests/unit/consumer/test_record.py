"""Parts of what was polled move the same offsets, one after the other."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from consumer.record import Partition, Polled, Record

PLACES = [Partition("t", "an id", number) for number in range(2)]
MOST = 100


@given(st.lists(st.tuples(st.integers(0, 1), st.none() | st.integers(0, 150))), st.integers(0, 2))
def test_parts_cover_what_was_polled(sizes: list[tuple[int, int | None]], tail: int) -> None:
    end = dict.fromkeys(PLACES, 0)
    records = []
    for place, size in sorted(sizes, key=lambda each: each[0]):
        value = None if size is None else b"x" * size
        records.append(Record(PLACES[place], end[PLACES[place]], -1, None, (), value))
        end[PLACES[place]] += 1
    polled = Polled(records, dict.fromkeys(PLACES, 0), {p: o + tail for p, o in end.items()})
    parts = list(polled.parts(MOST))
    assert [record for part in parts for record in part.records] == records
    assert (parts[0].start, parts[-1].end) == (polled.start, polled.end)
    assert all(one.end == other.start for one, other in pairwise(parts))
    for part in parts:
        small = sum(len(record.value or b"") for record in part.records) <= MOST
        assert small or len(part.records) == 1
        for record in part.records:
            assert part.start[record.partition] <= record.offset < part.end[record.partition]
