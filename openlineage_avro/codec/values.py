"""Lines of generated code that write and read one value, for each Avro type.

generator.py explains the names in the lines.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openlineage_avro.codec.avro_types import Types

Lines = list[str]


class ValueCode(ABC):
    """How values of an Avro type are written and read."""

    # The test whether the JSON value `value` has exactly this type.
    fits: str

    @abstractmethod
    def write(self) -> Lines:
        """Return lines that append a `value` that fits to `out`."""

    @abstractmethod
    def write_nullable(self) -> Lines:
        """Return lines that do the same behind the second branch of [null, TYPE]."""

    @abstractmethod
    def read(self, target: str, where: str) -> Lines:
        """Return lines that assign the value at `at` to `target`; `where` is for messages."""

    def write_or_raise(self) -> Lines:
        """Return lines that append `value` to `out`, or raise Misfit."""
        return [f"if not ({self.fits}): raise Misfit", *self.write()]


def indented(lines: Lines) -> Lines:
    """Return lines one level deeper."""
    return [f"    {line}" for line in lines]


# Nearly all numbers and lengths take one byte or two: no function is called for those.
READ_ZIGZAG = [
    "zigzag = data[at]",
    "at += 1",
    "if zigzag > 127:",
    "    if data[at] < 128: zigzag += data[at] - 1 << 7; at += 1",
    "    else: zigzag, at = varint(data, at - 1)",
]


class String(ValueCode):
    """A string."""

    fits = "value.__class__ is str"
    decoded = "data[at:end].decode()"

    def write(self) -> Lines:
        head = "LENGTHS[size] if size < 256 else long(size)"
        return ["text = value.encode()", "size = len(text)", f"out += {head}", "out += text"]

    def write_nullable(self) -> Lines:
        head = "NULLABLE_LENGTHS[size] if size < 256 else nullable_long(size)"
        return ["text = value.encode()", "size = len(text)", f"out += {head}", "out += text"]

    def read(self, target: str, where: str) -> Lines:
        return [
            *READ_ZIGZAG,
            f"if zigzag & 1: raise bad_length({where!r}, at)",
            "end = at + (zigzag >> 1)",
            f"{target} = {self.decoded}",
            "at = end",
        ]


class Json(String):
    """A string that holds the JSON text of any value but null."""

    fits = "value is not None"
    decoded = f"{{}} if data[at:end] == b'{{}}' else loads({String.decoded})"

    def write(self) -> Lines:
        return ["out += string(dumps(value))"]

    def write_nullable(self) -> Lines:
        return [  # {} and small numbers are frequent, and dumps is slow
            "if value.__class__ is dict and not value: out += EMPTY_OBJECT",
            r"elif value.__class__ is int and 0 <= value < 10: out += b'\2\2%d' % value",
            r"else: out += b'\2' + string(dumps(value))",
        ]


class Integer(ValueCode):
    """An int or a long."""

    def __init__(self, avro_type: str) -> None:
        """Take the name of the type, which is that of its limits too."""
        limit = avro_type.upper()
        self.fits = f"value.__class__ is int and {limit}_MIN <= value <= {limit}_MAX"

    def write(self) -> Lines:
        return ["out += long(value)"]

    def write_nullable(self) -> Lines:
        return ["out += nullable_long(value)"]

    def read(self, target: str, where: str) -> Lines:
        return [*READ_ZIGZAG, f"{target} = (zigzag >> 1) ^ -(zigzag & 1)"]


class Double(ValueCode):
    """A double."""

    fits = "value.__class__ is float"

    def write(self) -> Lines:
        return ["out += pack_double(value)"]

    def write_nullable(self) -> Lines:
        return ["out += pack_nullable_double(2, value)"]

    def read(self, target: str, where: str) -> Lines:
        return [f"{target}, = unpack_double(data, at)", "at += 8"]


class Boolean(ValueCode):
    """A boolean."""

    fits = "value is True or value is False"

    def write(self) -> Lines:
        return [r"out += b'\1' if value else b'\0'"]

    def write_nullable(self) -> Lines:
        return [r"out += b'\2\1' if value else b'\2\0'"]

    def read(self, target: str, where: str) -> Lines:
        return [f"{target} = FROM_BOOLEAN[data[at]]", "at += 1"]


class Enum(ValueCode):
    """An enum, of 64 symbols at most: the number of each takes one byte."""

    def __init__(self, name: str) -> None:
        """Take the name of the enum, which its tables have too."""
        self.name = name
        self.fits = f"value.__class__ is str and value in TO_{name}"

    def write(self) -> Lines:
        return [f"out += TO_{self.name}[value]"]

    def write_nullable(self) -> Lines:
        return [rf"out += b'\2' + TO_{self.name}[value]"]

    def read(self, target: str, where: str) -> Lines:
        return [f"{target} = FROM_{self.name}[data[at]]", "at += 1"]


class Complex(ValueCode):
    """A record, array or map, which has functions of its own."""

    def __init__(self, name: str, avro_type: str) -> None:
        """Take the name that the functions have, and what the type is."""
        self.name = name
        self.fits = f"value.__class__ is {'list' if avro_type == 'array' else 'dict'}"

    def write(self) -> Lines:
        return [f"write_{self.name}(out, value, producer)"]

    def write_nullable(self) -> Lines:
        return ["append(2)", *self.write()]

    def read(self, target: str, where: str) -> Lines:
        return [f"{target}, at = read_{self.name}(data, at, producer)"]


PRIMITIVES: dict[str, ValueCode] = {
    "string": String(),
    "json": Json(),
    "int": Integer("int"),
    "long": Integer("long"),
    "double": Double(),
    "boolean": Boolean(),
}


def code_of(types: Types, avro_type: Any) -> ValueCode:
    """Return the code for a type that is not a union."""
    found = types.resolved(avro_type)
    if isinstance(found, str):
        return PRIMITIVES[found]
    name = types.name(found)
    return Enum(name) if found["type"] == "enum" else Complex(name, found["type"])
