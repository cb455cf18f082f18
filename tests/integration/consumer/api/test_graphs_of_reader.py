"""Whoever may read schema lineage gets graphs, events, searches and statistics."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from consumer.api.settings import ApiSettings
from consumer.store.store import Store
from tests.integration.consumer.store.test_roles import drop_rights, grant_reader, role, url_as
from tests.support import corpus
from tests.support.http import Client, serving
from tests.support.storing import put

__all__ = ["role"]  # a fixture

PATHS = (
    "/lineage?nodeId=job:{namespace}:{name}",
    "/lineage?nodeId=dataset:{dataset}",
    "/column-lineage?nodeId=dataset:{dataset}&withDownstream=true",
    "/runlineage/upstream?runId={run}",
    "/events/lineage?limit=5",
    "/search?q=a",
    "/stats/lineage-events?period=WEEK",
    "/stats/jobs?period=DAY",
    "/stats/datasets?period=DAY",
    "/stats/sources?period=DAY",
)


@pytest.fixture
def reader(store: Store, store_url: str, role: str) -> Iterator[Client]:
    """Yield a client of an API whose role may read schema lineage and nothing else."""
    put(store, corpus.events("airflow-events"))
    grant_reader(store_url, role)
    with serving(ApiSettings(url_as(role, store_url))) as client:
        yield client
    drop_rights(store_url, role)
    with psycopg.connect(store_url, autocommit=True) as connection:
        connection.execute(sql.SQL("REVOKE lineage_reader FROM {}").format(sql.Identifier(role)))


def test_a_reader_gets_all_of_them(reader: Client) -> None:
    events = corpus.events("airflow-events")
    written = next(
        each
        for event in events
        for each in event["outputs"]
        if "columnLineage" in each.get("facets", {})
    )
    names = {
        **events[0]["job"],
        "run": events[0]["run"]["runId"],
        "dataset": f"{written['namespace']}:{written['name']}",
    }
    for path in PATHS:
        answer = reader.get(path.format(**names))
        assert answer.status_code == 200, (path, answer.text)
        assert answer.json()
