"""Names and edges are read from facets as producers send them; nothing makes the reader raise."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consumer.decode.decode import Decoded, decode
from consumer.rows.graph import Dataset, Edge, EdgeKind, FacetOwner, Job, Lane, Link, LinkKind
from consumer.rows.keys import key_of
from consumer.rows.rows import Rows, rows_of

TIME = "2026-01-01T00:00:00Z"
MEMBERS = ["entries", "inputs", "outputs", "fields", "identifiers", "type", "namespace", "name"]
MEMBERS += ["field", "upstream", "downstream", "job", "dependency_type", "previousIdentifier"]
MEMBERS += ["lifecycleStateChange", "_deleted", "transformations", "dataset", "inputFields"]
VALUES = st.none() | st.booleans() | st.integers() | st.sampled_from(["DATASET", "JOB", "RENAME"])
ANYTHING = st.recursive(
    VALUES | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(MEMBERS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=30,
)


def read(event: dict[str, Any]) -> Rows:
    """Return the rows of one event."""
    decoded = decode(json.dumps({"eventTime": TIME} | event).encode())
    assert isinstance(decoded, Decoded)
    return rows_of([decoded])


def job_event(facets: Any = None, dataset_facets: Any = None, run_facets: Any = None) -> Any:
    """Return an event of job `n:j` that reads and writes `d:a`."""
    dataset = {"namespace": "d", "name": "a", "facets": dataset_facets or {}}
    return {
        "run": {"runId": "r", "facets": run_facets or {}},
        "job": {"namespace": "n", "name": "j", "facets": facets or {}},
        "inputs": [dataset],
        "outputs": [dataset],
    }


def source(name: str, **more: Any) -> dict[str, Any]:
    """Return a source that is a dataset."""
    return {"type": "DATASET", "namespace": "d", "name": name} | more


A, B, J = Dataset(key_of("d", "a")), Dataset(key_of("d", "b")), Job(key_of("n", "j"))


def test_a_job_facet_makes_lanes() -> None:
    fields = {"x": {"inputs": [source("b", field="y")]}}
    entries = [source("a", inputs=[{"type": "JOB"}], fields=fields)]
    graph = read(job_event(facets={"lineage": {"entries": entries}})).graph
    lane, own = Lane(J.job, A.dataset), Lane(J.job, None)
    assert set(graph.edges) == {
        Edge(B, lane, EdgeKind.LINEAGE, J),
        Edge(lane, A, EdgeKind.LINEAGE, J),
        Edge(own, A, EdgeKind.LINEAGE, J),
    }
    (edges,) = graph.column_edges.values()
    assert [(edge.field, edge.name, edge.input_field) for edge in edges] == [("x", "b", "y")]
    assert list(graph.columns.values()) == [["x"]]


def test_a_facet_that_names_no_datasets_does_not_replace_inputs_and_outputs() -> None:
    entries = [{"type": "JOB", "inputs": [{"type": "JOB", "namespace": "n", "name": "k"}]}]
    graph = read(job_event(facets={"lineage": {"entries": entries}})).graph
    assert set(graph.edges) == {Edge(Job(key_of("n", "k")), J, EdgeKind.LINEAGE, J)}
    assert FacetOwner(J, "lineage") not in graph.statements


def test_names_are_linked_but_not_to_themselves() -> None:
    identifiers = [source("a"), source("b"), {"namespace": "d"}]
    change = {"lifecycleStateChange": "RENAME", "previousIdentifier": source("b")}
    facets = {"symlinks": {"identifiers": identifiers}, "lifecycleStateChange": change}
    graph = read(job_event(dataset_facets=facets)).graph
    assert set(graph.links) == {
        Link(A.dataset, B.dataset, LinkKind.SYMLINK),
        Link(A.dataset, B.dataset, LinkKind.RENAME),
    }
    assert graph.lifecycles[A.dataset].state == "RENAME"


def test_only_names_of_inputs_outputs_and_own_events_count_as_used() -> None:
    graph = read(job_event(dataset_facets={"symlinks": {"identifiers": [source("b")]}})).graph
    assert set(graph.named) == {A.dataset}


@given(ANYTHING)
def test_nothing_makes_the_reader_raise(anything: Any) -> None:
    names = ["lineage", "symlinks", "lifecycleStateChange", "columnLineage", "schema"]
    facets = {
        **dict.fromkeys(names, anything),
        "lineage": {"entries": anything, "inputs": anything, "fields": anything},
    }
    run_facets = {"jobDependencies": anything, "airflowDagRun": {}, "parent": anything}
    read(job_event(facets, facets, run_facets))
    read({"dataset": source("a", facets=dict.fromkeys(names, anything))})
