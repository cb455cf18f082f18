"""Writes Python source that turns the JSON of an event into Avro bytes and back, from a schema.

Every record, array and map of the schema becomes two functions, `write_NAME` and `read_NAME`,
without loops over fields: several times faster than a general Avro library, with the same bytes
(proven against fastavro in tests/unit/codec). How JSON maps to the schema:

- A member goes to the field of its name if it has the field's type exactly.
- Every other member goes to the last field of its record: `extra` (JSON text by name), for facets
  first `custom` (facets that are objects), for custom facets `fields`.
- An object that lacks a field that cannot be null does not fit its record at all (Misfit), and
  takes the more general place in the record around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage_avro.codec import binary, deduplication
from openlineage_avro.codec.avro_types import Types, members
from openlineage_avro.codec.generate_reader import reader_source
from openlineage_avro.codec.generate_writer import writer_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from openlineage_avro.codec.avro_types import Schema

SOURCES = {"write": writer_source, "read": reader_source}


def generate(schema: Schema, title: str) -> dict[str, Any]:
    """Returns a namespace with write_NAME(out, value, producer) and read_NAME(data, position,
    producer) for every record, array and map of a schema.

    Each function is compiled when it is first called, as an event uses few of the schema's types,
    or by those of the list WRITERS. `title` stands for the file in tracebacks.
    """
    types = Types(schema)
    namespace: dict[str, Any] = {**vars(binary), **vars(deduplication), **_constants(types)}
    namespace["WRITERS"] = []
    for name in types.complex:
        for verb in SOURCES:
            compile_it = _compiling(types, namespace, verb, name, title)
            namespace[f"{verb}_{name}"] = _uncompiled(compile_it)
            if verb == "write":
                namespace["WRITERS"].append(compile_it)
    return namespace


def _compiling(
    types: Types, namespace: dict[str, Any], verb: str, name: str, title: str
) -> Callable[[], Callable[..., Any]]:
    """Returns what compiles a function, puts it into the namespace and returns it."""

    def compile_it() -> Callable[..., Any]:
        source = SOURCES[verb](types, name)
        exec(compile(source, f"<{title}: {verb}_{name}>", "exec"), namespace)
        compiled: Callable[..., Any] = namespace[f"{verb}_{name}"]
        return compiled

    return compile_it


def _uncompiled(compile_it: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """Returns a function that has itself replaced by the compiled one when it is called."""

    def compile_and_call(*arguments: Any) -> Any:
        return compile_it()(*arguments)

    return compile_and_call


def _constants(types: Types) -> dict[str, Any]:
    """Returns the tables that the functions use, by name."""
    made: dict[str, Any] = {}
    for name, found in types.named.items():
        if found["type"] == "enum":
            made[f"TO_{name}"] = {s: bytes((2 * i,)) for i, s in enumerate(found["symbols"])}
            made[f"FROM_{name}"] = {2 * i: s for i, s in enumerate(found["symbols"])}
        else:
            made[f"KEYS_{name}"] = frozenset(field["name"] for field in members(found))
    made["RAW_POSITION"] = [field["name"] for field in types.root["fields"]].index("raw")
    return made
