"""Messages that each version of the schema wrote, kept so that later versions still read them.

python -m tests.support.golden   # writes the file of the newest version, if there is none yet
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from openlineage_avro import encode
from openlineage_avro.codec import schemas

FOLDER = Path(__file__).parent.parent / "data" / "golden"

# fields of records that are not members of their JSON objects
NOT_MEMBERS = (
    *("custom", "extra", "raw", "eventTimeText"),
    *("rootIsParent", "isTask", "log_url_base", "operators"),
)

# members that no version has a field for
UNKNOWN = {"unknown": [None, 1, 1.0]}

TASK = {
    **UNKNOWN,
    "emits_ol_events": True,
    "is_setup": False,
    "is_teardown": False,
    "ui_color": "#fff",
}
EDGES = {"downstream_task_edges": {"load": {"label": "go"}}, "downstream_group_edges": {}}
GRAPH = {
    "taskTree": {},
    "tasks": {
        "in.extract": {
            **TASK,
            **EDGES,
            "operator": "a.Operator",
            "task_group": "in",
            "ui_label": "extract",
            "ui_fgcolor": "#000",
            "downstream_task_ids": ["load"],
        },
        "load": {**TASK, "operator": "a.Operator", "ui_label": "L", "downstream_task_ids": []},
    },
    "taskGroups": {
        "all": {**UNKNOWN, **EDGES, "ui_label": "all", "ui_fgcolor": "#000", "ui_color": "#fff"},
        "in": {"ui_label": "in", "parent_group": "all"},
    },
}
STATES = {
    "dagRunState": "failed",
    "tasksState": {"in.extract": "success", "load": "new state"},
    "tasksDuration": {"in.extract": 0.25, "unseen": 1e300},
}
ODD = {
    "eventTime": "yesterday",
    "producer": "",
    "schemaURL": "1-0-0",
    "eventType": None,
    "run": {"runId": "r", "facets": {"mine": {"_producer": "", "x": [1, 1.0, True, None]}}},
    "job": {"name": "no namespace"},
    "inputs": [{"namespace": "n", "name": "d", "facets": {"schema": [], "version": {"a": "é\0"}}}],
    "größe": 2**80,
}


def path(version: int) -> Path:
    """Return the file of a version."""
    return FOLDER / f"openlineage-event-{version}.ndjson"


def events() -> list[dict[str, Any]]:
    """Return events that together have every field, and what only the fallbacks hold."""
    full = _event("OpenLineageEvent.producer", "")
    full["eventTime"] = "2026-11-22T12:39:13.591465+00:00"
    other = _event("another producer", "9-9-9")
    other["eventTime"] = "2026-11-22T12:39:13.5Z"
    _repeat(other["run"]["facets"])
    return [full, other, ODD, {"a": "\ud800"}, {}]


def _event(producer: str, version: str) -> dict[str, Any]:
    event = _filled("OpenLineageEvent", producer, version)
    event["job"]["facets"]["airflow"] |= GRAPH
    states = event["run"]["facets"]["airflowState"]
    del states["tasks"]
    states |= STATES
    event["run"]["facets"]["unknownSourceAttribute"]["unknownItems"][0]["properties"]["retries"] = 0
    return event


def _repeat(facets: dict[str, Any]) -> None:
    """Make facets repeat what the records hold only once."""
    parent, airflow = facets["parent"], facets["airflow"]
    parent["root"] = {"run": parent["run"], "job": parent["job"]}
    facets["unknownSourceAttribute"]["unknownItems"][0]["properties"] = airflow["task"]
    run, task, instance = airflow["dagRun"], airflow["task"], airflow["taskInstance"]
    instance["log_url"] = (
        f"https://airflow/dags/{run['dag_id']}/runs/{run['run_id']}/tasks/{task['task_id']}"
        f"/mapped/{instance['map_index']}?try_number={instance['try_number']}"
    )


def _filled(name: str, producer: str, version: str) -> dict[str, Any]:
    """Return a JSON object with a value for every field of a record, and one more."""
    record = _definitions()[name]
    members = {
        field["name"]: _value(field["type"], f"{name}.{field['name']}", producer, version)
        for field in record["fields"]
        if field["name"] not in NOT_MEMBERS
    }
    if "schemaURL" in record:
        url = (
            re.sub(r"\d+-\d+-\d+", version, record["schemaURL"]) if version else record["schemaURL"]
        )
        members["schemaURL" if name == "OpenLineageEvent" else "_schemaURL"] = url
    if "facet" in record:
        members["_producer"] = producer
    if record.get("custom"):
        members["mine"] = {"_producer": producer, "_schemaURL": "mine", **UNKNOWN}
    return members | UNKNOWN


def _value(avro_type: Any, where: str, producer: str, version: str) -> Any:
    if isinstance(avro_type, list):
        return _value(avro_type[1], where, producer, version)
    if isinstance(avro_type, str) and avro_type in _definitions():
        avro_type = _definitions()[avro_type]
    if isinstance(avro_type, str):
        return {"string": where, "boolean": True, "double": 0.5}.get(avro_type, 7)
    if avro_type["type"] == "record":
        return _filled(avro_type["name"], producer, version)
    if avro_type["type"] == "enum":
        return avro_type["symbols"][-1]
    if avro_type["type"] == "array":
        return [_value(avro_type["items"], where, producer, version)]
    if avro_type["type"] == "map":
        return {"a": _value(avro_type["values"], where, producer, version)}
    return {"json": [1, where]} if avro_type.get("logicalType") == "json" else where


@cache
def _definitions() -> dict[str, Any]:
    from schemas.compatible import named_types

    return named_types(schemas.parsed(schemas.newest()))


def read(version: int) -> list[tuple[dict[str, Any], bytes]]:
    """Return a version's events with the messages it wrote."""
    lines = path(version).read_text(encoding="utf-8").splitlines()
    return [(line["event"], bytes.fromhex(line["message"])) for line in map(json.loads, lines)]


def main() -> None:
    """Write the newest version's file; a file once written is never changed."""
    target = path(schemas.newest())
    if target.exists():
        raise SystemExit(f"{target}: exists; what a version wrote never changes")
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = [{"event": event, "message": encode(event).hex()} for event in events()]
    target.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
