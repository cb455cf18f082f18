"""Checks of PostgreSQL: whether it answers, lets this user in, has our schema, and is in order."""

from datetime import datetime, timezone

from consumer.store.figures import growth_of
from consumer.store.migrate import pending
from consumer.store.roles import Rights, rights_of
from consumer.watch.check.examined import Examined
from openlineage_avro.tools.doctor.result import Finding, fail, ok, warn

MIGRATE = "run `migrate` as the owner of the database"
MAINTAIN = "run `maintain` daily as the owner of the tables, or a consumer with --maintain"
SOON_DAYS = 32  # a month without a partition of its own may begin
FULL_SOON_DAYS = 30
FEW_EVENTS = 10_000  # fewer take no more than the empty tables do
MAKE_ROOM = "`maintain --keep 90d` says what could be forgotten; else give it a larger disk"
MANY_EVENTS = 10_000  # in the default partition: so many make a partition of their own


def database(examined: Examined) -> Finding:
    """Ask whether it answers and lets us in."""
    rights = rights_of(examined.settings.database_url)
    return ok(f"PostgreSQL {rights.version}, as {rights.role}")


def migrations(examined: Examined) -> Finding:
    """Ask whether the schema is this program's."""
    missing = pending(examined.settings.database_url)
    if missing:
        return fail(f"not applied: {', '.join(missing)}", MIGRATE)
    return ok("the schema is this program's")


def role(examined: Examined) -> Finding:
    """Ask what this user may do there."""
    rights = rights_of(examined.settings.database_url)
    if rights.lacks:
        return fail(
            f"{rights.role} lacks rights on {rights.lacks}, which a consumer needs",
            f"as the owner: `migrate --grant-to {rights.role}`",
        )
    return ok(f"{rights.role} may run{_and_more(rights)}")


def _and_more(rights: Rights) -> str:
    return ", migrate and maintain" if rights.is_owner else "; migrate and maintain need the owner"


def rejected(examined: Examined) -> Finding:
    """Ask for records that hold no event."""
    count = examined.figures().rejected
    if count:
        advice = "`rejected list` has them with reasons; `rejected retry` tries them again"
        return warn(f"{count:,} records hold no event and are kept", advice)
    return ok("none is kept")


def gaps(examined: Examined) -> Finding:
    """Ask for records that are gone for good."""
    count = examined.figures().gap_records
    if count:
        return warn(
            f"{count:,} records were deleted on Kafka before they were read",
            "raise the topic's retention.ms, and watch the lag; lineage.gaps has their offsets",
        )
    return ok("no record was deleted before it was read")


def partitions(examined: Examined) -> Finding:
    """Ask whether months have partitions, and have them in time."""
    figures = examined.figures()
    end = figures.months_end
    if end is None:
        return warn("no month has a partition of its own", MAINTAIN)
    days = (end - datetime.now(timezone.utc)).days
    if days < SOON_DAYS:
        return warn(f"months have partitions until {end:%Y-%m-%d} only", MAINTAIN)
    if figures.events_in_default >= MANY_EVENTS:
        found = f"about {figures.events_in_default:,} events are in the default partition"
        return warn(found, MAINTAIN)
    return ok(f"months have partitions until {end:%Y-%m-%d}")


def disk(examined: Examined) -> Finding:
    """Tell what the database takes and how fast it grows; how large its disk is has to be said."""
    growth = growth_of(examined.settings.database_url)
    bytes_now = examined.figures().database_bytes
    bytes_a_day = growth.bytes_a_day if growth.events >= FEW_EVENTS else 0.0
    found = f"the database takes {_size(bytes_now)}"
    if bytes_a_day:
        found += (
            f"; {growth.events_a_day:,.0f} events, about {_size(bytes_a_day)}, a day in the last"
            f" {growth.recent_days} days"
        )
    if examined.disk_bytes is None:
        return ok(f"{found}; whether its disk has room is told with --disk SIZE")
    most = _size(examined.disk_bytes)
    room = examined.disk_bytes - bytes_now
    if room <= 0:
        return fail(f"{found}, more than {most}", MAKE_ROOM)
    if not bytes_a_day:
        return ok(f"{found}, of {most}")
    days = room / bytes_a_day
    found += f"; {most} are full in {days:,.0f} days"
    return warn(found, MAKE_ROOM) if days < FULL_SOON_DAYS else ok(found)


def _size(count: float) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"
