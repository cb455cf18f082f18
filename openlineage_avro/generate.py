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

import re
from typing import TYPE_CHECKING, Any

from openlineage_avro import shapes, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]

# fields that are not members of the JSON object, but hold members without a field of their own
REST = ("custom", "extra", "raw", "eventTimeText")
# fields whose null does not mean that the member is absent
USUAL_WHEN_NULL = ("_producer", "_schemaURL", "schemaURL", "eventTime", "eventTimeText")
INDENT = "    "


def generate(schema: Schema, title: str) -> dict[str, Any]:
    """Returns a namespace with write_NAME(out, value, producer) and read_NAME(data, position,
    producer) for every record, array and map of a schema.

    Each function is compiled when it is first called: an event uses few of the schema's types.
    `title` stands for the file in tracebacks.
    """
    generator = _Generator(schema)
    namespace: dict[str, Any] = {**vars(wire), **vars(shapes), **generator.constants()}
    for name in generator.types:
        for verb in ("write", "read"):
            namespace[f"{verb}_{name}"] = _uncompiled(generator, namespace, verb, name, title)
    return namespace


def source(schema: Schema) -> str:
    """Returns all functions of a schema as one text, for people who want to read them."""
    generator = _Generator(schema)
    return "\n\n".join(
        generator.function(verb, name) for name in generator.types for verb in ("write", "read")
    )


def _uncompiled(
    generator: _Generator, namespace: dict[str, Any], verb: str, name: str, title: str
) -> Callable[..., Any]:
    """Returns a function that replaces itself in the namespace by the compiled one."""

    def compile_and_call(*arguments: Any) -> Any:
        code = compile(generator.function(verb, name), f"<{title}: {verb}_{name}>", "exec")
        exec(code, namespace)
        return namespace[f"{verb}_{name}"](*arguments)

    return compile_and_call


