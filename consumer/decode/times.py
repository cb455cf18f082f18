"""Reads the date-times of events: RFC 3339, and what else producers write with one meaning.

Beside RFC 3339: no zone (taken for UTC), no seconds, no time; ISO 8601's basic form
(20240501T100000Z); lower case; a blank before the zone; UTC or GMT in words, alone or before an
offset; a zone in brackets, as Java prints it (RFC 9557). With an offset before it the brackets
say nothing new; without one, the system's time zone database says what the offset was.
"""

import re
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"(?P<year>\d{4})(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d)(?P<colon>:?)(?P<minute>\d\d)"
    r"(?:(?P=colon)(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"(?: ?(?P<zone>Z|(?:UTC|GMT)|"
    r"(?:UTC|GMT)?(?P<sign>[+-])(?P<zone_hour>\d\d):?(?P<zone_minute>\d\d)?))?"
    r"(?:\[(?P<place>[\w+/-]+)\])?)?",
    re.ASCII | re.IGNORECASE,
)
# What nearly all events have, which Python itself reads several times as fast.
_USUAL = re.compile(
    r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3})?)?(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII
)


# What the database has beside places, or in place of some: each host has its own.
_NO_PLACES = ("localtime", "posixrules", "factory", "right/")


class NotATime(ValueError):  # noqa: N818 - named after what was met
    """The text is no date-time, or one with more than one meaning; the text says which."""


def parse_time(text: str) -> datetime:
    """Return a date-time in UTC, cut to microseconds; raise NotATime."""
    if _USUAL.fullmatch(text):
        # Versions of Python differ in what else they take, and none before 3.11 takes Z.
        iso = f"{text[:-1]}+00:00" if text[-1] == "Z" else text
        with suppress(OverflowError, ValueError):  # a leap second is among them
            return datetime.fromisoformat(iso).astimezone(timezone.utc)
    return _loose_time(text)


def _loose_time(text: str) -> datetime:
    match = _TIME.fullmatch(text)
    if not match:
        raise NotATime("expected RFC 3339 date-time")
    local = _local(match)
    place = match["place"]
    try:
        if place and not match["zone"]:
            return local - _offset_at(place, local)
        return local - _offset(match)
    except OverflowError:
        raise NotATime("expected a year from 1 to 9999 in UTC") from None


def _local(match: re.Match[str]) -> datetime:
    """Return the date and time that are written, as if they were UTC."""
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 60:
        raise NotATime("expected RFC 3339 date-time, at most 23:59:60")
    # A leap second is the next minute's first.
    since_midnight = timedelta(
        hours=hour,
        minutes=minute,
        seconds=second,
        microseconds=int((match["fraction"] or "0")[:6].ljust(6, "0")),
    )
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    try:
        return datetime(year, month, day, tzinfo=timezone.utc) + since_midnight
    except (OverflowError, ValueError) as exc:
        raise NotATime(f"expected a date from year 1 to 9999 ({exc})") from None


def _offset(match: re.Match[str]) -> timedelta:
    hours, minutes = int(match["zone_hour"] or 0), int(match["zone_minute"] or 0)
    if hours > 23 or minutes > 59:
        raise NotATime("expected an offset of at most 23:59")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if match["sign"] == "-" else offset


def _offset_at(place: str, local: datetime) -> timedelta:
    """Return the offset that a place of the time zone database had at a local time."""
    try:
        if place.lower().startswith(_NO_PLACES):
            raise KeyError(place)
        zone = ZoneInfo(place)
    except (KeyError, ValueError, OSError):
        raise NotATime(
            "expected an offset, or a zone that the time zone database of this host has"
        ) from None
    offsets = {local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    if len(offsets) != 1 or None in offsets:
        raise NotATime("expected an offset: clocks were changed, the hour came twice or not at all")
    return offsets.pop() or timedelta()
