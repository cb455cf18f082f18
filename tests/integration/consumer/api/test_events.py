"""The run events that the API lists: by time, as they were sent, none of datasets or jobs."""

from datetime import datetime, timedelta, timezone
from typing import Any

import psycopg

from consumer.api.settings import ApiSettings
from consumer.store.store import Store
from tests.support import corpus
from tests.support.http import Client, serving
from tests.support.storing import event, put

PRODUCER = {"producer": "https://example.com", "schemaURL": "https://example.com/schema"}


def at(second: int, **more: Any) -> dict[str, Any]:
    """Return an event of a second of a minute."""
    time = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=second)
    return event(second, eventTime=time.isoformat()) | PRODUCER | more


def of_job(second: int) -> dict[str, Any]:
    """Return a job's event, which is no run's."""
    return {key: value for key, value in at(second).items() if key not in ("run", "eventType")}


def listed(api: Client, **parameters: Any) -> list[str]:
    """Return the ids of the runs whose events are listed."""
    return [each["run"]["runId"] for each in api.body("/events/lineage", **parameters)["events"]]


def test_events_are_listed_as_they_were_sent_newest_first(store: Store, api: Client) -> None:
    sent = corpus.events("airflow-events")
    put(store, sent)

    found = api.body("/events/lineage", limit=10_000)

    assert found["totalCount"] == len(found["events"])
    times = [datetime.fromisoformat(each["eventTime"]) for each in found["events"]]
    assert times == sorted(times, reverse=True)
    assert sorted(map(repr, map(sorted_deeply, found["events"]))) == sorted(
        map(repr, map(sorted_deeply, {repr(each): each for each in sent}.values()))
    )


def sorted_deeply(value: Any) -> Any:
    """Return a JSON value with the members of objects in order."""
    if isinstance(value, dict):
        return {key: sorted_deeply(value[key]) for key in sorted(value)}
    return [sorted_deeply(each) for each in value] if isinstance(value, list) else value


def test_pages_follow_each_other_in_either_direction(store: Store, api: Client) -> None:
    put(store, [at(second) for second in range(5)])

    assert listed(api, limit=2) == ["run 4", "run 3"]
    assert listed(api, limit=2, offset=2) == ["run 2", "run 1"]
    assert listed(api, limit=2, offset=4) == ["run 0"]
    assert listed(api, limit=2, offset=1, sortDirection="asc") == ["run 1", "run 2"]
    assert listed(api, limit=0) == []
    assert api.body("/events/lineage", limit=2)["totalCount"] == 5


def test_after_is_included_and_before_is_not(store: Store, api: Client) -> None:
    put(store, [at(second) for second in range(5)])
    span = {"after": "2026-01-01T00:00:01.000Z", "before": "2026-01-01T00:00:03Z"}

    assert listed(api, **span) == ["run 2", "run 1"]
    assert api.body("/events/lineage", **span)["totalCount"] == 2


def test_events_of_one_time_have_one_order(store: Store, api: Client) -> None:
    put(store, [at(0, run={"runId": f"run {number}"}) for number in range(20)])

    found = [listed(api, limit=1, offset=number)[0] for number in range(20)]

    assert sorted(found) == sorted(f"run {number}" for number in range(20))
    assert found == listed(api)
    assert found[::-1] == listed(api, sortDirection="asc")


def test_only_events_of_runs_are_listed_and_counted(store: Store, api: Client) -> None:
    put(store, [at(0), of_job(1), of_job(2)])

    assert listed(api) == ["run 0"]
    assert api.body("/events/lineage")["totalCount"] == 1


def test_a_duplicate_is_listed_once(store: Store, api: Client) -> None:
    put(store, [at(0), at(0)])

    assert listed(api) == ["run 0"]


def test_what_is_no_time_is_refused(store: Store, api: Client) -> None:
    found = api.get("/events/lineage", before="yesterday")

    assert found.status_code == 400
    assert "before" in found.json()["message"]
    assert "yesterday" in found.json()["message"]


def test_many_are_estimated(spare_url: str) -> None:
    """What PostgreSQL believes of a table that it has analysed is near the truth."""
    make = """
        INSERT INTO lineage_store.events (event_time, hash, run_id, pack_id, place)
        SELECT timestamptz '2026-01-01' + n * interval '1 second', id, id, 1, 1
        FROM generate_series(1, 120000) AS n,
            LATERAL (SELECT lpad(to_hex(n), 32, '0')::uuid AS id) AS made"""
    with psycopg.connect(spare_url) as connection:
        connection.execute(make)
        connection.execute("ANALYZE lineage_store.events")

    with serving(ApiSettings(spare_url)) as api:
        found = api.body("/events/lineage", limit=0)["totalCount"]

    assert abs(found - 120_000) < 12_000
