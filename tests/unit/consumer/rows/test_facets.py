"""Versions of facets, and the gaps that they cut into each other: any order gives one history."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from consumer.rows.facets import (
    FacetValues,
    Moment,
    Value,
    Version,
    ends_of,
    merged,
    versions_of,
)
from consumer.rows.gaps import Gap, gaps_of, overlap

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def moment(second: int) -> Moment:
    """Return one of many moments."""
    return Moment(START + timedelta(seconds=second), UUID(int=1))


def value(number: int) -> Value:
    """Return one of many values."""
    return Value(UUID(int=number), False)


def version(number: int, first: int, last: int) -> Version:
    """Return a version from one second to another."""
    return Version(value(number), moment(first), moment(last))


assertions = st.dictionaries(st.integers(0, 9), st.integers(1, 3), min_size=1)


@given(assertions)
def test_a_version_lasts_as_long_as_no_other_value_is_asserted(said: dict[int, int]) -> None:
    versions = versions_of((moment(second), value(number)) for second, number in said.items())
    for one, other in pairwise(versions):
        assert one.last < other.first
        assert one.value != other.value
    for second, number in said.items():
        (holds,) = [each for each in versions if each.first <= moment(second) <= each.last]
        assert holds.value == value(number)


@given(assertions, st.integers(0, 9))
def test_in_order_it_does_not_matter_where_a_batch_ends(said: dict[int, int], cut: int) -> None:
    def of(seconds: list[int]) -> list[Version]:
        return versions_of((moment(second), value(said[second])) for second in seconds)

    early, late = ([s for s in said if s < cut], [s for s in said if s >= cut])
    assert merged(of(early), of(late)) == of(list(said))


@given(assertions, st.randoms(use_true_random=False))
def test_what_holds_now_does_not_depend_on_any_order(said: dict[int, int], chance: Random) -> None:
    seconds = list(said)
    chance.shuffle(seconds)
    known: list[Version] = []
    for second in seconds:
        known = merged(known, [version(said[second], second, second)])
    assert (known[-1].value, known[-1].last) == (value(said[max(said)]), moment(max(said)))


def test_one_that_lies_within_another_cuts_it() -> None:
    known = merged([version(1, 0, 9)], [version(2, 5, 5)])
    assert known == [version(1, 0, 0), version(2, 5, 5), version(1, 9, 9)]


# Batches of assertions: at which second which value. Each second is asserted once.
batches = st.permutations(range(16)).flatmap(
    lambda seconds: st.lists(st.integers(1, 3), min_size=16, max_size=16).flatmap(
        lambda values: st.lists(st.integers(1, 15), max_size=5).map(
            lambda cuts: parts(list(zip(seconds, values, strict=True)), sorted({0, 16, *cuts}))
        )
    )
)
Said = dict[Moment, Value]


def parts(said: list[tuple[int, int]], cuts: list[int]) -> list[Said]:
    """Return assertions in batches."""
    pairs = [(moment(second), value(number)) for second, number in said]
    return [dict(pairs[first:end]) for first, end in pairwise(cuts)]


def between(gap: Gap, stored: Said) -> Said:
    """Return what a store finds in a gap."""
    found = [m for m, v in stored.items() if gap.after < m < gap.before and v == gap.value]
    wanted = [max(found) if gap.is_last else min(found)] if found else []
    return dict.fromkeys(wanted, gap.value)


@given(batches)
def test_batches_in_any_order_make_one_history(said_by_turns: list[Said]) -> None:
    stored: Said = {}
    known: list[Version] = []
    for batch in said_by_turns:
        more = versions_of(batch.items())
        if overlap(known, more):
            said = ends_of(known) | batch
            for gap in list(gaps_of(known, said)):
                said |= between(gap, stored)
            known = versions_of(said.items())
        else:
            known = merged(known, more)
        stored |= batch
        assert known == versions_of(stored.items())


def test_a_gap_on_either_side_of_what_lies_between() -> None:
    known = [version(1, 0, 9)]
    said = ends_of(known) | {moment(3): value(2), moment(5): value(2)}
    assert list(gaps_of(known, said)) == [
        Gap(value(1), moment(0), moment(3), is_last=True),
        Gap(value(1), moment(3), moment(5), is_last=False),
        Gap(value(1), moment(3), moment(5), is_last=True),
        Gap(value(1), moment(5), moment(9), is_last=False),
    ]


def test_versions_side_by_side_need_nothing() -> None:
    known = [version(1, 0, 3), version(2, 5, 5)]
    more = [version(3, 4, 4), version(2, 6, 9), version(1, -5, 1)]
    assert not overlap(known, more)
    assert list(gaps_of(known, ends_of([*known, *more]))) == []
    assert overlap(known, [version(3, -1, 9)])


def test_values_are_told_once_and_after_a_failure_again() -> None:
    values = FacetValues()
    one, whole, text = (values.hash_of({"v": each}) for each in (1, 1.0, "1"))
    assert len({one, whole, text}) == 3
    assert values.new == {one: '{"v":1}', whole: '{"v":1.0}', text: '{"v":"1"}'}
    values.stored()
    assert values.hash_of({"v": 1}) == one
    assert values.new == {}
    values.forget()
    assert values.hash_of({"v": 1}) == one
    assert values.new == {one: '{"v":1}'}


def test_values_take_no_more_memory_than_they_may() -> None:
    values = FacetValues(cache_bytes=100)
    key = values.hash_of({"v": "x" * 200})
    values.stored()
    assert values.hash_of({"v": "x" * 200}) == key
    assert values.new, "it was forgotten"
