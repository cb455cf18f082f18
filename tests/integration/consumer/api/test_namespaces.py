"""Namespaces, as Marquez's API lists them."""

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put


def test_the_namespaces_of_jobs_and_datasets_are_listed(store: Store, api: Client) -> None:
    event = {
        "eventType": "COMPLETE",
        "eventTime": "2026-01-13T08:00:00Z",
        "run": {"runId": "01a2044e-27ac-7462-9c09-43476a701705"},
        "job": {"namespace": "a space in it", "name": "job"},
        "outputs": [{"namespace": "file://", "name": "/data"}],
        "producer": "https://example.com",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    }
    put(store, [event])

    found = api.body("/namespaces")["namespaces"]

    assert [each["name"] for each in found] == ["a space in it", "default", "file://"]
