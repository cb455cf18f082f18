"""Graphs of columns: reversed edges, both directions, and what is meant by the id of a node."""

from typing import Any

import pytest

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.told import dataset, made_of, named, told

# raw.cents -> clean.price -> totals.sum, and totals.day beside it.
STORY = [
    told(
        "clean",
        1,
        [dataset("raw", "cents day")],
        [
            dataset("clean", "price day", columnLineage=made_of(price="raw.cents", day="raw.day")),
        ],
    ),
    told(
        "sum",
        2,
        [dataset("clean", "price day")],
        [
            dataset("totals", "sum day", columnLineage=made_of(sum="clean.price", day="clean.day")),
        ],
    ),
]


def nodes(api: Client, node_id: str, **parameters: Any) -> dict[str, Any]:
    """Return the nodes of a graph by `dataset.column`."""
    graph = api.body("/column-lineage", nodeId=node_id, **parameters)["graph"]
    ids = [each["id"] for each in graph]
    assert ids == sorted(ids)
    for each in graph:
        # The web UI draws nothing where an edge leads out of the graph.
        assert {edge["destination"] for edge in each["outEdges"] + each["inEdges"]} <= set(ids)
        assert {edge["origin"] for edge in each["outEdges"] + each["inEdges"]} <= {each["id"]}
        assert each["type"] == "DATASET_FIELD"
    return {f"{each['data']['dataset']}.{each['data']['field']}": each for each in graph}


def test_upstream_alone_and_with_downstream(store: Store, api: Client) -> None:
    put(store, STORY)

    assert sorted(nodes(api, "dataset:data:clean")) == [
        *("clean.day", "clean.price", "raw.cents", "raw.day"),
    ]
    for true in ("true", "True"):
        found = nodes(api, "datasetField:data:clean:price", withDownstream=true)
        assert sorted(found) == ["clean.price", "raw.cents", "totals.sum"]
    assert sorted(nodes(api, "dataset:data:totals", depth=1)) == [
        *("clean.day", "clean.price", "totals.day", "totals.sum"),
    ]
    assert nodes(api, "dataset:data:raw", withDownstream="true") == {}


def test_of_a_job_the_columns_of_its_outputs_are_meant(store: Store, api: Client) -> None:
    put(store, STORY)

    assert sorted(nodes(api, "job:jobs:clean")) == [
        *("clean.day", "clean.price", "raw.cents", "raw.day"),
    ]


def test_edges_that_lead_in_point_at_where_a_column_comes_from(store: Store, api: Client) -> None:
    put(store, STORY)

    node = nodes(api, "dataset:data:clean", withDownstream=True)["clean.price"]

    price, cents, total = (
        f"datasetField:data:{each}" for each in ("clean:price", "raw:cents", "totals:sum")
    )
    assert node["id"] == price
    assert node["inEdges"] == [{"origin": price, "destination": cents}]
    assert node["outEdges"] == [{"origin": price, "destination": total}]
    data = node["data"]
    assert (data["namespace"], data["field"], data["fieldType"]) == ("data", "price", "text")
    assert [each["field"] for each in data["inputFields"]] == ["cents"]


def test_a_transformation_is_told_as_the_facet_has_it(store: Store, api: Client) -> None:
    facet = made_of(price="raw.cents")
    facet["fields"]["price"] |= {
        "transformationDescription": "divided",
        "transformationType": "MASKED",
    }
    put(store, [told("j", 1, "raw", [dataset("clean", "price", columnLineage=facet)])])

    data = nodes(api, "dataset:data:clean")["clean.price"]["data"]

    for told_of in (data, *data["inputFields"]):
        assert told_of["transformationDescription"] == "divided"
        assert told_of["transformationType"] == "MASKED"


def test_circles_end(store: Store, api: Client) -> None:
    facets = {"a": made_of(x="b.x"), "b": made_of(x="a.x")}
    put(
        store,
        [
            told("there", 1, "b", [dataset("a", "x", columnLineage=facets["a"])]),
            told("back", 2, "a", [dataset("b", "x", columnLineage=facets["b"])]),
        ],
    )

    found = nodes(api, "dataset:data:a", withDownstream=True)

    assert sorted(found) == ["a.x", "b.x"]
    assert [len(each["inEdges"]) for each in found.values()] == [1, 1]


def test_a_symlinked_dataset_is_found_under_each_name(store: Store, api: Client) -> None:
    link = {"identifiers": [named("file:/warehouse|default.sales") | {"type": "TABLE"}]}
    facet = made_of(price="raw.cents")
    sales = dataset("s3://lake|sales", "price", symlinks=link, columnLineage=facet)
    put(store, [told("write", 1, "raw", [sales])])

    assert sorted(nodes(api, "dataset:s3://lake:sales")) == ["raw.cents", "sales.price"]
    found = nodes(api, "dataset:file:/warehouse:default.sales")
    assert sorted(found) == ["default.sales.price", "raw.cents"]
    ids = [each["id"] for each in found.values()]
    assert "datasetField:file:/warehouse:default.sales:price" in ids
    assert nodes(api, "datasetField:file:/warehouse:default.sales:price") == found


def test_a_version_is_told_in_the_ids_where_it_is_asked_for(store: Store, api: Client) -> None:
    put(store, STORY)
    version = nodes(api, "dataset:data:clean")["clean.price"]["data"]["datasetVersion"]

    found = nodes(api, f"dataset:data:clean#{version}")

    assert found["clean.price"]["id"] == f"datasetField:data:clean:price#{version}"


@pytest.mark.parametrize(
    "node_id",
    [
        "dataset:data:unknown",
        "dataset:data:bare",
        "datasetField:data:clean:unknown",
        "job:jobs:unknown",
        "job:jobs:silent",
        "nonsense",
    ],
)
def test_what_has_no_columns_is_not_found(store: Store, api: Client, node_id: str) -> None:
    put(store, [*STORY, told("silent", 3, "bare")])

    answer = api.get("/column-lineage", nodeId=node_id)

    assert answer.status_code == 404
    assert answer.json()["code"] == 404


def test_the_id_must_be_given(store: Store, api: Client) -> None:
    answer = api.get("/column-lineage")

    assert answer.status_code == 400
    assert "nodeId" in answer.text
