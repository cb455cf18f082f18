"""Times as Marquez writes them: UTC with a Z, and as many digits as Java's Instant has."""

from datetime import datetime, timezone
from typing import Annotated

from pydantic import PlainSerializer


def iso(time: datetime) -> str:
    """Return 2026-01-13T08:00:00Z, with three or six digits after the second where it needs them.

    Source: java.time.Instant.toString, https://docs.oracle.com/javase/8/docs/api/java/time/Instant.html
    """
    utc = time.astimezone(timezone.utc).replace(tzinfo=None)
    if not utc.microsecond:
        return utc.isoformat(timespec="seconds") + "Z"
    return (
        utc.isoformat(timespec="microseconds" if utc.microsecond % 1000 else "milliseconds") + "Z"
    )


def short_iso(time: datetime) -> str:
    """Return the same without the seconds where they are zero, as Java's ZonedDateTime does."""
    return iso(time).replace(":00Z", "Z") if not (time.second or time.microsecond) else iso(time)


Time = Annotated[datetime, PlainSerializer(iso, return_type=str)]
