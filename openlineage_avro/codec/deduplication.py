"""Reshapes the parts of an event that repeat each other, so that they are not paid for twice.

`pack_*` turns the JSON of one record (its `"shape"` in schemas/) into the fields of the record,
`unpack_*` turns it back. A pack that would not come back equal raises Misfit, and the object takes
the more general place around it. Neither changes the dict it is given.
"""

from __future__ import annotations

import marshal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from openlineage_avro.codec.binary import Misfit
from openlineage_avro.event.json_text import dumps

_LOOK = ("operator", "ui_color", "ui_fgcolor")


def same(left: Any, right: Any) -> bool:
    """Tell whether two JSON values are equal in type, value and order: 1, 1.0 and true differ."""
    try:
        return left == right and marshal.dumps(left, 0) == marshal.dumps(right, 0)
    except (ValueError, RecursionError):  # of a type that JSON does not have, or nested too deeply
        return False


def pack_parent(facet: dict[str, Any]) -> dict[str, Any]:
    """Leaves out the root run of a `parent` facet where it is the parent itself."""
    if "rootIsParent" in facet:
        raise Misfit
    root = facet.get("root")
    if root.__class__ is not dict or len(root) != 2:
        return facet
    if same((root.get("run"), root.get("job")), (facet.get("run"), facet.get("job"))):
        packed = facet.copy()
        del packed["root"]
        packed["rootIsParent"] = True
        return packed
    return facet


def unpack_parent(facet: dict[str, Any]) -> dict[str, Any]:
    """Return the `parent` facet as OpenLineage has it."""
    if "rootIsParent" not in facet:
        return facet
    if facet.pop("rootIsParent"):
        facet["root"] = {"run": copied(facet["run"]), "job": copied(facet["job"])}
    return facet


def copied(value: Any) -> Any:
    """Return a copy of a JSON value, so that two places of an event share nothing mutable."""
    return marshal.loads(marshal.dumps(value, 0))


def pack_run_facets(facets: dict[str, Any]) -> dict[str, Any]:
    """Leaves out the operators of `unknownSourceAttribute` that are the task of `airflow`."""
    unknown = facets.get("unknownSourceAttribute")
    if unknown.__class__ is not dict:
        return facets
    items = unknown.get("unknownItems")
    if items.__class__ is not list:
        return facets
    task = _task(facets)
    packed = facets.copy()
    packed["unknownSourceAttribute"] = unknown = unknown.copy()
    unknown["unknownItems"] = [_pack_unknown_item(item, task) for item in items]
    return packed


def _task(facets: dict[str, Any]) -> dict[str, Any] | None:
    airflow = facets.get("airflow")
    task = airflow.get("task") if airflow.__class__ is dict else None
    return task if task.__class__ is dict else None


def _pack_unknown_item(item: Any, task: dict[str, Any] | None) -> Any:
    if item.__class__ is not dict:
        return item
    if "isTask" in item:
        raise Misfit
    if task is not None and same(item.get("properties"), task):
        packed = item.copy()
        del packed["properties"]
        packed["isTask"] = True
        return packed
    return item


def unpack_run_facets(facets: dict[str, Any]) -> dict[str, Any]:
    """Return the run's facets as OpenLineage has them."""
    unknown = facets.get("unknownSourceAttribute")
    items = unknown.get("unknownItems") if unknown.__class__ is dict else None
    for item in items if items.__class__ is list else ():
        if item.__class__ is dict and item.pop("isTask", False):
            item["properties"] = copied(facets["airflow"]["task"])
    return facets


def pack_airflow_run(facet: dict[str, Any]) -> dict[str, Any]:
    """Leaves out of the log's address what the ids of the task instance give."""
    instance = facet.get("taskInstance")
    if instance.__class__ is not dict:
        return facet
    if "log_url_base" in instance:
        raise Misfit
    url = instance.get("log_url")
    path = _log_path(facet)
    if url.__class__ is not str or path is None or not url.endswith(path):
        return facet
    packed = instance.copy()
    del packed["log_url"]
    packed["log_url_base"] = url[: -len(path)]
    return {**facet, "taskInstance": packed}


@lru_cache(maxsize=64)  # the events of a DAG run share its id
def _percent_encoded(text: str) -> str:
    return quote(text, safe="")


def _log_path(facet: dict[str, Any]) -> str | None:
    """Return the end of the log's address in Airflow 3, if all of its parts are there."""
    try:
        run, instance = facet["dagRun"], facet["taskInstance"]
        run_id, index = _percent_encoded(run["run_id"]), instance.get("map_index")
        mapped = "" if index is None else f"/mapped/{index}"
        task = f"/dags/{run['dag_id']}/runs/{run_id}/tasks/{facet['task']['task_id']}{mapped}"
        return f"{task}?try_number={instance['try_number']}"
    except (KeyError, TypeError, AttributeError, UnicodeEncodeError):
        return None


def unpack_airflow_run(facet: dict[str, Any]) -> dict[str, Any]:
    """Return the `airflow` run facet as OpenLineage has it."""
    instance = facet.get("taskInstance")
    if instance.__class__ is dict and "log_url_base" in instance:
        instance["log_url"] = instance.pop("log_url_base") + (_log_path(facet) or "")
    return facet


def pack_task_graph(facet: dict[str, Any]) -> dict[str, Any]:
    """Return the `airflow` job facet with lists of nodes instead of objects by id."""
    return _checked(facet, _pack_task_graph, unpack_task_graph)


