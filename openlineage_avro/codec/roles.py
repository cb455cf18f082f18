"""What the fields of a record are for, and lines of generated code that write and read each.

`role_of` alone decides what a field is for. generator.py explains the names in the lines. Where
two fields hold one thing together, the first of them writes both.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from openlineage_avro.codec.values import Complex, code_of, indented

if TYPE_CHECKING:
    from openlineage_avro.codec.avro_types import Schema, Types
    from openlineage_avro.codec.values import Lines


class Role(ABC):
    """What a field of a record is for."""

    # Whether the JSON object has a member of this name that goes to the field.
    is_member: ClassVar[bool] = True
    # Whether a zero byte (null, or an empty map) says that the object has nothing for the field.
    zero_is_absent: ClassVar[bool] = True

    def __init__(self, types: Types, record: Schema, field: Schema) -> None:
        """Take the types of the schema, a record and one of its fields."""
        self.record = record
        self.name: str = field["name"]
        self.where = f"{record['name']}.{self.name}"
        self.code = code_of(types, field["type"][1] if is_nullable(field) else field["type"])

    @abstractmethod
    def write(self) -> Lines:
        """Return lines that append the field to `out`."""

    @abstractmethod
    def read(self) -> Lines:
        """Return lines that read the field at `at` into `made`."""

    def read_nullable(self, null: Lines, other: Lines) -> Lines:
        """Return lines that read the branch of a [null, TYPE], and then one or the other."""
        return [
            "branch = data[at]",
            "if not branch:",
            *indented(["at += 1", *null]),
            "elif branch == 2:",
            *indented(["at += 1", *other]),
            f"else: raise bad_branch({self.where!r}, data, at)",
        ]


def is_nullable(field: Schema) -> bool:
    """Tell whether a field's type is a union: [null, TYPE] is the only one in the schema."""
    return isinstance(field["type"], list)


class RequiredMember(Role):
    """A member without which an object does not fit its record."""

    zero_is_absent = False

    def write(self) -> Lines:
        return [f"value = get({self.name!r})", *self.code.write_or_raise(), "left -= 1"]

    def read(self) -> Lines:
        return self.code.read(f"made[{self.name!r}]", self.where)


class NullableMember(Role):
    """A member that may be absent; one that does not fit its type goes to the rest."""

    def write(self) -> Lines:
        misfit = f"append(0); misfits += ({self.name!r},)"
        fitting = [*self.code.write_nullable(), "left -= 1"]
        if isinstance(self.code, Complex):  # a part of it may be written before one does not fit
            undo = f"except Misfit: del out[start:]; {misfit}"
            fitting = ["start = len(out)", "try:", *indented(fitting), undo]
        return [
            f"value = get({self.name!r})",
            "if value is None: append(0)",
            f"elif not ({self.code.fits}): {misfit}",
            "else:",
            *indented(fitting),
        ]

    def read(self) -> Lines:
        return self.read_nullable([], self.code.read(f"made[{self.name!r}]", self.where))


class EventProducer(NullableMember):
    """The event's `producer`, which its facets need not repeat."""

    def write(self) -> Lines:
        return [*super().write(), "producer = value if value.__class__ is str else None"]

    def read(self) -> Lines:
        return [*super().read(), "producer = made.get('producer')"]


class EventTime(Role):
    """The event's time in microseconds; eventTimeText says how it was written."""

    zero_is_absent = False

    def write(self) -> Lines:
        return ["if write_time(out, get('eventTime')): left -= 1", *_else_misfit("eventTime")]

    def read(self) -> Lines:
        return self.read_nullable(["time = None"], self.code.read("time", self.where))


class EventTimeText(Role):
    """How the event's time was written: null if as usual."""

    is_member = False
    zero_is_absent = False

    def write(self) -> Lines:
        return []  # EventTime writes both

    def read(self) -> Lines:
        return [
            *self.read_nullable(["value = None"], self.code.read("value", self.where)),
            "value = read_time(time, value)",
            "if value is not None: made['eventTime'] = value",
        ]


class SchemaUrl(Role):
    """A schema's URL: null if the record names it, its version if only that differs, else whole."""

    zero_is_absent = False

    def write(self) -> Lines:
        return _write_schema_url(self.name, self.record["schemaURL"])

    def read(self) -> Lines:
        usual = self.record["schemaURL"]
        before, after = _around_version(usual)
        whole = f"value = read_schema_url(value, {before!r}, {after!r})"
        other = [*self.code.read("value", self.where), whole]
        return [
            *self.read_nullable([f"value = {usual!r}"], other),
            f"if value: made[{self.name!r}] = value",
        ]


