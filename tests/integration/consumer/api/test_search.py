"""Finding jobs and datasets by a part of their names."""

from typing import Any

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.told import told

STORY = [
    told("load_Orders", 1, "shop.orders", "lake|orders_copy"),
    told("count", 2, "lake|orders_copy", "100%_sure"),
]


def found(api: Client, q: str, **parameters: Any) -> list[str]:
    """Return the ids of the nodes that are found."""
    return [each["nodeId"] for each in api.body("/search", q=q, **parameters)["results"]]


def test_capital_letters_do_not_matter(store: Store, api: Client) -> None:
    put(store, STORY)

    assert found(api, "ORDERS") == [
        "dataset:lake:orders_copy",
        "dataset:data:shop.orders",
        "job:jobs:load_Orders",
    ]


def test_a_filter_and_an_order(store: Store, api: Client) -> None:
    put(store, STORY)

    assert found(api, "o", filter="job", sort="NAME") == ["job:jobs:count", "job:jobs:load_Orders"]
    assert found(api, "orders", filter="DATASET", sort="UPDATE_AT") == [
        *("dataset:lake:orders_copy", "dataset:data:shop.orders"),
    ]
    assert found(api, "orders", namespace="lake") == ["dataset:lake:orders_copy"]
    assert found(api, "orders", filter="JOB", before="2026-03-01") == []
    assert found(api, "orders", filter="JOB", after="2026-03-01") == ["job:jobs:load_Orders"]


def test_the_total_is_that_of_all(store: Store, api: Client) -> None:
    put(store, STORY)

    body = api.body("/search", q="orders", limit=1)

    assert (len(body["results"]), body["totalCount"]) == (1, 3)
    assert api.body("/search", q="nothing") == {"totalCount": 0, "results": []}


def test_no_letter_means_something_else(store: Store, api: Client) -> None:
    """The web UI does not encode what is typed: a lone % arrives as it is."""
    put(store, STORY)

    assert found(api, "%") == found(api, "100%_") == ["dataset:data:100%_sure"]
    answer = api.get("/search?q=100%_s&sort=NAME&limit=100")
    assert [each["name"] for each in answer.json()["results"]] == ["100%_sure"]


def test_what_to_find_must_be_given(store: Store, api: Client) -> None:
    answer = api.get("/search")

    assert answer.status_code == 400
    assert "q" in answer.json()["message"]
