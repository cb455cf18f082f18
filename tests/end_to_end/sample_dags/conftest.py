"""Real Airflow that ran the sample DAGs, and whose Lineage pages have the store's connection."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.support.sample_dags import Outcome, sample_dags_run

PASSWORD = "p@ss/word%?"
SECONDS = 60


@pytest.fixture(scope="package")
def outcome(
    services_folder: Path, kafka_bootstrap_servers: str, postgres_url: str
) -> Iterator[Outcome]:
    """Yield what the DAGs left behind; Airflow ends with the tests of this folder."""
    with sample_dags_run(services_folder, kafka_bootstrap_servers, postgres_url) as outcome:
        yield outcome


@pytest.fixture(scope="package")
def administrator(outcome: Outcome) -> Iterator[httpx.Client]:
    """Yield a client of one who may do everything, before Airflow knows the connection."""
    with httpx.Client(
        base_url=f"{outcome.airflow.settings.url}/lineage",
        headers=outcome.airflow.headers(),
        timeout=SECONDS,
    ) as client:
        yield client


@pytest.fixture(scope="package")
def reader(outcome: Outcome) -> str:
    """Return the name of a role that may read the store."""
    name = "airflow_looks"
    role = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE lineage_reader")
    outcome.store.execute(role.format(sql.Identifier(name), sql.Literal(PASSWORD)))
    return name


@pytest.fixture(scope="package")
def connected(outcome: Outcome, administrator: httpx.Client, reader: str) -> httpx.Client:
    """Return the administrator's client when Airflow has a connection of a role that reads."""
    unset = administrator.get("/api/lineage/dag-runs")
    assert (unset.status_code, "add a connection `openlineage_avro`" in unset.text) == (503, True)
    place: dict[str, Any] = conninfo_to_dict(outcome.store.info.dsn)
    connection = {"conn_type": "postgres", "login": reader, "password": PASSWORD}
    where = {"host": place["host"], "port": int(place["port"]), "schema": place["dbname"]}
    outcome.airflow.add_connection("openlineage_avro", connection | where)
    return administrator
