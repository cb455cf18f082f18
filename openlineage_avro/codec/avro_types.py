"""The types of an Avro schema, and how each maps to JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

# fields that are not members of the JSON object, but hold members without a field of their own
REST = ("custom", "extra", "raw", "eventTimeText")
# fields whose null does not mean that the member is absent
USUAL_WHEN_NULL = ("_producer", "_schemaURL", "schemaURL", "eventTime", "eventTimeText")


class Types:
    """All types that a schema defines, by name."""

    def __init__(self, schema: Schema) -> None:
        """Finds the types of a schema; arrays and maps are named after what they hold."""
        self.root = schema
        # records and enums; records, arrays and maps
        self.named = {found["name"]: found for found in _definitions(schema) if "name" in found}
        self.complex = {
            self.name(found): found for found in _definitions(schema) if found["type"] != "enum"
        }

    def resolved(self, avro_type: Any) -> Any:
        """Returns a primitive's name, `json`, or the definition of a complex type."""
        if isinstance(avro_type, str):
            return self.named.get(avro_type, avro_type)
        if avro_type.get("logicalType") == "json":
            return "json"
        if avro_type["type"] in ("record", "enum", "array", "map"):
            return avro_type
        return avro_type["type"]

    def name(self, avro_type: Any) -> str:
        """Returns what a type is called in the names of functions."""
        found = self.resolved(avro_type)
        if isinstance(found, str):
            return found
        if found["type"] in ("array", "map"):
            return f"{found['type']}_of_{self.name(item_type(found))}"
        return str(found["name"])

    def can_misfit(self, avro_type: Any) -> bool:
        """Tells whether a JSON value of the right kind may still not fit the type."""
        found = self.resolved(avro_type)
        return (
            isinstance(found, str)
            or found["type"] != "record"
            or "shape" in found
            or any(not isinstance(field["type"], list) for field in members(found))
        )


def _definitions(avro_type: Any) -> Iterator[Schema]:
    """Yields every record, enum, array and map in a schema, outermost first."""
    if isinstance(avro_type, list):
        for branch in avro_type:
            yield from _definitions(branch)
    elif isinstance(avro_type, dict):
        if avro_type["type"] in ("record", "enum", "array", "map"):
            yield avro_type
        for key in ("items", "values"):
            yield from _definitions(avro_type.get(key))
        for field in avro_type.get("fields", ()):
            yield from _definitions(field["type"])


def item_type(found: Schema) -> Any:
    """Returns the type of an array's items or a map's values."""
    return found["items"] if found["type"] == "array" else found["values"]


def members(record: Schema) -> list[Schema]:
    """Returns the fields of a record that are members of its JSON object."""
    rest = (*REST, "fields") if record.get("facet") == "custom" else REST
    return [field for field in record["fields"] if field["name"] not in rest]


def with_nulls_after(record: Schema) -> Iterator[tuple[Schema, int]]:
    """Yields each field with the number of fields after it, if it is worth asking there whether
    all of them are null or empty: a zero byte each; else with 0.
    """
    fields = record["fields"]
    needed = [
        position
        for position, field in enumerate(fields)
        if field["name"] in USUAL_WHEN_NULL
        or (field in members(record) and not isinstance(field["type"], list))
    ]
    first = max(needed, default=-1) + 1
    for position, field in enumerate(fields):
        after = len(fields) - position - 1
        ask = position >= first and after >= 3 and (position - first) % 4 == 3
        yield field, after if ask else 0


def split_url(url: str) -> tuple[str, str]:
    """Returns what stands before and after the version in the URL of a schema."""
    before, _version, after = re.split(r"([0-9]+-[0-9]+-[0-9]+)", url, maxsplit=1)
    return before, after
