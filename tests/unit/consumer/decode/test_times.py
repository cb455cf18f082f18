"""parse_time takes what has one meaning and nothing else."""

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consumer.decode.times import NotATime, parse_time


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
        ("2016-12-31T23:59:60+01:00", datetime(2016, 12, 31, 23)),
        # As Java prints them.
        ("2023-07-09T21:15:30.25+05:30[Asia/Kolkata]", datetime(2023, 7, 9, 15, 45, 30, 250000)),
        ("2023-07-09T21:15Z[UTC]", datetime(2023, 7, 9, 21, 15)),
        ("2023-07-09T21:15:30Z[Etc/GMT+5]", datetime(2023, 7, 9, 21, 15, 30)),
        ("2023-07-09T21:15:30[America/New_York]", datetime(2023, 7, 10, 1, 15, 30)),
        ("2023-01-09T21:15:30[America/New_York]", datetime(2023, 1, 10, 2, 15, 30)),
        # Blanks, words, ISO 8601's basic form.
        ("2023-07-09 21:15:30 +02:00", datetime(2023, 7, 9, 19, 15, 30)),
        ("2023-07-09T21:15:30 -0700", datetime(2023, 7, 10, 4, 15, 30)),
        ("2023-07-09 21:15:30 UTC", datetime(2023, 7, 9, 21, 15, 30)),
        ("2023-07-09T21:15:30gmt", datetime(2023, 7, 9, 21, 15, 30)),
        ("2023-07-09T21:15:30UTC+03", datetime(2023, 7, 9, 18, 15, 30)),
        ("20230709T211530Z", datetime(2023, 7, 9, 21, 15, 30)),
        ("20230709T2115+0200", datetime(2023, 7, 9, 19, 15)),
        ("20230709T211530.5", datetime(2023, 7, 9, 21, 15, 30, 500000)),
        ("20230709", datetime(2023, 7, 9)),
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
        *("2021-11-03T10:53:52Z ", "2021-11-03T10:53:52 ", "٢٠٢١-11-03", "1636000000"),
        *("2021-11-03T10:53:52 CET", "2021-11-03T10:53:52+01:60", "2021-1103", "03/11/2021"),
        *("2021-W44-3T10:53:52Z", "2021-11-03T10:53:520Z", "2021-11-03T10:53:52.Z"),
        *("2021-11-03T1053:52Z", "2021-11-03T10:53:52Z+01:00", "2021-11-03T10:53:52Z[]"),
    ],
)
def test_other_texts_are_no_times(text: str) -> None:
    with pytest.raises(NotATime, match="expected"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-10-29T02:10:00[Europe/Paris]", "came twice or not at all"),
        ("2023-03-26T02:10:00[Europe/Paris]", "came twice or not at all"),
        ("2023-07-09T21:15:30[Atlantis/Poseidonis]", "a zone that the time zone database"),
        ("2023-07-09T21:15:30[/etc/hostname]", "a zone that the time zone database"),
        ("2023-07-09T21:15:30[Europe]", "a zone that the time zone database"),
        ("2023-07-09T21:15:30[localtime]", "a zone that the time zone database"),
        ("2023-07-09T21:15:30[posixrules]", "a zone that the time zone database"),
    ],
)
def test_a_zone_without_offset_must_have_one_meaning(text: str, reason: str) -> None:
    with pytest.raises(NotATime, match=reason):
        parse_time(text)


@given(st.datetimes(timezones=st.timezones()))
def test_every_time_that_python_writes_is_read(time: datetime) -> None:
    offset = time.utcoffset()
    if offset is None or offset.seconds % 60:
        return  # RFC 3339 knows no seconds in a zone
    try:
        expected = time.astimezone(timezone.utc)
    except OverflowError:
        with pytest.raises(NotATime):
            parse_time(time.isoformat())
        return
    assert parse_time(time.isoformat()) == expected


USUAL = re.compile(
    r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{3,6})?[+-][0-9]{2}:[0-9]{2}"
)


@given(st.from_regex(USUAL, fullmatch=True))
@example("2021-02-03T24:00:00+00:00")
@example("2021-02-03T10:00:00+00:60")
def test_the_fast_way_reads_what_the_other_does(text: str) -> None:
    """A blank before the zone keeps a text from the fast way."""
    assert _outcome(text) == _outcome(f"{text[:-6]} {text[-6:]}")


def _outcome(text: str) -> datetime | None:
    try:
        time = parse_time(text)
    except NotATime:
        return None
    assert time.utcoffset() == timedelta()
    return time
