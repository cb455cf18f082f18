"""The store finds the id that a run names itself by the same rule as the sender."""

from typing import Any

from consumer.store.store import Store
from tests.support.pipeline_run_ids import CASES
from tests.support.storing import put, rows


def event(name: str, facets: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-01-01T00:00:00Z",
        "run": {"runId": name, "facets": facets},
        "job": {"namespace": "n", "name": "j"},
    }


def test_the_store_finds_what_the_sender_finds(store: Store, store_url: str) -> None:
    put(store, [event(name, facets) for name, facets, _ in CASES])
    found = dict(rows(store_url, "SELECT run_id, pipeline_run_id FROM lineage.runs"))
    assert found == {name: expected for name, _, expected in CASES}
