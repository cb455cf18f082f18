"""The graph around a job or dataset, and columns, as the web application shows them."""

from typing import Any

import pytest

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.web_events import large_graph, run_event

CUSTOMER_REVENUE = "warehouse.public.customer_revenue"


def names(graph: Any) -> dict[str, int]:
    """Return the depth of each node by its name."""
    return {each["name"]: each["depth"] for each in graph["nodes"]}


def edges(graph: Any) -> set[tuple[str, str]]:
    """Return the edges between names."""
    name = {each["id"]: each["name"] for each in graph["nodes"]}
    return {(name[each["fromId"]], name[each["toId"]]) for each in graph["edges"]}


def test_a_graph_goes_to_the_depths_asked_for(filled: Client) -> None:
    graph = filled.web_body(
        "/graph", kind="dataset", name=CUSTOMER_REVENUE, upstream=1, downstream=3
    )

    assert graph["start"].endswith(CUSTOMER_REVENUE)
    assert names(graph) == {
        CUSTOMER_REVENUE: 0,
        "orders_lineage_dag.customer_revenue": -1,
        "orders_lineage_dag.country_revenue": 1,
        "warehouse.public.country_revenue": 2,
        "refresh_sales": 3,
        "orders_lineage_dag.refresh_dashboard": 3,
    }
    assert edges(graph) == {
        ("orders_lineage_dag.customer_revenue", CUSTOMER_REVENUE),
        (CUSTOMER_REVENUE, "orders_lineage_dag.country_revenue"),
        ("orders_lineage_dag.country_revenue", "warehouse.public.country_revenue"),
        ("warehouse.public.country_revenue", "refresh_sales"),
        ("warehouse.public.country_revenue", "orders_lineage_dag.refresh_dashboard"),
    }


def test_jobs_have_their_last_state_and_owners(filled: Client) -> None:
    graph = filled.web_body("/graph", kind="job", name="orders_lineage_dag.customer_revenue")

    job = graph["nodes"][0]
    assert (job["latestState"], job["owners"], job["jobType"]) == (
        "FAIL",
        ["data-platform"],
        "TASK",
    )


def test_a_moment_in_the_past_has_no_later_edges(filled: Client) -> None:
    asked = {"kind": "dataset", "name": "warehouse.public.country_revenue", "upstream": 0}

    before = filled.web_body("/graph", **asked, as_of="2026-11-22T21:40:00Z")
    after = filled.web_body("/graph", **asked, as_of="2026-11-22T22:40:00Z")

    assert set(names(after)) - set(names(before)) == {"refresh_sales", "sales.revenue"}


def test_an_input_that_only_filters_is_indirect(store: Store, api: Client) -> None:
    def read(name: str, how: str) -> dict[str, Any]:
        source = {"namespace": "large", "name": name, "field": "id"}
        return source | {"transformations": [{"type": how, "subtype": "FILTER"}]}

    columns = {"id": {"inputFields": [read("facts", "DIRECT"), read("flags", "INDIRECT")]}}
    output = {
        "namespace": "large",
        "name": "result",
        "facets": {"columnLineage": {"fields": columns}},
    }
    inputs = [{"namespace": "large", "name": name} for name in ("facts", "flags")]
    put(store, [run_event("run 1", "join", "2026-11-20T00:00:00Z", inputs, [output])])

    graph = api.web_body("/graph", kind="job", name="join")

    indirect = {each["fromId"]: each["isIndirect"] for each in graph["edges"]}
    assert indirect == {
        "dataset:large:facts": False,
        "dataset:large:flags": True,
        "job:large:join": False,
    }


def test_a_graph_that_is_too_large_has_its_nearest_nodes(store: Store, api: Client) -> None:
    put(store, large_graph(400))

    graph = api.web_body("/graph", kind="dataset", name="table_0", downstream=50, limit=100)

    assert len(graph["nodes"]) == 100
    assert graph["total"] == 399
    shown = {each["id"] for each in graph["nodes"]}
    assert {end for each in graph["edges"] for end in (each["fromId"], each["toId"])} <= shown


def test_columns_and_the_path_of_one(filled: Client) -> None:
    found = filled.web_body("/columns", namespace="dashboards", name="sales.revenue")
    assert found["datasets"][0]["columns"] == [
        {"field": "total", "type": "numeric"},
        {"field": "share", "type": "numeric"},
    ]

    path = filled.web_body("/columns/path", name=CUSTOMER_REVENUE, field="revenue")
    steps = [(each["depth"], each["name"], each["field"]) for each in path["steps"]]
    assert steps == [
        (-2, "warehouse.public.orders", "amount"),
        (-1, "warehouse.public.clean_orders", "amount"),
        (1, "warehouse.public.country_revenue", "revenue"),
        (2, "sales.by_country", "total"),
        (2, "sales.revenue", "total"),
    ]


@pytest.mark.parametrize("kind", ["job", "dataset"])
def test_what_is_unknown_is_not_found(filled: Client, kind: str) -> None:
    answer = filled.web("/graph", kind=kind, name="warehouse.public.country_revenues")

    assert answer.status_code == 404
    assert "the nearest are" in answer.json()["message"]


def test_names_without_a_namespace_each_are_refused(filled: Client) -> None:
    answer = filled.web("/columns", namespace="a", name=["b", "c"])

    assert answer.status_code == 400
    assert "expected a namespace for each name, got 1 and 2" in answer.json()["message"]
