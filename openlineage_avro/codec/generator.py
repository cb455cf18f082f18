"""Writes Python source that turns the JSON of an event into Avro bytes and back, from a schema.

Every record, array and map of the schema becomes two functions, `write_NAME` and `read_NAME`,
without loops over fields: several times faster than a general Avro library, with the same bytes
(proven against fastavro in tests/unit/codec). How JSON maps to the schema:

- A member goes to the field of its name if it has the field's type exactly.
- Every other member goes to the last field of its record: `extra` (JSON text by name), for facets
  first `custom` (facets that are objects), for custom facets `fields`.
- An object that lacks a field that cannot be null does not fit its record at all (Misfit), and
  takes the more general place in the record around it.

roles.py has the lines for a field, values.py those for a value. They call the functions of
binary.py and deduplication.py; the other names that recur in them:

| write_NAME |                                      | read_NAME |                                 |
|------------|--------------------------------------|-----------|---------------------------------|
| out        | the bytearray that is written        | data      | the bytes that are read         |
| given      | the JSON object or array             | at        | the position in them            |
| producer   | the event's producer                 | producer  | the event's producer            |
| get        | given.get                            | made      | the JSON value that is made     |
| append     | out.append                           | value     | a value, before it is in `made` |
| value      | a member or item of `given`          | branch    | the branch of a [null, TYPE]    |
| left       | how many members are not written yet | zigzag    | an int, long or length as read  |
| misfits    | names of members that do not fit     | end       | where a text ends               |
| KEYS_NAME  | names that a record has fields for   | FROM_NAME | an enum's symbol by its byte    |
| TO_NAME    | an enum's byte by its symbol         |           |                                 |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage_avro.codec import binary, deduplication
from openlineage_avro.codec.avro_types import Types, item_type
from openlineage_avro.codec.roles import role_of
from openlineage_avro.codec.values import code_of, indented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openlineage_avro.codec.avro_types import Schema
    from openlineage_avro.codec.roles import Role
    from openlineage_avro.codec.values import Lines


def generate(schema: Schema, title: str) -> dict[str, Any]:
    """Return a namespace with write_NAME(out, given, producer) and read_NAME(data, at, producer)
    for every record, array and map of a schema.

    A writer raises Misfit; a reader returns the value and its end. Each function is compiled when
    it is first called, as an event uses few of the schema's types, or by those of the list
    WRITERS. `title` stands for the file in tracebacks.
    """
    types = Types(schema)
    namespace: dict[str, Any] = {**vars(binary), **vars(deduplication), **_constants(types)}
    namespace["WRITERS"] = []
    for name in types.complex:
        for verb in ("write", "read"):
            compile_it = _compiling(types, namespace, verb, name, title)
            namespace[f"{verb}_{name}"] = _uncompiled(compile_it)
            if verb == "write":
                namespace["WRITERS"].append(compile_it)
    return namespace


def _compiling(
    types: Types, namespace: dict[str, Any], verb: str, name: str, title: str
) -> Callable[[], Callable[..., Any]]:
    """Return what compiles a function, puts it into the namespace and returns it."""

    def compile_it() -> Callable[..., Any]:
        exec(compile(source(types, verb, name), f"<{title}: {verb}_{name}>", "exec"), namespace)
        compiled: Callable[..., Any] = namespace[f"{verb}_{name}"]
        return compiled

    return compile_it


def _uncompiled(compile_it: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """Return a function that has itself replaced by the compiled one when it is called."""

    def compile_and_call(*arguments: Any) -> Any:
        return compile_it()(*arguments)

    return compile_and_call


def _constants(types: Types) -> dict[str, Any]:
    """Return the tables that the functions use, by name."""
    made: dict[str, Any] = {}
    for name, found in types.named.items():
        if found["type"] == "enum":
            made[f"TO_{name}"] = {s: bytes((2 * i,)) for i, s in enumerate(found["symbols"])}
            made[f"FROM_{name}"] = {2 * i: s for i, s in enumerate(found["symbols"])}
        else:
            made[f"KEYS_{name}"] = frozenset(
                field["name"] for field in found["fields"] if role_of(types, found, field).is_member
            )
    made["RAW_POSITION"] = [field["name"] for field in types.root["fields"]].index("raw")
    return made


def source(types: Types, verb: str, name: str) -> str:
    """Return the source of write_NAME or read_NAME."""
    found = types.complex[name]
    is_record = found["type"] == "record"
    if verb == "write":
        head = f"def write_{name}(out, given, producer):"
        lines = _write_record(types, found) if is_record else _write_items(types, found)
    else:
        head = f"def read_{name}(data, at, producer):"
        lines = _read_record(types, found) if is_record else _read_items(types, found)
    return "\n".join([head, *indented(lines), ""])


def _write_record(types: Types, record: Schema) -> Lines:
    lines = [f"given = pack_{record['shape']}(given)"] if "shape" in record else []
    lines += ["append = out.append", "get = given.get", "left = len(given)", "misfits = ()"]
    for role, zeros in _with_zeros_after(types, record):
        lines += role.write()
        if zeros:
            lines.append(f"if not left: out += {bytes(zeros)!r}; return")
    return lines


def _read_record(types: Types, record: Schema) -> Lines:
    made = f"unpack_{record['shape']}(made)" if "shape" in record else "made"
    lines = ["made = {}"]
    for role, zeros in _with_zeros_after(types, record):
        lines += role.read()
        if zeros:
            test = f"data[at:at + {zeros}] == {bytes(zeros)!r}"
            lines.append(f"if {test}: return {made}, at + {zeros}")
    return [*lines, f"return {made}, at"]


def _with_zeros_after(types: Types, record: Schema) -> Iterator[tuple[Role, int]]:
    """Yield the role of each field with the number of fields after it, if it is worth asking there
    whether all of them are a zero byte; else with 0.

    Asking is not free: it is worth it for three fields or more, and again after every fourth.
    """
    roles = [role_of(types, record, field)(types, record, field) for field in record["fields"]]
    needed = [position for position, role in enumerate(roles) if not role.zero_is_absent]
    first = max(needed, default=-1) + 1
    for position, role in enumerate(roles):
        after = len(roles) - position - 1
        ask = position >= first and after >= 3 and (position - first) % 4 == 3
        yield role, after if ask else 0


def _write_items(types: Types, found: Schema) -> Lines:
    write = code_of(types, item_type(found)).write_or_raise()
    if found["type"] == "map":
        each = "for key, value in given.items():"
        write = ["if key.__class__ is not str: raise Misfit", "out += string(key)", *write]
    else:
        each = "for value in given:"
    block = ["size = len(given)", "out += LENGTHS[size] if size < 256 else long(size)", each]
    return ["if given:", *indented([*block, *indented(write)]), "out.append(0)"]


def _read_items(types: Types, found: Schema) -> Lines:
    where = f"item of {types.name(found)}"
    if found["type"] == "map":
        empty, target, key = "{}", "made[key]", ["key, at = read_string(data, at)"]
    else:
        empty, target, key = "[]", "value", []
    read = [*key, *code_of(types, item_type(found)).read(target, where)]
    if found["type"] == "array":
        read.append("made.append(value)")
    block = [
        "if data[at] & 129: count, at = read_block(data, at)  # of several bytes, or negative",
        "else: count, at = data[at] >> 1, at + 1",
        "for _ in range(count):",
        *indented(read),
    ]
    return [f"made = {empty}", "while data[at]:", *indented(block), "return made, at + 1"]
