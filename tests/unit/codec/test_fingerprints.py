"""A schema is known by its fingerprint, however its text is written."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from openlineage_avro.codec import schemas
from openlineage_avro.errors import UnknownSchema
from schemas.compatible import named_types

if TYPE_CHECKING:
    from collections.abc import Callable

Schema = dict[str, Any]


def changed(change: Callable[[Schema], object]) -> bytes:
    """Return the fingerprint of the newest schema after a change."""
    schema = copy.deepcopy(schemas.parsed(schemas.newest()))
    change(schema)
    return schemas.fingerprint(json.dumps(schema))


def reversed_attributes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_attributes(value[key]) for key in reversed(value)}
    return [reversed_attributes(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("version", schemas.versions())
def test_the_table_of_fingerprints_is_computed_from_the_files(version: int) -> None:
    assert schemas.fingerprint(schemas.versions()[version]) == schemas.FINGERPRINTS[version]


def test_the_table_of_fingerprints_has_every_version_and_no_other() -> None:
    assert schemas.FINGERPRINTS.keys() == schemas.versions().keys()


@pytest.mark.parametrize("version", schemas.versions())
def test_a_version_is_found_by_its_fingerprint(version: int) -> None:
    assert schemas.version_of(schemas.fingerprint(schemas.versions()[version])) == version


@pytest.mark.parametrize("version", schemas.versions())
def test_white_space_and_the_order_of_attributes_do_not_count(version: int) -> None:
    expected = schemas.fingerprint_of(version)
    schema = schemas.parsed(version)
    for text in (
        json.dumps(schema, separators=(",", ":")),
        json.dumps(schema, indent=8),
        json.dumps(reversed_attributes(schema)),
    ):
        assert schemas.fingerprint(text) == expected


def without_docs(schema: Schema) -> None:
    for found in (schema, *named_types(schema).values()):
        found.pop("doc", None)


def with_full_name(schema: Schema) -> None:
    schema["name"] = f"{schema.pop('namespace')}.{schema['name']}"


@pytest.mark.parametrize("change", [without_docs, with_full_name])
def test_what_does_not_decide_how_bytes_are_read_does_not_count(
    change: Callable[[Schema], object],
) -> None:
    assert changed(change) == schemas.fingerprint_of(schemas.newest())


def another_namespace(schema: Schema) -> None:
    schema["namespace"] = "another"


def another_field(schema: Schema) -> None:
    schema["fields"][2]["name"] = "maker"


def another_order(schema: Schema) -> None:
    schema["fields"].insert(1, schema["fields"].pop(2))


def another_type(schema: Schema) -> None:
    schema["fields"][0]["type"] = ["null", "int"]


def another_symbol(schema: Schema) -> None:
    named_types(schema)["EventType"]["symbols"].append("PAUSE")


@pytest.mark.parametrize(
    "change", [another_namespace, another_field, another_order, another_type, another_symbol]
)
def test_a_different_schema_has_a_different_fingerprint(
    change: Callable[[Schema], object],
) -> None:
    found = changed(change)
    assert found not in schemas.FINGERPRINTS.values()
    with pytest.raises(UnknownSchema, match=f"got fingerprint {found.hex()}"):
        schemas.version_of(found)


@pytest.mark.parametrize(
    "text",
    [
        'syntax = "proto3";',
        '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}',
        '{"type": "record"}',
        "{}",
        "3",
        "null",
        "",
    ],
)
def test_a_text_that_is_no_avro_schema_is_no_known_schema(text: str) -> None:
    """A registry may hold schemas of other languages."""
    with pytest.raises(UnknownSchema, match="expected an Avro schema"):
        schemas.fingerprint(text)
