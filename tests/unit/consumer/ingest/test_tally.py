"""What a consumer counts, and what it says of a minute."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumer.every_minute import SECONDS
from consumer.ingest.minute import Minute
from consumer.ingest.tally import Distribution, Tally
from consumer.store.offsets import Outcome
from consumer.store.store import Written
from tests.support.storing import batch, value

VALUES = st.lists(st.floats(-10, 10), max_size=20)
BOUNDS = (-1.0, 0.0, 2.5)


@given(VALUES, VALUES)
def test_a_distribution_counts_what_is_not_above_each_bound(
    first: list[float], second: list[float]
) -> None:
    found = Distribution(BOUNDS)
    found.add(first)
    found.add(second)
    every = first + second
    assert found.cumulated() == [
        (bound, sum(each <= bound for each in every)) for bound in (*BOUNDS, float("inf"))
    ]
    assert found.total == pytest.approx(sum(every))


def test_each_record_is_counted_by_what_became_of_it() -> None:
    tally = Tally()
    values = [value(1), value(1), b"garbage", b"{}", b"\x00\x00\x00\x00\x01x", None, value(2)]
    outcomes = [Outcome.STORED, Outcome.DUPLICATE, *[Outcome.REJECTED] * 3]
    tally.add([Written(batch(values), [*outcomes, Outcome.TOMBSTONE, None])], 0.2)
    assert tally.outcomes == {
        Outcome.STORED: 1,
        Outcome.DUPLICATE: 1,
        Outcome.REJECTED: 3,
        Outcome.TOMBSTONE: 1,
    }
    assert tally.events == {"json": 1}
    assert tally.sizes == {"json": len(value(1))}
    assert tally.rejections == {"framing": 1, "event": 1, "avro": 1}
    assert tally.batches.cumulated()[-1] == (float("inf"), 1)
    assert tally.since_event.cumulated()[-1] == (float("inf"), 1)
    assert tally.since_sent.cumulated()[-1] == (float("inf"), 1)


def test_a_minute_is_told_of_only_if_something_was_done_in_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 0.0
    tally = Tally()
    minute = Minute(tally, lambda: now)

    def told() -> list[str]:
        caplog.clear()
        with caplog.at_level(logging.INFO):
            minute.look(lambda: 7)
        return [each.getMessage() for each in caplog.records]

    tally.outcomes.update({Outcome.STORED: 120, Outcome.DUPLICATE: 2})
    assert told() == []
    now = SECONDS
    assert told() == ["120 events stored in 60 s (2/s), 2 duplicates, 0 rejected; 7 to come"]
    now = 2 * SECONDS
    assert told() == []
    tally.outcomes.update({Outcome.REJECTED: 1})
    now = 3 * SECONDS
    assert told() == ["0 events stored in 60 s (0/s), 0 duplicates, 1 rejected; 7 to come"]
