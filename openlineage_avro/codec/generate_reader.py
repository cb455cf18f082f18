"""Writes the source of functions that turn Avro bytes into JSON values.

In it: s are the bytes, i the position in them, d the JSON value that is made, p the event's
producer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage_avro.codec.avro_types import item_type, split_url, with_nulls_after

if TYPE_CHECKING:
    from openlineage_avro.codec.avro_types import Schema, Types

INDENT = "    "


def reader_source(types: Types, name: str) -> str:
    """Returns the source of read_NAME(s, i, p), which returns the value and the end of it."""
    reader = _Reader(types, types.complex[name])
    if reader.record["type"] == "record":
        reader.write()
    else:
        reader.read_items(name)
    return "\n".join(reader.lines) + "\n"


class _Reader:
    def __init__(self, types: Types, record: Schema) -> None:
        self.types, self.record = types, record
        self.name = record.get("name", "")
        self.custom = record.get("facet") == "custom"
        self.lines: list[str] = []

    def add(self, depth: int, *lines: str) -> None:
        self.lines.extend(INDENT * depth + line for line in lines)

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
        is_root = self.record is self.types.root
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
        return self.read_value(avro_type, target, where)

    def text(self) -> list[str]:
        return self.value("string", "v", f"{self.name}")

    def optional(self, where: str, absent: list[str], present: list[str]) -> None:
        self.add(1, "t = s[i]", "if not t:")
        self.add(2, "i += 1", *absent)
        self.add(1, "elif t == 2:")
        self.add(2, "i += 1", *present)
        self.add(1, f"else: raise bad_branch({where!r}, s, i)")

    def read_items(self, name: str) -> None:
        is_map = self.record["type"] == "map"
        self.add(0, f"def read_{name}(s, i, p):", f"    d = {'{}' if is_map else '[]'}")
        self.add(1, "while s[i]:", "    n, i = read_block(s, i)", "    for _ in range(n):")
        if is_map:
            self.add(3, "key, i = read_string(s, i)")
        self.add(3, *self.read_value(item_type(self.record), "v", f"item of {name}"))
        self.add(3, "d[key] = v" if is_map else "d.append(v)")
        self.add(1, "return d, i + 1")

    def read_value(self, avro_type: Any, target: str, where: str) -> list[str]:
        """Returns lines that read a value at s[i] into the target."""
        found = self.types.resolved(avro_type)
        if not isinstance(found, str):
            if found["type"] == "enum":
                return [f"{target} = FROM_{found['name']}[s[i]]", "i += 1"]
            return [f"{target}, i = read_{self.types.name(found)}(s, i, p)"]
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
