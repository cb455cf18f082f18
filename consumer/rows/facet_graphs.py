"""Reads the graphs that facets hold: Airflow's task graph and column lineage.

Tolerant: what is not in the shape that producers are known to send is left out; the facet itself
is stored whole elsewhere.
"""

from collections.abc import Iterator
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

    @classmethod
    def of(
        cls, field: str | None, source: dict[str, Any], transformation: dict[str, Any]
    ) -> "ColumnEdge":
        """Return how a source {namespace, name, field}, all text, is used."""
        return cls(
            field=field,
            namespace=source["namespace"],
            name=source["name"],
            input_field=storable_text(source["field"]),
            type=_text(transformation, "type"),
            subtype=_text(transformation, "subtype"),
            description=_text(transformation, "description"),
            masking=_boolean(transformation, "masking"),
        )


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
    if not graph.edges:  # providers before 1.11 send the tree alone
        tasks = {node.node_id for node in graph.nodes if node.kind == "task"}
        graph.edges.extend(_tree_edges(object_of(facet.get("taskTree")), tasks))
    return graph


def _tree_edges(tree: dict[str, Any], tasks: set[str]) -> list[TaskEdge]:
    """Return the edges of {task: {downstream task: {...}}}; a task may stand in many places.

    A task's children are the same wherever it stands, so each is read once: a tree written out
    may be exponential in its tasks.
    """
    edges: dict[TaskEdge, None] = {}
    seen: set[str] = set()
    ahead = [tree]
    while ahead:
        for name, below in ahead.pop().items():
            task, children = storable_text(name), object_of(below)
            if task in seen or task not in tasks:
                continue
            if children:
                seen.add(task)
                ahead.append(children)
            for child in map(storable_text, children):
                if child in tasks:
                    edges[TaskEdge("task", task, "task", child, None)] = None
    return list(edges)


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
        if all(isinstance(each.get(member), str) for member in ("namespace", "name", "field")):
            for transformation in transformations_of(each, described):
                yield ColumnEdge.of(field, each, transformation)


def columns_of(facet: dict[str, Any]) -> list[str]:
    """Return the columns that a facet names: schema with nested ones, dotted, or columnLineage."""
    fields = facet.get("fields")
    if isinstance(fields, dict):
        return [storable_text(name) for name in fields]
    return list(dict.fromkeys(_schema_fields(fields, "")))


def _schema_fields(fields: Any, prefix: str) -> Iterator[str]:
    for each in map(object_of, list_of(fields)):
        if isinstance(name := each.get("name"), str):
            yield prefix + storable_text(name)
            yield from _schema_fields(each.get("fields"), f"{prefix}{storable_text(name)}.")


def transformations_of(each: dict[str, Any], described: dict[str, Any]) -> list[dict[str, Any]]:
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
