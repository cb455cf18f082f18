"""Reads the date-times of events, as strictly as needed to order them and no more."""

import re
from datetime import datetime, timedelta, timezone

# RFC 3339, and what producers write beside it: no zone (taken for UTC), no seconds, no time.
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"(?:[Zz]|([+-])(\d\d):?(\d\d)?)?)?",
    re.ASCII,
)


def parse_time(text: str) -> datetime | None:
    """Return a date-time in UTC, cut to microseconds; None where `text` is not one."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_hour, zone_minute = match.groups()
    # A leap second is the next minute's first.
    offset = timedelta(
        hours=int(hour or 0),
        minutes=int(minute or 0),
        seconds=int(second or 0),
        microseconds=int((fraction or "0")[:6].ljust(6, "0")),
    )
    zone = timedelta(hours=int(zone_hour or 0), minutes=int(zone_minute or 0))
    if int(hour or 0) > 23 or int(minute or 0) > 59 or int(second or 0) > 60:
        return None
    if zone >= timedelta(hours=24):
        return None
    try:
        midnight = datetime(int(year), int(month), int(day), tzinfo=timezone.utc)
        return midnight + offset - (-zone if sign == "-" else zone)
    except (OverflowError, ValueError):
        return None
