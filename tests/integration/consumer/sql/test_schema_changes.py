"""lineage.schema_changes tells when columns came, went or changed, under every joined name."""

from typing import Any

import psycopg
import pytest

from consumer.store.store import Store
from tests.integration.consumer.sql.test_statements import dataset, run
from tests.support.storing import put, rows


def load(name: str, minute: int, fields: list[dict[str, Any]], **facets: Any) -> dict[str, Any]:
    """Return an event of a job that writes a dataset with these fields."""
    return run("load", [], [dataset(name, schema={"fields": fields}, **facets)], minute)


def field(name: str, kind: str, *nested: dict[str, Any]) -> dict[str, Any]:
    """Return a field of a schema facet."""
    return {"name": name, "type": kind} | ({"fields": list(nested)} if nested else {})


def test_when_columns_came_went_and_changed(store: Store, store_url: str) -> None:
    renamed = {
        "lifecycleStateChange": {
            "lifecycleStateChange": "RENAME",
            "previousIdentifier": {"namespace": "data", "name": "old"},
        }
    }
    deleted = dataset("old", schema={"_deleted": True})
    events = [
        load("old", 1, [field("a", "int"), field("b", "text")]),
        load("old", 2, [field("b", "text"), field("a", "int")]),
        run("load", [], [deleted], 3),
        run("load", [], [dataset("old", schema={"fields": None})], 3, run_id="says nothing"),
        load("old", 4, [field("a", "bigint"), field("c", "struct", field("d", "date"))]),
        load("new", 5, [field("a", "bigint"), field("e", "text")], **renamed),
    ]
    put(store, reversed(events))
    query = (
        "SELECT extract(minute FROM changed_at)::integer, change, field, type_before, type_after,"
        " told_name FROM lineage.schema_changes({})"
    )
    expected = [
        (1, "added", "a", None, "int", "old"),
        (1, "added", "b", None, "text", "old"),
        (4, "type changed", "a", "int", "bigint", "old"),
        (4, "removed", "b", "text", None, "old"),
        (4, "added", "c", None, "struct", "old"),
        (4, "added", "c.d", None, "date", "old"),
        (5, "removed", "c", "struct", None, "new"),
        (5, "removed", "c.d", "date", None, "new"),
        (5, "added", "e", None, "text", "new"),
    ]
    for name in ("'new'", "'data', 'old'", "NULL, 'old'"):
        assert rows(store_url, query.format(name)) == expected
    with pytest.raises(psycopg.errors.NoDataFound, match="the nearest are"):
        rows(store_url, query.format("'olt'"))


def test_two_names_that_send_types_of_their_own_do_not_flap(store: Store, store_url: str) -> None:
    identifiers = [{"namespace": "data", "name": "t", "type": "TABLE"}]
    path = dataset(
        "s3:path",
        symlinks={"identifiers": identifiers},
        schema={"fields": [{"name": "a", "type": "string"}]},
    )
    table = dataset("t", schema={"fields": [{"name": "a", "type": "varchar"}]})
    put(store, [run("load", [], [path if minute % 2 else table], minute) for minute in range(1, 9)])
    query = "SELECT change, type_before, type_after FROM lineage.schema_changes('t')"
    assert rows(store_url, query) == [
        ("added", None, "string"),
        ("type changed", "string", "varchar"),
    ]