class CustomFacetProducer(Role):
    """A facet's `_producer`: null if it is the event's, empty if absent."""

    zero_is_absent = False

    def write(self) -> Lines:
        return [
            "value = get('_producer')",
            "if value == producer and value.__class__ is str: append(0); left -= 1",
            "elif write_producer(out, value): left -= 1",
            *_else_misfit("_producer"),
        ]

    def read(self) -> Lines:
        other = [*self.code.read("value", self.where), "if not value: value = None"]
        return [
            *self.read_nullable(["value = producer"], other),
            "if value is not None: made['_producer'] = value",
        ]


class FacetProducer(CustomFacetProducer):
    """The `_producer` of a facet that has a usual `_schemaURL` too."""

    def write(self) -> Lines:
        usual = self.record["schemaURL"]
        # One test for both, as nearly every facet has the usual two.
        both = f"value == producer and url == {usual!r} and value.__class__ is str"
        return [
            "value = get('_producer'); url = get('_schemaURL')",
            rf"if {both}: out += b'\0\0'; left -= 2",
            "else:",
            *indented([*super().write(), *_write_schema_url("_schemaURL", usual)]),
        ]


class FacetSchemaUrl(SchemaUrl):
    """The `_schemaURL` of a facet that has a record of its own."""

    def write(self) -> Lines:
        return []  # FacetProducer writes both


class Rest(Role):
    """The members that no other field took, as JSON text."""

    is_member = False

    def write(self) -> Lines:
        keys = f"KEYS_{self.record['name']}"
        return [f"if left: write_rest(out, given, {keys}, misfits)", "else: append(0)"]

    def read(self) -> Lines:
        return ["if data[at]: at = read_members(data, at, made)", "else: at += 1"]


class CustomFacets(Role):
    """The facets that no other field took, if they are objects."""

    is_member = False

    def write(self) -> Lines:
        arguments = f"out, given, KEYS_{self.record['name']}, misfits, producer, write_CustomFacet"
        return [f"if left: write_facets_rest({arguments})", r"else: out += b'\0\0'"]

    def read(self) -> Lines:
        return [
            "while data[at]:",
            "    count, at = read_block(data, at)",
            "    for _ in range(count):",
            "        key, at = read_string(data, at)",
            "        made[key], at = read_CustomFacet(data, at, producer)",
            "at += 1",
        ]


class FacetsRest(Rest):
    """The facets that are not even objects, as JSON text."""

    def write(self) -> Lines:
        return []  # CustomFacets writes both


class RawEvent(Role):
    """The whole event as JSON text; codec.py writes it if the other fields cannot hold it."""

    is_member = False

    def write(self) -> Lines:
        return ["append(0)"]

    def read(self) -> Lines:
        return [
            *self.read_nullable(["raw = None"], self.code.read("raw", self.where)),
            "if raw is not None: made = raw",
        ]


def _else_misfit(name: str) -> Lines:
    return [f"else: misfits += ({name!r},)"]


def _write_schema_url(name: str, usual: str) -> Lines:
    before, after = _around_version(usual)
    return [
        f"value = get({name!r})",
        f"if value == {usual!r}: append(0); left -= 1",
        f"elif write_schema_url(out, value, {before!r}, {after!r}): left -= 1",
        *_else_misfit(name),
    ]


def _around_version(url: str) -> tuple[str, str]:
    """Return what stands before and after the version in the URL of a schema."""
    before, after = re.split(r"[0-9]+-[0-9]+-[0-9]+", url, maxsplit=1)
    return before, after


# The fields with a role of their own, by the record that they are in; all others are members.
OF_EVENT: dict[str, type[Role]] = {
    "eventTime": EventTime,
    "eventTimeText": EventTimeText,
    "producer": EventProducer,
    "schemaURL": SchemaUrl,
    "raw": RawEvent,
    "extra": Rest,
}
OF_FACETS: dict[str, type[Role]] = {"custom": CustomFacets, "extra": FacetsRest}
OF_FACET: dict[str, type[Role]] = {
    "_producer": FacetProducer,
    "_schemaURL": FacetSchemaUrl,
    "extra": Rest,
}
OF_CUSTOM_FACET: dict[str, type[Role]] = {"_producer": CustomFacetProducer, "fields": Rest}
OF_OTHERS: dict[str, type[Role]] = {"extra": Rest}


def role_of(types: Types, record: Schema, field: Schema) -> type[Role]:
    """Return what a field of a record is for."""
    if record is types.root:
        special = OF_EVENT
    elif "facet" in record:
        special = OF_CUSTOM_FACET if record["facet"] == "custom" else OF_FACET
    else:
        special = OF_FACETS if record.get("custom") else OF_OTHERS
    member = NullableMember if is_nullable(field) else RequiredMember
    return special.get(field["name"], member)
