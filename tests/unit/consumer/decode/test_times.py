"""parse_time takes what producers write and nothing else."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumer.decode.times import parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T12:27:13.367642+00:00", datetime(2026, 11, 22, 12, 27, 13, 367642)),
        ("2026-11-22T12:27:13Z", datetime(2026, 11, 22, 12, 27, 13)),
        ("2026-11-22t12:27:13z", datetime(2026, 11, 22, 12, 27, 13)),
        ("2024-07-05T09:04:48.7949Z", datetime(2024, 7, 5, 9, 4, 48, 794900)),
        ("2024-07-05T09:04:48.123456789Z", datetime(2024, 7, 5, 9, 4, 48, 123456)),
        ("2020-12-28T19:52:00.001+10:00", datetime(2020, 12, 28, 9, 52, 0, 1000)),
        ("2020-12-28T19:52:00-0930", datetime(2020, 12, 29, 5, 22)),
        ("2021-11-03T10:53:52.427343", datetime(2021, 11, 3, 10, 53, 52, 427343)),
        ("2021-11-03 10:53", datetime(2021, 11, 3, 10, 53)),
        ("2021-11-03", datetime(2021, 11, 3)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1)),
    ],
)
def test_times_that_producers_write(text: str, expected: datetime) -> None:
    assert parse_time(text) == expected.replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "now", "2021", "2021-13-01", "2021-02-30T00:00:00Z", "0000-01-01"),
        *("2021-11-03T24:00:00Z", "2021-11-03T10:60:00Z", "2021-11-03T10:00:61Z"),
        *("2021-11-03T10:53:52+24:00", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z"),
        *("2021-11-03T10:53:52Z ", "2021-11-03T10:53:52 UTC", "٢٠٢١-11-03", "1636000000"),
    ],
)
def test_other_texts_are_no_times(text: str) -> None:
    assert parse_time(text) is None


@given(st.datetimes(timezones=st.timezones()))
def test_every_time_that_python_writes_is_read(time: datetime) -> None:
    offset = time.utcoffset()
    if offset is None or offset.seconds % 60:
        return  # RFC 3339 knows no seconds in a zone
    try:
        expected = time.astimezone(timezone.utc)
    except OverflowError:
        expected = None
    assert parse_time(time.isoformat()) == expected
