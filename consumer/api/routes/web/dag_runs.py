"""DAG runs: the latest ones, and all about one of them."""

from collections import defaultdict
from typing import Annotated

from fastapi import APIRouter, Query

from consumer.api.context import Store
from consumer.api.errors import not_found
from consumer.api.prefixes import WEB
from consumer.api.raw_path import Segment
from consumer.api.web.dag_runs import DagRun, DagRunList
from consumer.query.reader import Row, Snapshot

router = APIRouter(prefix=WEB, tags=["web"])

MOST_OUTPUTS = 50  # of tasks that did not succeed, whose readers are looked for
WITHOUT_OUTPUT = {"failed", "upstream_failed"}
Task = tuple[str, int | None]


@router.get("/dag-runs")
def list_dag_runs(
    store: Store,
    dag_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> DagRunList:
    """List the latest DAG runs, of one DAG or of all, those that failed first."""
    rows = store.rows("web/dag_runs/latest", dag_id=dag_id, limit=limit)
    return DagRunList.model_validate({"dag_runs": rows})


@router.get("/dag-runs/by-airflow/{dag_id}/{airflow_run_id}")
def get_dag_run_by_airflow(
    store: Store, dag_id: Segment, airflow_run_id: Segment, namespace: str | None = None
) -> DagRun:
    """Return a DAG run by what Airflow calls it."""
    with store.snapshot() as snapshot:
        found = snapshot.row(
            "web/dag_runs/find_by_airflow",
            dag_id=dag_id,
            airflow_run_id=airflow_run_id,
            namespace=namespace,
        )
        if found is None:
            raise not_found("DAG run", f"{dag_id} {airflow_run_id}")
        return _dag_run(snapshot, found["run_id"])


@router.get("/dag-runs/{run_id}")
def get_dag_run(store: Store, run_id: Segment) -> DagRun:
    """Return a DAG run by its OpenLineage run id, or by that of one of its tasks' runs."""
    with store.snapshot() as snapshot:
        return _dag_run(snapshot, run_id)


def _dag_run(snapshot: Snapshot, run_id: str) -> DagRun:
    run = snapshot.row("web/dag_runs/find", run_id=run_id)
    if run is None:
        raise not_found("DAG run", run_id)
    graph = {key: run[key] for key in ("task_graph_id", "dag_id", "job_namespace")}
    tasks = snapshot.rows("web/dag_runs/tasks", run_id=run["run_id"])
    return DagRun.model_validate(
        {
            **{key: value for key, value in run.items() if key in DagRun.model_fields},
            "nodes": snapshot.rows("web/dag_runs/graph_nodes", **graph),
            "edges": snapshot.rows("web/dag_runs/graph_edges", **graph),
            "tasks": _with_details(snapshot, run["run_id"], tasks),
            "stale": _stale(snapshot, run, tasks),
        }
    )


def _with_details(snapshot: Snapshot, run_id: str, tasks: list[Row]) -> list[Row]:
    """Return task instances with their tries, their datasets, their place on the critical path."""
    ids = [row["run_id"] for row in snapshot.rows("web/dag_runs/try_ids", run_id=run_id)]
    tries: dict[Task, list[Row]] = defaultdict(list)
    for row in snapshot.rows("web/dag_runs/tries", run_ids=ids):
        tries[row.pop("task_id"), row.pop("map_index")].append(row)
    datasets: dict[Task, list[Row]] = defaultdict(list)
    for row in snapshot.rows("web/dag_runs/io", run_ids=ids):
        datasets[row.pop("task_id"), row.pop("map_index")].append(row)
    waits = {
        row["run_id"]: row["wait_seconds"]
        for row in snapshot.rows("web/dag_runs/critical_path", run_id=run_id)
    }
    return [
        row
        | {
            "tries": tries[row["task_id"], row["map_index"]],
            "datasets": datasets[row["task_id"], row["map_index"]],
            "critical_wait": waits.get(row["run_id"]),
            "is_critical": row["run_id"] in waits,
        }
        for row in tasks
    ]


def _stale(snapshot: Snapshot, run: Row, tasks: list[Row]) -> list[Row]:
    """Return what misses the outputs of tasks that did not succeed, each once, nearest first."""
    missing = sorted({task["task_id"] for task in tasks if task["state"] in WITHOUT_OUTPUT})
    found: dict[tuple[str, str, str], Row] = {}
    for row in snapshot.rows(
        "web/dag_runs/stale",
        task_ids=missing,
        dag_id=run["dag_id"],
        job_namespace=run["job_namespace"],
        limit=MOST_OUTPUTS,
    ):
        task_id, key = row.pop("task_id"), (row["kind"], row["namespace"], row["name"])
        # Of what several tasks lead to, those that are nearest: at depth 0 its writers.
        if key not in found or row["depth"] < found[key]["depth"]:
            found[key] = row | {"tasks": []}
        if row["depth"] == found[key]["depth"] and task_id not in found[key]["tasks"]:
            found[key]["tasks"].append(task_id)
    return sorted(found.values(), key=lambda row: (row["depth"], row["name"]))
