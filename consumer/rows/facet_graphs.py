"""Reads the graphs that facets hold: Airflow's task graph and column lineage.

Tolerant: what is not in the shape that producers are known to send is left out; the facet itself
is stored whole elsewhere.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from consumer.rows.keys import storable_text


class TaskNode(NamedTuple):
    """A task or a task group of a DAG."""

    kind: str
    node_id: str
    task_group: str | None
    operator: str | None
    label: str | None
    is_setup: bool | None
    is_teardown: bool | None


class TaskEdge(NamedTuple):
    """A dependency: `to` runs after `from`; either may be a task or a group."""

    from_kind: str
    from_id: str
    to_kind: str
    to_id: str
    label: str | None


class TaskGraph(NamedTuple):
    """The nodes and edges of one version of a DAG."""

    nodes: list[TaskNode]
    edges: list[TaskEdge]


class ColumnEdge(NamedTuple):
    """An input column that an output column (`field`; None: the whole dataset) comes from."""

    field: str | None
    namespace: str
    name: str
    input_field: str
    type: str | None
    subtype: str | None
    description: str | None
    masking: bool | None


def task_graph(facet: dict[str, Any]) -> TaskGraph:
    """Return the graph in the job facet `airflow` of a DAG's START event.

    Source: providers-openlineage, AirflowJobFacet: {tasks: {task_id: {...}}, taskGroups: {...}}.
    """
    graph = TaskGraph([], [])
    for kind, key in (("task", "tasks"), ("group", "taskGroups")):
        members = facet.get(key)
        for node_id, member in members.items() if isinstance(members, dict) else ():
            if isinstance(member, dict):
                _add_node(graph, kind, storable_text(node_id), member)
    return graph


def _add_node(graph: TaskGraph, kind: str, node_id: str, member: dict[str, Any]) -> None:
    group = _text(member, "task_group") or _text(member, "parent_group")
    graph.nodes.append(
        TaskNode(
            kind,
            node_id,
            group,
            _text(member, "operator"),
            _text(member, "ui_label"),
            _boolean(member, "is_setup"),
            _boolean(member, "is_teardown"),
        )
    )
    labels = {
        (to_kind, storable_text(to_id)): _text(edge, "label") if isinstance(edge, dict) else None
        for to_kind, key in (("task", "downstream_task_edges"), ("group", "downstream_group_edges"))
        for to_id, edge in (member[key].items() if isinstance(member.get(key), dict) else ())
    }
    downstream = member.get("downstream_task_ids")
    for to_id in downstream if isinstance(downstream, list) else ():
        if isinstance(to_id, str):
            labels.setdefault(("task", storable_text(to_id)), None)
    for (to_kind, to_id), label in labels.items():
        graph.edges.append(TaskEdge(kind, node_id, to_kind, to_id, label))


def column_edges(facet: dict[str, Any]) -> Iterator[ColumnEdge]:
    """Yield the edges of a columnLineage facet (spec 1-2-0); one for each transformation."""
    fields = facet.get("fields")
    for field, described in fields.items() if isinstance(fields, dict) else ():
        if isinstance(described, dict):
            yield from _inputs(storable_text(field), described.get("inputFields"), described)
    yield from _inputs(None, facet.get("dataset"), {})


def _inputs(field: str | None, inputs: Any, described: dict[str, Any]) -> Iterator[ColumnEdge]:
    for each in inputs if isinstance(inputs, list) else ():
        if not isinstance(each, dict):
            continue
        names = [each.get(part) for part in ("namespace", "name", "field")]
        if not all(isinstance(name, str) for name in names):
            continue
        namespace, name, input_field = map(str, names)
        for kind in _transformations(each, described):
            yield ColumnEdge(field, namespace, name, storable_text(input_field), *kind)


def _transformations(
    each: dict[str, Any], described: dict[str, Any]
) -> list[tuple[str | None, str | None, str | None, bool | None]]:
    given = each.get("transformations")
    found = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    if not found:  # before 1-1-0 the output field said how it is made
        # Airflow's SQL parser sends empty texts there.
        kind = _text(described, "transformationType") or None
        return [(kind, None, _text(described, "transformationDescription") or None, None)]
    return [
        (
            _text(item, "type"),
            _text(item, "subtype"),
            _text(item, "description"),
            _boolean(item, "masking"),
        )
        for item in found
    ]


def _text(owner: dict[str, Any], name: str) -> str | None:
    value = owner.get(name)
    return storable_text(value) if isinstance(value, str) else None


def _boolean(owner: dict[str, Any], name: str) -> bool | None:
    value = owner.get(name)
    return value if isinstance(value, bool) else None
