"""What the dashboard counts: the last 24 hours or 7 days, the present one last."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.told import told


def ago(event: dict[str, Any], **since: float) -> dict[str, Any]:
    """Return an event as if it had happened so long ago."""
    time = datetime.now(timezone.utc) - timedelta(**since)
    return event | {"eventTime": time.isoformat()}


@pytest.mark.parametrize(("period", "count", "hours"), [("DAY", 24, 1), ("week", 7, 24)])
def test_intervals_follow_each_other_up_to_now(
    store: Store, api: Client, period: str, count: int, hours: int
) -> None:
    put(store, [told("j")])
    for kind in ("lineage-events", "jobs", "datasets", "sources"):
        found = api.body(f"/stats/{kind}", period=period, timezone="UTC")

        assert len(found) == count
        begins = [datetime.fromisoformat(each["startInterval"][:-1]) for each in found]
        ends = [datetime.fromisoformat(each["endInterval"][:-1]) for each in found]
        assert begins[1:] == ends[:-1]
        assert {end - begin for begin, end in zip(begins, ends, strict=True)} == {
            timedelta(hours=hours)
        }
        assert begins[-1] <= datetime.now(timezone.utc).replace(tzinfo=None) < ends[-1]


def test_events_are_counted_by_type_and_time(store: Store, api: Client) -> None:
    put(
        store,
        [
            *(ago(told("j", run=f"{n}", state="START"), hours=3) for n in range(3)),
            ago(told("j", run="0", state="FAIL"), hours=3),
            ago(told("j", run="1", state="ABORT")),
            ago(told("j", run="2")),
            ago(told("j", run="2", state="OTHER")),
            ago(told("j", run="3"), days=2),
        ],
    )

    day = api.body("/stats/lineage-events", period="DAY", timezone="UTC")

    kinds = ("start", "fail", "abort", "complete")
    assert [day[-4][kind] for kind in kinds] == [3, 1, 0, 0]
    assert [day[-1][kind] for kind in kinds] == [0, 0, 1, 1]
    week = api.body("/stats/lineage-events", period="WEEK", timezone="UTC")
    assert [sum(each[kind] for each in week) for kind in kinds] == [3, 1, 1, 2]


def test_jobs_datasets_and_sources_add_up(store: Store, api: Client) -> None:
    put(
        store,
        [
            ago(told("old", 1, "x|a", "x|b"), days=30),
            ago(told("older", 1, "x|a", "y|c"), hours=5),
            ago(told("new", 1, "y|c", "y|d")),
        ],
    )

    counts = {
        kind: [each["count"] for each in api.body(f"/stats/{kind}", period="DAY", timezone="UTC")]
        for kind in ("jobs", "datasets", "sources")
    }

    assert [counts["jobs"][n] for n in (0, -6, -1)] == [1, 2, 3]
    assert [counts["datasets"][n] for n in (0, -6, -1)] == [2, 3, 4]
    assert [counts["sources"][n] for n in (0, -6, -1)] == [1, 2, 2]


def test_an_empty_store_has_none(store: Store, api: Client) -> None:
    assert {each["count"] for each in api.body("/stats/jobs", period="WEEK")} == {0}


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "UTC"])
def test_days_begin_at_midnight_of_the_time_zone(store: Store, api: Client, zone: str) -> None:
    begin = api.body("/stats/jobs", period="WEEK", timezone=zone)[0]["startInterval"]
    minutes = {"Asia/Kolkata": "18:30", "UTC": "00:00"}

    assert minutes.get(zone, begin[11:16]) == begin[11:16]
    assert begin[16:] == ":00Z"


def test_what_is_no_time_zone_or_period_is_refused(store: Store, api: Client) -> None:
    # PostgreSQL takes offsets for those of POSIX, whose sign is turned round.
    for zone in ("Mars/Olympus", "+02:00", "UTC+2", "2", "-5", "foo-3", ""):
        answer = api.get("/stats/jobs", period="WEEK", timezone=zone)
        assert answer.status_code == 400, zone
        assert repr(zone) in answer.json()["message"]
    answer = api.get("/stats/jobs", period="CENTURY")
    assert answer.status_code == 400
    assert "CENTURY" in answer.json()["message"]