class _Generator:
    def __init__(self, schema: Schema) -> None:
        self.root = schema
        self.named: dict[str, Schema] = {}
        self.types: dict[str, Schema] = {}
        for found in list(_definitions(schema)):
            if "name" in found:
                self.named[found["name"]] = found
        for found in _definitions(schema):
            if found["type"] in ("record", "array", "map"):
                self.types[self.name(found)] = found
        self.lines: list[str] = []

    def constants(self) -> dict[str, Any]:
        """Returns the tables that the functions use, by name."""
        made: dict[str, Any] = {}
        for name, found in self.named.items():
            if found["type"] == "enum":
                made[f"TO_{name}"] = {s: bytes((2 * i,)) for i, s in enumerate(found["symbols"])}
                made[f"FROM_{name}"] = {2 * i: s for i, s in enumerate(found["symbols"])}
            else:
                made[f"KEYS_{name}"] = frozenset(f["name"] for f in members(found))
        made["RAW_POSITION"] = [field["name"] for field in self.root["fields"]].index("raw")
        return made

    def function(self, verb: str, name: str) -> str:
        """Returns the source of write_NAME or read_NAME."""
        self.lines = []
        found = self.types[name]
        if found["type"] == "record":
            (_RecordWriter if verb == "write" else _RecordReader)(self, found).write()
        else:
            (self._write_items if verb == "write" else self._read_items)(name, found)
        return "\n".join(self.lines) + "\n"

    def _add(self, depth: int, *lines: str) -> None:
        self.lines.extend(INDENT * depth + line for line in lines)

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
        found = self.resolved(avro_type)
        if isinstance(found, str):
            return found
        if found["type"] in ("array", "map"):
            return f"{found['type']}_of_{self.name(item_type(found))}"
        return str(found["name"])

    def can_misfit(self, avro_type: Any) -> bool:
        found = self.resolved(avro_type)
        return (
            isinstance(found, str)
            or found["type"] != "record"
            or "shape" in found
            or any(not isinstance(field["type"], list) for field in members(found))
        )

    def _write_items(self, name: str, found: Schema) -> None:
        self._add(0, f"def write_{name}(b, d, p):", "    if d:")
        self._add(2, "k = len(d)", "b += LENGTHS[k] if k < 256 else long(k)")
        if found["type"] == "map":
            self._add(2, "for key, v in d.items():")
            self._add(3, "if key.__class__ is not str: raise Misfit", "b += string(key)")
        else:
            self._add(2, "for v in d:")
        self._add(3, *self.write_value(item_type(found)))
        self._add(1, "b.append(0)")

    def _read_items(self, name: str, found: Schema) -> None:
        is_map = found["type"] == "map"
        self._add(0, f"def read_{name}(s, i, p):", f"    d = {'{}' if is_map else '[]'}")
        self._add(1, "while s[i]:", "    n, i = read_block(s, i)", "    for _ in range(n):")
        if is_map:
            self._add(3, "key, i = read_string(s, i)")
        self._add(3, *self.read_value(item_type(found), "v", f"item of {name}"))
        self._add(3, "d[key] = v" if is_map else "d.append(v)")
        self._add(1, "return d, i + 1")

    def fits(self, avro_type: Any) -> str:
        """Returns the test whether the JSON value v has the type."""
        found = self.resolved(avro_type)
        if not isinstance(found, str):
            kinds = {"enum": "str", "array": "list", "record": "dict", "map": "dict"}
            test = f"v.__class__ is {kinds[found['type']]}"
            return f"{test} and v in TO_{found['name']}" if found["type"] == "enum" else test
        return {
            "string": "v.__class__ is str",
            "long": "v.__class__ is int and LONG_MIN <= v <= LONG_MAX",
            "int": "v.__class__ is int and INT_MIN <= v <= INT_MAX",
            "double": "v.__class__ is float",
            "boolean": "v.__class__ is bool",
            "json": "v is not None",
        }[found]

    def write_value(self, avro_type: Any) -> list[str]:
        """Returns lines that write v, or raise Misfit."""
        found = self.resolved(avro_type)
        check = [f"if not ({self.fits(avro_type)}): raise Misfit"]
        if not isinstance(found, str):
            if found["type"] == "enum":
                return [*check, f"b += TO_{found['name']}[v]"]
            return [*check, f"write_{self.name(found)}(b, v, p)"]
        if found == "string":
            return [
                "if v.__class__ is not str: raise Misfit",
                "e = v.encode()",
                "k = len(e)",
                "b += LENGTHS[k] if k < 256 else long(k)",
                "b += e",
            ]
        expression = {
            "long": "long(v)",
            "int": "long(v)",
            "double": "pack_double(v)",
            "boolean": 'b"\\x01" if v else b"\\x00"',
            "json": "string(dumps(v))",
        }[found]
        return [*check, f"b += {expression}"]

    def read_value(self, avro_type: Any, target: str, where: str) -> list[str]:
        """Returns lines that read a value at s[i] into the target."""
        found = self.resolved(avro_type)
        if not isinstance(found, str):
            if found["type"] == "enum":
                return [f"{target} = FROM_{found['name']}[s[i]]", "i += 1"]
            return [f"{target}, i = read_{self.name(found)}(s, i, p)"]
        varint = ["k = s[i]", "i += 1", "if k > 127: k, i = varint(s, i - 1)"]
        if found in ("int", "long"):
            return [*varint, f"{target} = (k >> 1) ^ -(k & 1)"]
        if found == "double":
            return [f"{target}, = unpack_double(s, i)", "i += 8"]
        if found == "boolean":
            return [f"{target} = FROM_BOOLEAN[s[i]]", "i += 1"]
        text = "s[i:j].decode()" if found == "string" else "loads(s[i:j].decode())"
        return [
            *varint,
            f"if k & 1: raise bad_length({where!r}, i)",
            "j = i + (k >> 1)",
            f"{target} = {text}",
            "i = j",
        ]


