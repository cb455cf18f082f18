"""Lineage inside Airflow: who sees what, and what is said where something is missing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from psycopg import sql

from tests.support.kept_dag import KEPT
from tests.support.sample_dags import Outcome

pytestmark = pytest.mark.slow

SECONDS = 60


@pytest.fixture(scope="module")
def viewer(outcome: Outcome, connected: httpx.Client) -> Iterator[httpx.Client]:
    """Yield the client of a user who may not see one of the DAGs."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.auth_manager"],
        env={**os.environ, **outcome.airflow.settings.environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    token = done.stdout.split()[-1]
    with httpx.Client(
        base_url=connected.base_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=SECONDS,
    ) as client:
        yield client


def _dags(client: httpx.Client) -> set[str]:
    answer = client.get("/api/lineage/dag-runs", params={"limit": 500})
    assert answer.is_success, answer.text
    return {run["dagId"] for run in answer.json()["dagRuns"]}


def test_what_is_missing_is_said_then_all_is_seen(connected: httpx.Client) -> None:
    assert _dags(connected) >= {KEPT, "orders_lineage_dag", "report_archive_dag"}


def test_nobody_sees_anything_whom_airflow_does_not_know(connected: httpx.Client) -> None:
    unknown = {"Authorization": "Bearer of nothing"}
    for path in ("dag-runs", "search?q=orders", "traffic"):
        answer = connected.get(f"/api/lineage/{path}", headers=unknown)
        assert answer.status_code in (401, 403)


def test_a_user_sees_the_dags_that_airflow_lets_them_see(
    outcome: Outcome, connected: httpx.Client, viewer: httpx.Client
) -> None:
    assert _dags(viewer) == _dags(connected) - {KEPT}
    path = f"/api/lineage/dag-runs/by-airflow/{KEPT}/{outcome.run_ids[KEPT]}"
    assert connected.get(path).json()["dagId"] == KEPT
    assert viewer.get(path).status_code == 404
    found = viewer.get("/api/lineage/search", params={"q": KEPT}).json()["found"]
    assert found == []
    assert connected.get("/api/lineage/search", params={"q": KEPT}).json()["found"]


def test_the_run_says_which_task_failed_and_why(outcome: Outcome, connected: httpx.Client) -> None:
    path = f"/api/lineage/dag-runs/by-airflow/{KEPT}/{outcome.run_ids[KEPT]}"
    run = connected.get(path).json()
    [failed] = [task for task in run["tasks"] if task["state"] == "failed"]
    assert failed["taskId"] == "checks.match_customers"
    assert "12 orders have no customer" in failed["tries"][-1]["error"]
    assert "ValueError" in failed["tries"][-1]["stackTrace"]


def test_airflow_offers_the_tabs(outcome: Outcome, connected: httpx.Client) -> None:
    plugins = httpx.get(
        f"{outcome.airflow.settings.url}/api/v2/plugins",
        headers=outcome.airflow.headers(),
        timeout=SECONDS,
    ).json()["plugins"]
    [ours] = [each for each in plugins if each["name"] == "openlineage_avro"]
    assert [view["destination"] for view in ours["external_views"]] == [
        *("nav", "dag", "dag_run", "task", "task_instance"),
    ]


def test_a_store_that_is_away_is_said(
    connected: httpx.Client, outcome: Outcome, reader: str
) -> None:
    refuse = sql.SQL("ALTER ROLE {} {}")
    role = sql.Identifier(reader)
    outcome.store.execute(refuse.format(role, sql.SQL("NOLOGIN")))
    outcome.store.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [reader]
    )
    try:
        answer = connected.get("/api/lineage/dag-runs")
        assert (answer.status_code, "cannot be reached" in answer.text) == (503, True)
    finally:
        outcome.store.execute(refuse.format(role, sql.SQL("LOGIN")))
    end = time.monotonic() + SECONDS
    while not connected.get("/api/lineage/dag-runs").is_success:
        assert time.monotonic() < end
        time.sleep(0.5)
