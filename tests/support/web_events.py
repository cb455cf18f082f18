"""What the web application's tests store: the sample DAGs, a run that failed, large graphs."""

import json
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.support import corpus

Event = dict[str, Any]

DAG = "orders_lineage_dag"
NEXT_DAY = "2026-11-23"  # after corpus.SAMPLE_DAY
ERROR = "column customers.country does not exist"
STACK_TRACE = f'Traceback (most recent call last):\n  File "task.py", line 7\nSqlError: {ERROR}\n'
FIRST = datetime(2026, 11, 20, tzinfo=timezone.utc)
FAILED_RUN = corpus.sample_run_id(DAG).replace(corpus.SAMPLE_DAY, NEXT_DAY)
NEVER_RUN = ("country_revenue", "refresh_dashboard")  # on the day after
PRODUCER = "https://example.com/tests"
SCHEMA_URL = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"


def stored_events() -> list[Event]:
    """Return events of the sample DAGs, of the day after, and of a dashboard that reads them."""
    events = corpus.sample_dags()
    return [*events, *_day_after(events), *_dashboard(events)]


def _day_after(events: list[Event]) -> list[Event]:
    """Return a run of the DAG a day later, in which customer_revenue failed."""
    ids = {event["run"]["runId"] for event in events}
    text = json.dumps([event for event in events if event["job"]["name"].startswith(DAG)])
    for each in ids:
        text = text.replace(each, str(uuid.uuid5(uuid.NAMESPACE_URL, each)))
    text = text.replace(corpus.SAMPLE_DAY, NEXT_DAY)
    later = (_as_it_failed(event) for event in json.loads(text))
    return [event for event in later if event is not None]


def _as_it_failed(event: Event) -> Event | None:
    task, is_end = event["job"]["name"].removeprefix(f"{DAG}."), event["eventType"] == "COMPLETE"
    if task in NEVER_RUN:
        return None
    facets = event["run"]["facets"]
    if is_end and task in (DAG, "customer_revenue"):
        event["eventType"] = "FAIL"
        event["outputs"] = []
        facets["errorMessage"] = {
            "_producer": PRODUCER,
            "_schemaURL": "https://openlineage.io/spec/facets/1-0-1/ErrorMessageRunFacet.json",
            "message": ERROR,
            "programmingLanguage": "Python",
            "stackTrace": STACK_TRACE,
        }
    if "airflowState" in facets:
        states = facets["airflowState"]
        states["dagRunState"] = "failed"
        states["tasksState"] |= dict.fromkeys(NEVER_RUN, "upstream_failed")
        states["tasksState"]["customer_revenue"] = "failed"
        states["tasksDuration"] |= dict.fromkeys(NEVER_RUN, 0.0)
    return event


def _dashboard(events: list[Event]) -> list[Event]:
    """Return what a dashboard's refreshes sent: on the second day it has one column more."""
    name = "warehouse.public.country_revenue"
    source = {"namespace": corpus.namespace_of(name, events), "name": name}
    return [_refresh(source, 22, ["total"]), _refresh(source, 23, ["total", "share"])]


def _refresh(source: Event, day: int, fields: list[str]) -> Event:
    revenue = [source | {"field": "revenue"}]
    is_first = day == 22
    output = {
        "namespace": "dashboards",
        "name": "sales.revenue",
        "facets": {
            "ownership": {"owners": [{"name": "team:sales", "type": "OWNER"}]},
            "tags": {"tags": [{"key": "certified", "value": "true", "source": "catalog"}]},
            "columnLineage": {"fields": {"total": {"inputFields": revenue}}},
            "schema": {"fields": [{"name": each, "type": "numeric"} for each in fields]},
        },
        "outputFacets": {"outputStatistics": {"rowCount": day, "size": day * 1000}},
    }
    checks = [{"assertion": "not_null", "column": "total", "success": is_first}]
    checked = source | {"inputFacets": {"dataQualityAssertions": {"assertions": checks}}}
    return run_event(
        f"01900000-0000-7000-8000-0000000000{day}",
        "refresh_sales",
        f"2026-11-{day}T22:00:00Z",
        inputs=[checked],
        outputs=[output],
        namespace="dashboards",
    )


def run_event(
    run_id: str,
    job: str,
    time: str,
    inputs: list[Event],
    outputs: list[Event],
    namespace: str = "large",
) -> Event:
    """Return the event of a run that completed."""
    return {
        "eventType": "COMPLETE",
        "eventTime": time,
        "producer": PRODUCER,
        "schemaURL": SCHEMA_URL,
        "run": {"runId": run_id},
        "job": {"namespace": namespace, "name": job},
        "inputs": inputs,
        "outputs": outputs,
    }


def large_graph(nodes: int) -> list[Event]:
    """Return events of a graph downstream of dataset t0: each job reads one or two, writes one."""
    events = []
    for number in range(1, nodes // 2):
        parents = {(number - 1) // 2, max(0, number // 3 - 1)}
        events.append(
            run_event(
                str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))),
                f"job_{number}",
                _at(0),
                inputs=[{"namespace": "large", "name": f"table_{each}"} for each in parents],
                outputs=[{"namespace": "large", "name": f"table_{number}"}],
            )
        )
    return events


def large_dag_run(tasks: int) -> list[Event]:
    """Return the events of a run of DAG wide with many tasks, in groups of ten, each after two."""
    names = [f"group_{number // 10}.task_{number}" for number in range(tasks)]
    graph = {
        name: {
            "downstream_task_ids": names[number * 2 + 10 : number * 2 + 12],
            "task_group": name.split(".")[0],
            "ui_label": name.split(".")[1],
        }
        for number, name in enumerate(names)
    }
    groups = {name.split(".")[0]: {"ui_label": name.split(".")[0]} for name in names}
    start = run_event("01900000-0000-7000-8000-0000000000da", "wide", _at(0), [], [])
    start["job"]["facets"] = {"airflow": {"tasks": graph, "taskGroups": groups}}
    start["run"]["facets"] = {"airflowDagRun": {"dag": {"dag_id": "wide"}}}
    ends = [_task_event(start, number, name) for number, name in enumerate(names)]
    return [start | {"eventType": "START"}, *ends, start | {"eventTime": _at(tasks + 2)}]


def _task_event(dag_run: Event, number: int, name: str) -> Event:
    run_id = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    event = run_event(run_id, f"wide.{name}", _at(number + 1), [], [])
    parent = {
        "run": {"runId": dag_run["run"]["runId"]},
        "job": {"namespace": "large", "name": "wide"},
    }
    task = {"task": {"task_id": name}, "dag": {"dag_id": "wide"}}
    event["run"]["facets"] = {"parent": parent, "airflow": task}
    return event


def _at(second: int) -> str:
    return (FIRST + timedelta(seconds=second)).isoformat()
