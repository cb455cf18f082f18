"""The graphs in facets are read as producers send them, and nothing makes the reader raise."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consumer.rows.facet_graphs import ColumnEdge, TaskEdge, column_edges, task_graph
from tests.support import corpus

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "tasks",
                    "taskGroups",
                    "taskTree",
                    "downstream_task_ids",
                    "downstream_task_edges",
                    "fields",
                ]
                + [
                    "inputFields",
                    "transformations",
                    "dataset",
                    "namespace",
                    "name",
                    "field",
                    "type",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def test_a_real_graph_with_groups_and_labels() -> None:
    jobs = [event["job"].get("facets", {}) for event in corpus.all_events() if "job" in event]
    facets = [facets["airflow"] for facets in jobs if "airflow" in facets]
    assert facets
    for graph in map(task_graph, facets):
        tasks = {node.node_id for node in graph.nodes if node.kind == "task"}
        groups = {node.node_id for node in graph.nodes if node.kind == "group"}
        for edge in graph.edges:
            assert edge.from_id in (tasks if edge.from_kind == "task" else groups)
            assert edge.to_id in (tasks if edge.to_kind == "task" else groups)
        assert all(node.task_group in groups | {None} for node in graph.nodes)


def test_labels_belong_to_edges() -> None:
    tasks = {
        "a": {
            "downstream_task_ids": ["b", "c"],
            "downstream_task_edges": {"b": {"label": "go"}},
            "downstream_group_edges": {"g": {"label": "go"}},
        },
        "b": {"task_group": "g", "is_setup": True},
        "c": {},
    }
    graph = task_graph({"tasks": tasks, "taskGroups": {"g": {"parent_group": "h"}}})
    assert sorted(graph.edges) == [
        TaskEdge("task", "a", "group", "g", "go"),
        TaskEdge("task", "a", "task", "b", "go"),
        TaskEdge("task", "a", "task", "c", None),
    ]
    nodes = {(node.kind, node.node_id): node.task_group for node in graph.nodes}
    assert nodes == {("task", "a"): None, ("task", "b"): "g", ("task", "c"): None} | {
        ("group", "g"): "h"
    }


def test_the_tree_of_tasks_that_older_providers_send() -> None:
    tree = {"a": {"b": {"z": {"y": {}}}, "c": {"z": {"y": {}}}}, "unknown": {"a": {}}, "y": [1]}
    graph = task_graph({"tasks": {name: {} for name in "abcyz"}, "taskTree": tree})
    assert sorted((edge.from_id, edge.to_id) for edge in graph.edges) == [
        *(("a", "b"), ("a", "c"), ("b", "z"), ("c", "z"), ("z", "y")),
    ]


def test_column_lineage_of_every_version() -> None:
    source = {"namespace": "n", "name": "d", "field": "x"}
    kinds = [{"type": "DIRECT", "subtype": "IDENTITY"}, {"type": "INDIRECT", "masking": True}]
    facet = {
        "fields": {
            "new": {"inputFields": [source | {"transformations": kinds}]},
            "old": {"inputFields": [source], "transformationType": "MASKED"},
        },
        "dataset": [source],
    }
    assert list(column_edges(facet)) == [
        ColumnEdge("new", "n", "d", "x", "DIRECT", "IDENTITY", None, None),
        ColumnEdge("new", "n", "d", "x", "INDIRECT", None, None, True),
        ColumnEdge("old", "n", "d", "x", "MASKED", None, None, None),
        ColumnEdge(None, "n", "d", "x", None, None, None, None),
    ]


@given(JSON)
def test_nothing_makes_them_raise(facet: Any) -> None:
    task_graph({"tasks": facet, "taskGroups": facet})
    task_graph({"tasks": {"a": facet}})
    if isinstance(facet, dict):
        task_graph(facet)
        list(column_edges(facet))
    list(column_edges({"fields": {"x": facet}, "dataset": facet}))
