"""The conditions that spare a merge from reading a whole table."""

from datetime import date, timedelta

from lakehouse.statements import MOST_RANGES, only, within_days
from lakehouse.tables import EVENTS, RUNS


def test_days_that_follow_one_another_are_one_range() -> None:
    days = [date(2026, 1, 3), date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 1), None]
    assert within_days("at", days) == (
        "(t.at >= TIMESTAMP '2026-01-01 00:00:00Z' AND t.at < TIMESTAMP '2026-01-04 00:00:00Z')"
        " OR (t.at >= TIMESTAMP '2026-03-01 00:00:00Z'"
        " AND t.at < TIMESTAMP '2026-03-02 00:00:00Z') OR t.at IS NULL"
    )


def test_very_many_days_are_one_range_too() -> None:
    days = [date(2026, 1, 1) + timedelta(days=2 * each) for each in range(MOST_RANGES + 1)]
    assert within_days("at", days) == (
        "(t.at >= TIMESTAMP '2026-01-01 00:00:00Z' AND t.at < TIMESTAMP '2026-04-12 00:00:00Z')"
        " OR t.at IS NULL"
    )


def test_a_merge_reads_what_the_rows_of_a_micro_batch_reach() -> None:
    assert only(EVENTS, [date(2026, 1, 1)]) == within_days("event_time", [date(2026, 1, 1)])
    found = only(RUNS, {"first": "it's", "last": "\\"})
    assert found == r"t.run_id >= 'it\'s' AND t.run_id <= '\\'"


def test_a_table_without_rows_in_a_micro_batch_is_left_alone() -> None:
    assert only(EVENTS, []) is None
    assert only(RUNS, {"first": None, "last": None}) is None