class _RecordWriter:
    def __init__(self, generator: _Generator, record: Schema) -> None:
        self.generator, self.record, self.add = generator, record, generator._add
        self.name = record["name"]
        self.custom = record.get("facet") == "custom"

    def write(self) -> None:
        self.add(0, f"def write_{self.name}(b, d, p):")
        if "shape" in self.record:
            self.add(1, f"d = pack_{self.record['shape']}(d)")
        self.add(1, "z = b.append", "g = d.get", "n = len(d)", "bad = ()")
        for field, nulls in with_nulls_after(self.record):
            self.field(field)
            if nulls:
                self.add(1, f"if not n: b += {bytes(nulls)!r}; return")

    def field(self, field: Schema) -> None:
        name = field["name"]
        if name == "custom":
            return  # written with extra
        if name == "raw" and self.record is self.generator.root:
            self.add(1, "z(0)")
        elif name == "extra" or (name == "fields" and self.custom):
            self.rest()
        elif name == "eventTime":
            self.add(1, "if write_time(b, g('eventTime')): n -= 1", "else: bad += ('eventTime',)")
        elif name == "eventTimeText":
            return  # written with eventTime
        elif name == "_producer":
            if "schemaURL" in self.record:
                return  # written with _schemaURL
            self.add(1, "v = g('_producer')", "if v == p and v.__class__ is str: z(0); n -= 1")
            self.written(1, "write_producer(b, v)", name)
        elif name in ("_schemaURL", "schemaURL") and not self.custom:
            self.schema_url(name, self.record["schemaURL"])
        elif isinstance(field["type"], list):
            self.nullable(name, field["type"][1])
            if name == "producer" and self.record is self.generator.root:
                self.add(1, "p = v if v.__class__ is str else None")
        else:
            self.required(name, field["type"])

    def schema_url(self, name: str, url: str) -> None:
        before, after = split_url(url)
        depth = 1
        if name == "_schemaURL":  # nearly every facet has the usual producer and URL: one test
            self.add(1, "v = g('_producer'); u = g('_schemaURL')")
            self.add(
                1, f"if v == p and u == {url!r} and v.__class__ is str: b += {bytes(2)!r}; n -= 2"
            )
            self.add(1, "else:", "    if v == p and v.__class__ is str: z(0); n -= 1")
            depth = 2
            self.written(depth, "write_producer(b, v)", "_producer")
        self.add(depth, f"v = g({name!r})", f"if v == {url!r}: z(0); n -= 1")
        self.written(depth, f"write_schema_url(b, v, {before!r}, {after!r})", name)

    def written(self, depth: int, call: str, name: str) -> None:
        self.add(depth, f"elif {call}: n -= 1", f"else: bad += ({name!r},)")

    def rest(self) -> None:
        has_custom = any(field["name"] == "custom" for field in self.record["fields"])
        arguments = f"b, d, KEYS_{self.name}, bad"
        if has_custom:
            self.add(1, f"if n: write_facets_rest({arguments}, p, write_CustomFacet)")
            self.add(1, "else: b += b'\\0\\0'")
        else:
            self.add(1, f"if n: write_rest({arguments})", "else: z(0)")

    def required(self, name: str, avro_type: Any) -> None:
        self.add(1, f"v = g({name!r})", *self.generator.write_value(avro_type), "n -= 1")

    def nullable(self, name: str, avro_type: Any) -> None:
        found = self.generator.resolved(avro_type)
        self.add(1, f"v = g({name!r})", "if v is None: z(0)")
        if found == "string":
            self.add(1, "elif v.__class__ is str:", "    e = v.encode()", "    k = len(e)")
            self.add(
                2, "b += NULLABLE_LENGTHS[k] if k < 256 else nullable_long(k)", "b += e", "n -= 1"
            )
        elif found == "boolean":
            self.add(1, "elif v is True: b += b'\\2\\1'; n -= 1")
            self.add(1, "elif v is False: b += b'\\2\\0'; n -= 1")
        elif found == "json":
            self.add(1, "elif v.__class__ is dict and not v: b += EMPTY_OBJECT; n -= 1")
            self.add(1, "elif v.__class__ is int and 0 <= v < 10: b += b'\\2\\2%d' % v; n -= 1")
            self.add(1, "else: b += b'\\2' + string(dumps(v)); n -= 1")
            return
        elif isinstance(found, str):
            pack = {"double": "pack_nullable_double(2, v)"}.get(found, "nullable_long(v)")
            self.add(1, f"elif {self.generator.fits(avro_type)}: b += {pack}; n -= 1")
        else:
            self.nullable_complex(name, found)
        self.add(1, f"else: z(0); bad += ({name!r},)")

    def nullable_complex(self, name: str, found: Schema) -> None:
        self.add(1, f"elif {self.generator.fits(found)}:")
        if found["type"] == "enum":
            self.add(2, f"b += b'\\2' + TO_{found['name']}[v]", "n -= 1")
        elif self.generator.can_misfit(found):
            self.add(
                2, "m = len(b)", "try:", f"    z(2); write_{self.generator.name(found)}(b, v, p)"
            )
            self.add(3, "n -= 1")
            self.add(2, "except Misfit:", f"    del b[m:]; z(0); bad += ({name!r},)")
        else:
            self.add(2, f"z(2); write_{self.generator.name(found)}(b, v, p)", "n -= 1")


