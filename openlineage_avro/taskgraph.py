"""Reshapes the two Airflow facets that name every task of a DAG, so that no name is paid twice.

`pack_*` turns the JSON of a facet into the shape of its record in schemas/, `unpack_*` turns it
back. A facet that would not come back equal raises Misfit and is kept as a custom facet.
"""

from __future__ import annotations

from typing import Any

from openlineage_avro.jsontext import dumps
from openlineage_avro.wire import Misfit

_LOOK = ("operator", "ui_color", "ui_fgcolor")


def pack_task_graph(facet: dict[str, Any]) -> dict[str, Any]:
    """Returns the `airflow` job facet with lists of nodes instead of objects by id."""
    return _checked(facet, _pack_task_graph, unpack_task_graph)


def pack_task_states(facet: dict[str, Any]) -> dict[str, Any]:
    """Returns the `airflowState` run facet with one list of tasks instead of two objects by id."""
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
    """Returns JSON text that is the same for equal values and different for others."""
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
    """Returns the `airflow` job facet as OpenLineage has it."""
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
    """Returns the `airflowState` run facet as OpenLineage has it."""
    if "tasks" not in facet:
        return facet
    unpacked = {key: value for key, value in facet.items() if key != "tasks"}
    unpacked["tasksState"] = {t["task_id"]: t["state"] for t in facet["tasks"] if "state" in t}
    unpacked["tasksDuration"] = {
        t["task_id"]: t["duration"] for t in facet["tasks"] if "duration" in t
    }
    return unpacked
