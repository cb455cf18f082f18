"""Hypothesis strategies for events: known facets with right, wrong, missing and unknown members."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from openlineage_avro.codec import schemas

KEYS = st.text(max_size=8) | st.sampled_from(
    ["_producer", "_schemaURL", "facets", "extra", "fields"]
)
NUMBERS = st.integers() | st.floats() | st.integers(10**18, 10**25)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=12)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
JSON_OBJECTS = st.dictionaries(KEYS, JSON, max_size=5)


def _definitions() -> dict[str, Any]:
    found: dict[str, Any] = {}

    def visit(avro_type: Any) -> None:
        if isinstance(avro_type, list):
            for branch in avro_type:
                visit(branch)
        elif isinstance(avro_type, dict):
            found[avro_type.get("name", "")] = avro_type
            visit(avro_type.get("items"))
            visit(avro_type.get("values"))
            for field in avro_type.get("fields", ()):
                visit(field["type"])

    visit(schemas.parsed(schemas.newest()))
    return found


DEFINITIONS = _definitions()
NOT_MEMBERS = ("extra", "custom", "raw", "eventTimeText")


def of_type(avro_type: Any) -> st.SearchStrategy[Any]:
    """Return JSON values that mostly fit an Avro type of the schema."""
    if isinstance(avro_type, list):
        return of_type(avro_type[1])
    if isinstance(avro_type, str) and avro_type in DEFINITIONS:
        avro_type = DEFINITIONS[avro_type]
    if isinstance(avro_type, str):
        return {
            "string": st.text(max_size=12),
            "boolean": st.booleans(),
            "double": st.floats(),
            "int": st.integers(-(2**31), 2**31 - 1),
            "long": st.integers(-(2**63), 2**63 - 1),
        }[avro_type]
    if avro_type["type"] == "array":
        return st.lists(fitting(avro_type["items"]), max_size=2)
    if avro_type["type"] == "map":
        return st.dictionaries(st.text(max_size=4), fitting(avro_type["values"]), max_size=2)
    if avro_type["type"] == "enum":
        return st.sampled_from(avro_type["symbols"]) | st.text(max_size=4)
    if avro_type["type"] == "record":
        return record(avro_type["name"])
    return JSON if avro_type.get("logicalType") == "json" else st.text(max_size=12)


def fitting(avro_type: Any) -> st.SearchStrategy[Any]:
    right = st.deferred(lambda: of_type(avro_type))
    return st.integers(0, 19).flatmap(lambda n: JSON if n == 0 else right)


@cache
def record(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return JSON objects with some members of a record and some others."""
    if name == "CustomFacet":
        return JSON_OBJECTS
    fields = [f for f in DEFINITIONS[name]["fields"] if f["name"] not in NOT_MEMBERS]
    required = [f for f in fields if not isinstance(f["type"], list)]
    optional = [f for f in fields if isinstance(f["type"], list)]

    strategies = {f["name"]: fitting(f["type"]) for f in fields}

    def with_some(chosen: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {f["name"]: strategies[f["name"]] for f in (*required, *chosen)}
        )

    some = st.lists(st.sampled_from(optional), max_size=3) if optional else st.just([])
    base = some.flatmap(with_some)
    return st.one_of(
        base,
        base,
        st.builds(lambda a, b: {**a, **b}, base, st.dictionaries(KEYS, JSON, max_size=2)),
        st.builds(
            lambda a, k: {x: y for x, y in a.items() if x != k}, base, st.sampled_from(KEY_NAMES)
        ),
    )


KEY_NAMES = ("runId", "namespace", "name", "dag_id", "task_id", "key", "type")
EVENTS = record("OpenLineageEvent")
