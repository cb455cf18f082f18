"""Reads the graphs that facets hold: Airflow's task graph and column lineage.

Tolerant: what is not in the shape that producers are known to send is left out; the facet itself
is stored whole elsewhere.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from consumer.decode.text import storable_text
from openlineage_avro.event.access import list_of, object_of


class TaskNode(NamedTuple):
    """A task or a task group of a DAG."""

    kind: str
    node_id: str
    task_group: str | None
    operator: str | None
    label: str | None
    is_setup: bool | None
    is_teardown: bool | None
    emits_ol_events: bool | None


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
        for node_id, member in object_of(facet.get(key)).items():
            if isinstance(member, dict):
                node = _node(kind, storable_text(node_id), member)
                graph.nodes.append(node)
                graph.edges.extend(_edges(node, member))
    known = {(edge.from_id, edge.to_id) for edge in graph.edges}
    for from_id, to_id in tree_edges(facet):
        if (from_id, to_id) not in known:
            graph.edges.append(TaskEdge("task", from_id, "task", to_id, None))
    return graph


def tree_edges(facet: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Return the (upstream, downstream) task ids in member taskTree, each pair once.

    Providers 1.8 to 1.10 send {task_id: {downstream task_id: {...}}} and no downstream_task_ids: a
    task with many upstream of it stands in the tree under each. Later ones send an empty object.
    """
    found: dict[tuple[str, str], None] = {}
    waiting = list(object_of(facet.get("taskTree")).items())
    while waiting:
        task, below = waiting.pop()
        for each, further in object_of(below).items():
            found[storable_text(task), storable_text(each)] = None
            waiting.append((each, further))
    return found


def _node(kind: str, node_id: str, member: dict[str, Any]) -> TaskNode:
    return TaskNode(
        kind=kind,
        node_id=node_id,
        task_group=_text(member, "task_group") or _text(member, "parent_group"),
        operator=_text(member, "operator"),
        label=_text(member, "ui_label"),
        is_setup=_boolean(member, "is_setup"),
        is_teardown=_boolean(member, "is_teardown"),
        emits_ol_events=_boolean(member, "emits_ol_events"),
    )


def _edges(node: TaskNode, member: dict[str, Any]) -> list[TaskEdge]:
    """Return the edges that leave a task or group; a label is told only beside the ids."""
    labels: dict[tuple[str, str], str | None] = {}
    for kind, key in (("task", "downstream_task_edges"), ("group", "downstream_group_edges")):
        for node_id, edge in object_of(member.get(key)).items():
            labels[kind, storable_text(node_id)] = _text(object_of(edge), "label")
    for node_id in list_of(member.get("downstream_task_ids")):
        if isinstance(node_id, str):
            labels.setdefault(("task", storable_text(node_id)), None)
    return [
        TaskEdge(node.kind, node.node_id, to_kind, to_id, label)
        for (to_kind, to_id), label in labels.items()
    ]


def column_edges(facet: dict[str, Any]) -> Iterator[ColumnEdge]:
    """Yield the edges of a columnLineage facet (spec 1-2-0); one for each transformation."""
    for field, described in object_of(facet.get("fields")).items():
        if isinstance(described, dict):
            yield from _inputs(storable_text(field), described.get("inputFields"), described)
    yield from _inputs(None, facet.get("dataset"), {})


def _inputs(field: str | None, inputs: Any, described: dict[str, Any]) -> Iterator[ColumnEdge]:
    for each in map(object_of, list_of(inputs)):
        namespace, name, input_field = each.get("namespace"), each.get("name"), each.get("field")
        if not (
            isinstance(namespace, str) and isinstance(name, str) and isinstance(input_field, str)
        ):
            continue
        for transformation in _transformations(each, described):
            yield ColumnEdge(
                field=field,
                namespace=namespace,
                name=name,
                input_field=storable_text(input_field),
                type=_text(transformation, "type"),
                subtype=_text(transformation, "subtype"),
                description=_text(transformation, "description"),
                masking=_boolean(transformation, "masking"),
            )


def _transformations(each: dict[str, Any], described: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how an input column is used; before 1-1-0 the output field said how it is made."""
    given = [item for item in list_of(each.get("transformations")) if isinstance(item, dict)]
    # Airflow's SQL parser sends empty texts there.
    of_field = {
        "type": described.get("transformationType") or None,
        "description": described.get("transformationDescription") or None,
    }
    return given or [of_field]


def _text(owner: dict[str, Any], name: str) -> str | None:
    value = owner.get(name)
    return storable_text(value) if isinstance(value, str) else None


def _boolean(owner: dict[str, Any], name: str) -> bool | None:
    value = owner.get(name)
    return value if isinstance(value, bool) else None