class _RecordReader:
    def __init__(self, generator: _Generator, record: Schema) -> None:
        self.generator, self.record, self.add = generator, record, generator._add
        self.name = record["name"]
        self.custom = record.get("facet") == "custom"

    def write(self) -> None:
        self.add(0, f"def read_{self.name}(s, i, p):", "    d = {}")
        done = f"unpack_{self.record['shape']}(d)" if "shape" in self.record else "d"
        for field, nulls in with_nulls_after(self.record):
            self.field(field)
            if nulls:
                self.add(1, f"if s[i:i + {nulls}] == {bytes(nulls)!r}: return {done}, i + {nulls}")
        self.add(1, f"return {done}, i")

    def field(self, field: Schema) -> None:
        name = field["name"]
        where = f"{self.name}.{name}"
        is_root = self.record is self.generator.root
        if name == "extra" or (name == "fields" and self.custom):
            self.add(1, "if s[i]: i = read_members(s, i, d)", "else: i += 1")
        elif name == "custom":
            self.add(1, "while s[i]:", "    n, i = read_block(s, i)", "    for _ in range(n):")
            self.add(3, "key, i = read_string(s, i)", "d[key], i = read_CustomFacet(s, i, p)")
            self.add(1, "i += 1")
        elif name == "_producer":
            self.optional(where, ["v = p"], [*self.text(), "if not v: v = None"])
            self.add(1, "if v is not None: d['_producer'] = v")
        elif name in ("_schemaURL", "schemaURL") and not self.custom:
            before, after = split_url(self.record["schemaURL"])
            read = [*self.text(), f"v = read_schema_url(v, {before!r}, {after!r})"]
            self.optional(where, [f"v = {self.record['schemaURL']!r}"], read)
            self.add(1, f"if v: d[{name!r}] = v")
        elif name == "eventTime":
            self.optional(where, ["time = None"], self.value("long", "time", where))
        elif name == "eventTimeText":
            self.optional(where, ["v = None"], self.text())
            self.add(1, "v = read_time(time, v)", "if v is not None: d['eventTime'] = v")
        elif name == "raw" and is_root:
            self.optional(where, ["raw = None"], self.value("json", "raw", where))
            self.add(1, "if raw is not None: d = raw")
        elif isinstance(field["type"], list):
            self.optional(where, [], self.value(field["type"][1], f"d[{name!r}]", where))
            if name == "producer" and is_root:
                self.add(1, "p = d.get('producer')")
        else:
            self.add(1, *self.value(field["type"], f"d[{name!r}]", where))

    def value(self, avro_type: Any, target: str, where: str) -> list[str]:
        if avro_type == "json":
            avro_type = {"type": "string", "logicalType": "json"}
        return self.generator.read_value(avro_type, target, where)

    def text(self) -> list[str]:
        return self.value("string", "v", f"{self.name}")

    def optional(self, where: str, absent: list[str], present: list[str]) -> None:
        self.add(1, "t = s[i]", "if not t:")
        self.add(2, "i += 1", *absent)
        self.add(1, "elif t == 2:")
        self.add(2, "i += 1", *present)
        self.add(1, f"else: raise bad_branch({where!r}, s, i)")


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