def pack_task_states(facet: dict[str, Any]) -> dict[str, Any]:
    """Return the `airflowState` run facet with one list of tasks instead of two objects by id."""
    return _checked(facet, _pack_task_states, unpack_task_states)


def _checked(facet: dict[str, Any], pack: Any, unpack: Any) -> dict[str, Any]:
    try:
        packed: dict[str, Any] = pack(facet)
        if dumps_sorted(unpack(packed)) != dumps_sorted(facet):
            raise Misfit
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as exc:
        raise Misfit from exc
    return packed


def dumps_sorted(value: Any) -> str:
    """Return JSON text that is the same for equal values and different for others."""
    return dumps(_sorted(value))


def _sorted(value: Any) -> Any:
    if value.__class__ is dict:
        return {key: _sorted(value[key]) for key in sorted(value)}
    if value.__class__ is list:
        return [_sorted(item) for item in value]
    return value


def _pack_task_graph(facet: dict[str, Any]) -> dict[str, Any]:
    groups = {group_id: index for index, group_id in enumerate(facet["taskGroups"])}
    tasks = {task_id: index for index, task_id in enumerate(facet["tasks"])}
    looks: dict[tuple[Any, ...], int] = {}
    nodes = [_pack_task(i, task, tasks, groups, looks) for i, task in facet["tasks"].items()]
    return {
        **facet,
        "tasks": nodes,
        "operators": [_without_nulls(zip(_LOOK, look, strict=True)) for look in looks],
        "taskGroups": [_pack_group(i, group, groups) for i, group in facet["taskGroups"].items()],
    }


def _pack_task(
    task_id: str,
    task: dict[str, Any],
    tasks: dict[str, int],
    groups: dict[str, int],
    looks: dict[tuple[Any, ...], int],
) -> dict[str, Any]:
    look = tuple(task.get(name) for name in _LOOK)
    node = {key: value for key, value in task.items() if key not in _LOOK}
    node["task_id"] = task_id
    node["operator"] = looks.setdefault(look, len(looks))
    node["downstream"] = [tasks[name] for name in node.pop("downstream_task_ids")]
    if node["ui_label"] == _label(task_id, node.get("task_group")):
        del node["ui_label"]
    if "task_group" in node:
        node["task_group"] = groups[node["task_group"]]
    return node


def _label(task_id: str, group_id: str | None) -> str:
    return task_id.removeprefix(f"{group_id}.") if group_id is not None else task_id


def _pack_group(group_id: str, group: dict[str, Any], groups: dict[str, int]) -> dict[str, Any]:
    packed = {"group_id": group_id, **group}
    if "parent_group" in packed:
        packed["parent_group"] = groups[packed["parent_group"]]
    return packed


def _without_nulls(pairs: Any) -> dict[str, Any]:
    return {key: value for key, value in pairs if value is not None}


def unpack_task_graph(facet: dict[str, Any]) -> dict[str, Any]:
    """Return the `airflow` job facet as OpenLineage has it."""
    if not isinstance(facet.get("tasks"), list):
        return facet
    task_ids = [node["task_id"] for node in facet["tasks"]]
    group_ids = [group["group_id"] for group in facet["taskGroups"]]
    looks = facet["operators"]
    return {
        **{key: value for key, value in facet.items() if key != "operators"},
        "tasks": {
            node["task_id"]: _unpack_task(node, task_ids, group_ids, looks)
            for node in facet["tasks"]
        },
        "taskGroups": {
            group["group_id"]: _unpack_group(group, group_ids) for group in facet["taskGroups"]
        },
    }


def _unpack_task(
    node: dict[str, Any], task_ids: list[str], group_ids: list[str], looks: list[dict[str, Any]]
) -> dict[str, Any]:
    task = {**node, **looks[node["operator"]]}
    if "operator" not in looks[node["operator"]]:
        del task["operator"]
    del task["task_id"]
    task["downstream_task_ids"] = [task_ids[index] for index in task.pop("downstream")]
    if "task_group" in node:
        task["task_group"] = group_ids[node["task_group"]]
    if "ui_label" not in node:
        task["ui_label"] = _label(node["task_id"], task.get("task_group"))
    return task


def _unpack_group(group: dict[str, Any], group_ids: list[str]) -> dict[str, Any]:
    unpacked = {key: value for key, value in group.items() if key != "group_id"}
    if "parent_group" in group:
        unpacked["parent_group"] = group_ids[group["parent_group"]]
    return unpacked


def _pack_task_states(facet: dict[str, Any]) -> dict[str, Any]:
    states, durations = facet["tasksState"], facet["tasksDuration"]
    packed = {k: v for k, v in facet.items() if k not in ("tasksState", "tasksDuration")}
    packed["tasks"] = [
        _without_nulls((("task_id", i), ("state", states.get(i)), ("duration", durations.get(i))))
        for i in {**states, **durations}
    ]
    return packed


def unpack_task_states(facet: dict[str, Any]) -> dict[str, Any]:
    """Return the `airflowState` run facet as OpenLineage has it."""
    if "tasks" not in facet:
        return facet
    unpacked = {key: value for key, value in facet.items() if key != "tasks"}
    unpacked["tasksState"] = {t["task_id"]: t["state"] for t in facet["tasks"] if "state" in t}
    unpacked["tasksDuration"] = {
        t["task_id"]: t["duration"] for t in facet["tasks"] if "duration" in t
    }
    return unpacked
