"""Where reading of a partition goes on: nothing that is there is skipped, whatever happened."""

from hypothesis import given
from hypothesis import strategies as st

from consumer.record import Bounds
from consumer.store.lives import Cause, Gap, Life, Start, start_of

OFFSETS = st.integers(0, 30)
IDS = st.sampled_from(["", "a", "b"])
BOUNDS = st.builds(
    lambda first, more, is_torn: Bounds(first, first + more, is_torn),
    OFFSETS,
    OFFSETS,
    st.booleans(),
)


def life(topic_id: str, next_offset: int) -> Life:
    """Return a partition's last life."""
    return Life(1, "topic", topic_id, 0, 1, next_offset)


@given(IDS, IDS, BOUNDS, OFFSETS)
def test_nothing_is_skipped_in_silence(
    topic_id: str, old_id: str, bounds: Bounds, stored: int
) -> None:
    start = start_of(topic_id, bounds, life(old_id, stored), is_followed=True)
    assert bounds.first <= start.offset <= bounds.end
    if start.cause:
        assert start.offset == bounds.first
    elif start.offset != stored:
        assert start == Start(bounds.first, gap=Gap(stored, bounds.first))
    made_anew = topic_id != old_id and "" not in (topic_id, old_id)
    assert (start.cause is Cause.MADE_ANEW) == made_anew


@given(IDS, BOUNDS, st.booleans())
def test_a_store_begins_with_what_there_is(
    topic_id: str, bounds: Bounds, is_followed: bool
) -> None:
    start = start_of(topic_id, bounds, None, is_followed)
    assert (start.offset, start.cause) == (bounds.first, Cause.NEW)
    expected = Gap(0, bounds.first) if is_followed and bounds.first else None
    assert start.gap == expected


def test_a_topic_made_anew_has_a_gap_where_its_first_records_are_gone() -> None:
    start = start_of("b", Bounds(4, 9), life("a", 6), is_followed=True)
    assert start == Start(4, Cause.MADE_ANEW, Gap(0, 4))


def test_what_another_consumer_stored_after_kafka_was_asked_is_not_lost() -> None:
    asked = Bounds(2, 5, is_short=False)
    assert start_of("a", asked, life("a", 6), is_followed=True) == Start(6)


def test_what_was_read_and_is_gone_is_no_gap() -> None:
    assert start_of("a", Bounds(2, 5), life("a", 6), is_followed=True) == Start(2, Cause.TORN)
    assert start_of("a", Bounds(2, 9, is_torn=True), life("a", 6), is_followed=True) == Start(
        2, Cause.TORN
    )
