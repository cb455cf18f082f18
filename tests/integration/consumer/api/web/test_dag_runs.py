"""DAG runs, as the web application shows them."""

from typing import Any
from urllib.parse import quote

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.web_events import DAG, ERROR, FAILED_RUN, STACK_TRACE, large_dag_run


def failed_run(api: Client) -> Any:
    """Return the run of the orders DAG that failed."""
    return api.web_body(f"/dag-runs/by-airflow/{DAG}/{quote(FAILED_RUN, safe='')}")


def task(run: Any, task_id: str) -> Any:
    """Return a task instance of a run."""
    return next(each for each in run["tasks"] if each["taskId"] == task_id)


def test_the_latest_runs_are_listed_those_that_failed_first(filled: Client) -> None:
    runs = filled.web_body("/dag-runs")["dagRuns"]

    assert [(each["dagId"], each["state"], each["failedTask"], each["error"]) for each in runs] == [
        (DAG, "FAIL", "customer_revenue", ERROR),
        ("complex_failure_dag", "FAIL", "checks.match_customers", "12 orders have no customer"),
        ("simple_success_dag", "COMPLETE", None, None),
        ("report_archive_dag", "COMPLETE", None, None),
        ("order_report_dag", "COMPLETE", None, None),
        (DAG, "COMPLETE", None, None),
        ("simple_success_dag", "COMPLETE", None, None),
    ]
    of_dag = filled.web_body("/dag-runs", dag_id=DAG, limit=1)["dagRuns"]
    assert [each["airflowRunId"] for each in of_dag] == [FAILED_RUN]


def test_a_run_has_its_graph_with_groups_and_the_states_of_its_tasks(filled: Client) -> None:
    listed = filled.web_body("/dag-runs", dag_id="complex_failure_dag")["dagRuns"][0]

    run = filled.web_body(f"/dag-runs/{listed['runId']}")

    nodes = {each["id"]: each for each in run["nodes"]}
    assert nodes["checks"]["kind"] == "group"
    assert nodes["checks.count_orders"]["group"] == "checks"
    edges = {(each["fromId"], each["toId"]) for each in run["edges"]}
    assert ("choose", "skip_checks") in edges
    assert edges <= {(one, other) for one in nodes for other in nodes}
    assert task(run, "publish")["state"] == "upstream_failed"
    assert task(run, "skip_checks")["stateSource"] == "airflowState"
    regions = [each for each in run["tasks"] if each["taskId"] == "load_region"]
    assert sorted(each["mapIndex"] for each in regions) == [0, 1, 2]
    flaky = task(run, "flaky")
    assert [each["state"] for each in flaky["tries"]] == ["FAIL", "COMPLETE"]
    assert flaky["tries"][0]["error"] == "the source was not ready on the first try"


def test_a_failed_task_has_its_error_in_full(filled: Client) -> None:
    failed = task(failed_run(filled), "customer_revenue")

    assert failed["state"] == "failed"
    assert [(each["error"], each["stackTrace"]) for each in failed["tries"]] == [
        (ERROR, STACK_TRACE)
    ]


def test_what_failed_tasks_leave_stale_is_told_with_its_owners(filled: Client) -> None:
    stale = failed_run(filled)["stale"]

    assert [(each["depth"], each["name"], each["owners"]) for each in stale] == [
        (0, "sales.by_country", ["team:sales"]),
        (0, "warehouse.public.country_revenue", []),
        (0, "warehouse.public.customer_revenue", []),
        (1, "orders_lineage_dag.country_revenue", ["data-platform"]),
        (1, "orders_lineage_dag.refresh_dashboard", ["data-platform"]),
        (1, "refresh_sales", []),
        (2, "sales.revenue", ["team:sales"]),
    ]
    assert [each["tasks"] for each in stale[:3]] == [
        *(["refresh_dashboard"], ["country_revenue"], ["customer_revenue"]),
    ]


def test_tasks_have_what_they_read_and_wrote_and_the_critical_path(filled: Client) -> None:
    run = failed_run(filled)

    clean = task(run, "clean_orders")
    names = [(each["direction"], each["name"]) for each in clean["datasets"]]
    assert names == [
        ("input", "warehouse.public.orders"),
        ("output", "warehouse.public.clean_orders"),
    ]
    critical = [each["taskId"] for each in run["tasks"] if each["isCritical"]]
    assert critical == [
        "push_pipeline_run_id",
        "create_sources",
        "clean_orders",
        "customer_revenue",
    ]


def test_a_run_is_found_by_the_run_of_one_of_its_tasks(filled: Client) -> None:
    run = failed_run(filled)

    found = filled.web_body(f"/dag-runs/{task(run, 'clean_orders')['runId']}")

    assert found["runId"] == run["runId"]


def test_an_unknown_run_is_not_found(filled: Client) -> None:
    for path in ("/dag-runs/nothing", "/dag-runs/by-airflow/no_dag/no_run"):
        answer = filled.web(path)
        assert answer.status_code == 404
        assert "not found" in answer.json()["message"]


def test_a_large_run_has_all_its_tasks(store: Store, api: Client) -> None:
    put(store, large_dag_run(120))

    run = api.web_body(f"/dag-runs/{api.web_body('/dag-runs')['dagRuns'][0]['runId']}")

    assert len(run["tasks"]) == 120
    assert sum(each["kind"] == "group" for each in run["nodes"]) == 12
