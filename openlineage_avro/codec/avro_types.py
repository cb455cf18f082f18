"""The types that an Avro schema defines, and what the generated code calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

DEFINED = ("record", "enum", "array", "map")


class Types:
    """All types that a schema defines, by name."""

    def __init__(self, schema: Schema) -> None:
        """Find the types of a schema; arrays and maps are named after what they hold."""
        self.root = schema
        # records and enums; records, arrays and maps
        self.named = {found["name"]: found for found in _definitions(schema) if "name" in found}
        self.complex = {
            self.name(found): found for found in _definitions(schema) if found["type"] != "enum"
        }

    def resolved(self, avro_type: Any) -> Any:
        """Return a primitive's name, `json`, or the definition of any other type."""
        if isinstance(avro_type, str):
            return self.named.get(avro_type, avro_type)
        if avro_type.get("logicalType") == "json":
            return "json"
        return avro_type if avro_type["type"] in DEFINED else avro_type["type"]

    def name(self, avro_type: Any) -> str:
        """Return what a type is called in the names of functions."""
        found = self.resolved(avro_type)
        if isinstance(found, str):
            return found
        if found["type"] in ("array", "map"):
            return f"{found['type']}_of_{self.name(item_type(found))}"
        return str(found["name"])


def item_type(found: Schema) -> Any:
    """Return the type of an array's items or a map's values."""
    return found["items"] if found["type"] == "array" else found["values"]


def _definitions(avro_type: Any) -> Iterator[Schema]:
    """Yield every record, enum, array and map in a schema, outermost first."""
    if isinstance(avro_type, list):
        for branch in avro_type:
            yield from _definitions(branch)
    elif isinstance(avro_type, dict):
        if avro_type["type"] in DEFINED:
            yield avro_type
        for key in ("items", "values"):
            yield from _definitions(avro_type.get(key))
        for field in avro_type.get("fields", ()):
            yield from _definitions(field["type"])
