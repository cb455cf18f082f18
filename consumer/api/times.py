"""Times as Marquez writes them: UTC with a Z, and as many digits as Java's Instant has."""

from datetime import datetime, timedelta, timezone
from typing import Annotated

from pydantic import PlainSerializer

ZERO = timedelta(0)


def iso(time: datetime) -> str:
    """Return 2026-01-13T08:00:00Z, with three or six digits after the second where it needs them.

    Source: java.time.Instant.toString, https://docs.oracle.com/javase/8/docs/api/java/time/Instant.html
    """
    is_utc = time.utcoffset() == ZERO  # nearly always: thousands of times are written at once
    text = (time if is_utc else time.astimezone(timezone.utc)).isoformat().removesuffix("+00:00")
    return f"{text.removesuffix('000') if time.microsecond else text}Z"


def short_iso(time: datetime) -> str:
    """Return the same without the seconds where they are zero, as Java's ZonedDateTime does."""
    return iso(time).replace(":00Z", "Z") if not (time.second or time.microsecond) else iso(time)


Time = Annotated[datetime, PlainSerializer(iso, return_type=str)]
