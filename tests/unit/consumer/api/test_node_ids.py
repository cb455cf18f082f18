"""Ids of nodes: what is written is among what is read, and what Marquez would read comes first."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumer.api.node_ids import (
    MOST_COLONS,
    NodeId,
    dataset_id,
    field_id,
    job_id,
    readings,
)

VERSION = UUID("6402c699-11e2-3384-bf68-51aafb3180e2")
# Parts that hold no version at their end, nor nothing.
parts = st.text(min_size=1, max_size=20).filter(lambda text: "#" not in text)
plain_parts = parts.filter(lambda text: ":" not in text and not text[0].isdigit())
plain_parts = plain_parts.filter(lambda text: not text.startswith("//"))
versions = st.none() | st.uuids()


@st.composite
def node_ids(draw: st.DrawFn, part: st.SearchStrategy[str]) -> NodeId:
    """Return an id of any kind."""
    kind = draw(st.sampled_from(("job", "dataset", "datasetField")))
    field = draw(part) if kind == "datasetField" else None
    return NodeId(kind, draw(part), draw(part), field, draw(versions))  # type: ignore[arg-type]


@given(node_ids(plain_parts))
def test_an_id_without_colons_in_its_parts_is_read_in_one_way(node: NodeId) -> None:
    assert readings(str(node)) == [node]


@given(node_ids(parts).filter(lambda node: str(node).count(":") <= MOST_COLONS))
def test_an_id_is_among_its_readings_each_of_which_is_written_alike(node: NodeId) -> None:
    found = readings(str(node))

    assert node in found
    assert len(found) == len(set(found))
    assert {str(each) for each in found} == {str(node)}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("job:aflab:lab.publish", NodeId("job", "aflab", "lab.publish")),
        (
            "dataset:postgres://127.0.0.1:55433:warehouse.public.orders",
            NodeId("dataset", "postgres://127.0.0.1:55433", "warehouse.public.orders"),
        ),
        (
            "datasetField:postgres://db:5432:shop.orders:id",
            NodeId("datasetField", "postgres://db:5432", "shop.orders", "id"),
        ),
        (
            f"dataset:file:/data/lake#{VERSION}",
            NodeId("dataset", "file", "/data/lake", version=VERSION),
        ),
        ("dataset:file:/data/warehouse:a.b", NodeId("dataset", "file", "/data/warehouse:a.b")),
        ("job:a space in it:job", NodeId("job", "a space in it", "job")),
        ("dataset:bigquery:#hash", NodeId("dataset", "bigquery", "#hash")),
    ],
)
def test_the_first_reading_is_marquezs(text: str, first: NodeId) -> None:
    assert readings(text)[0] == first
    assert str(first) == text


def test_other_readings_follow_the_longest_namespace_first() -> None:
    found = [(each.namespace, each.name) for each in readings("dataset:file:/a:/b:c")]

    assert found == [("file", "/a:/b:c"), ("file:/a:/b", "c"), ("file:/a", "/b:c")]


def test_a_name_of_digits_is_found_where_no_other_colon_is_left() -> None:
    found = readings("dataset:kafka://host:9092:2024")

    assert NodeId("dataset", "kafka://host:9092", "2024") == found[0]


@pytest.mark.parametrize("text", ["", "nonsense", "job", "job:", "job:a", "job:a:", "run:a:b"])
def test_what_is_no_id_has_no_reading(text: str) -> None:
    assert readings(text) == []


def test_an_id_of_many_colons_has_the_first_reading_alone() -> None:
    text = field_id("a", "b" + ":b" * 1000, "c")

    assert readings(text) == [NodeId("datasetField", "a", "b", "b" + ":b" * 999 + ":c")]


def test_ids_are_written_as_nodes_are() -> None:
    assert job_id("a", "b") == str(NodeId("job", "a", "b"))
    assert dataset_id("a", "b") == str(NodeId("dataset", "a", "b"))
    assert field_id("a", "b", "c") == str(NodeId("datasetField", "a", "b", "c"))
