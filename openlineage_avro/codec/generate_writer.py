"""Writes the source of functions that turn JSON values into Avro bytes.

In it: b is the bytearray that is written, d the JSON value, p the event's producer, n the number
of its members that are not written yet, bad the names of those that do not fit their field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage_avro.codec.avro_types import item_type, split_url, with_nulls_after

if TYPE_CHECKING:
    from openlineage_avro.codec.avro_types import Schema, Types

INDENT = "    "


def writer_source(types: Types, name: str) -> str:
    """Returns the source of write_NAME(b, d, p), which raises Misfit."""
    writer = _Writer(types, types.complex[name])
    if writer.record["type"] == "record":
        writer.write()
    else:
        writer.write_items(name)
    return "\n".join(writer.lines) + "\n"


class _Writer:
    def __init__(self, types: Types, record: Schema) -> None:
        self.types, self.record = types, record
        self.name = record.get("name", "")
        self.custom = record.get("facet") == "custom"
        self.lines: list[str] = []

    def add(self, depth: int, *lines: str) -> None:
        self.lines.extend(INDENT * depth + line for line in lines)

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
        if name == "raw" and self.record is self.types.root:
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
            if name == "producer" and self.record is self.types.root:
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
        self.add(1, f"v = g({name!r})", *self.write_value(avro_type), "n -= 1")

    def nullable(self, name: str, avro_type: Any) -> None:
        found = self.types.resolved(avro_type)
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
            self.add(1, f"elif {self.fits(avro_type)}: b += {pack}; n -= 1")
        else:
            self.nullable_complex(name, found)
        self.add(1, f"else: z(0); bad += ({name!r},)")

    def nullable_complex(self, name: str, found: Schema) -> None:
        self.add(1, f"elif {self.fits(found)}:")
        if found["type"] == "enum":
            self.add(2, f"b += b'\\2' + TO_{found['name']}[v]", "n -= 1")
        elif self.types.can_misfit(found):
            self.add(2, "m = len(b)", "try:", f"    z(2); write_{self.types.name(found)}(b, v, p)")
            self.add(3, "n -= 1")
            self.add(2, "except Misfit:", f"    del b[m:]; z(0); bad += ({name!r},)")
        else:
            self.add(2, f"z(2); write_{self.types.name(found)}(b, v, p)", "n -= 1")

    def write_items(self, name: str) -> None:
        self.add(0, f"def write_{name}(b, d, p):", "    if d:")
        self.add(2, "k = len(d)", "b += LENGTHS[k] if k < 256 else long(k)")
        if self.record["type"] == "map":
            self.add(2, "for key, v in d.items():")
            self.add(3, "if key.__class__ is not str: raise Misfit", "b += string(key)")
        else:
            self.add(2, "for v in d:")
        self.add(3, *self.write_value(item_type(self.record)))
        self.add(1, "b.append(0)")

    def fits(self, avro_type: Any) -> str:
        """Returns the test whether the JSON value v has the type."""
        found = self.types.resolved(avro_type)
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
        found = self.types.resolved(avro_type)
        check = [f"if not ({self.fits(avro_type)}): raise Misfit"]
        if not isinstance(found, str):
            if found["type"] == "enum":
                return [*check, f"b += TO_{found['name']}[v]"]
            return [*check, f"write_{self.types.name(found)}(b, v, p)"]
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
