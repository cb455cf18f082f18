"""Every version of the schema reads what every other version wrote."""

from __future__ import annotations

import copy
import io
from typing import Any

import fastavro
import pytest

from openlineage_avro import decode, encode
from openlineage_avro.codec import generator, schemas
from openlineage_avro.codec.framing import split_single_object
from schemas.compatible import incompatibilities, named_types
from tests.support import golden
from tests.support.equality import same

VERSIONS = list(schemas.versions())
Schema = dict[str, Any]


def later(change: Any) -> Schema:
    """Return a copy of the newest schema after a change to its named types."""
    made = copy.deepcopy(schemas.parsed(schemas.newest()))
    change(named_types(made))
    return made


def field(record: Schema, name: str) -> Schema:
    return next(f for f in record["fields"] if f["name"] == name)


def grown(types: dict[str, Schema]) -> None:
    """Add a facet, a field and a symbol, as a next version may."""
    facet = {
        "type": "record",
        "name": "NewRunFacet",
        "facet": "run",
        "schemaURL": "https://openlineage.io/spec/facets/1-0-0/NewRunFacet.json#/$defs/NewRunFacet",
        "doc": "A facet of a later version.",
        "fields": [*types["NominalTimeRunFacet"]["fields"][:2], types["Run"]["fields"][-1]],
    }
    types["RunFacets"]["fields"].insert(
        3, {"name": "new", "type": ["null", facet], "default": None, "doc": "New."}
    )
    types["SQLJobFacet"]["fields"].insert(
        3, {"name": "cost", "type": ["null", "long"], "default": None, "doc": "New."}
    )
    types["EventType"]["symbols"].append("PAUSE")


def test_there_is_a_golden_file_for_every_version() -> None:
    assert sorted(path.stem for path in golden.FOLDER.iterdir()) == sorted(
        f"openlineage-event-{version}" for version in VERSIONS
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_wrote_is_read(version: int) -> None:
    for event, message in golden.read(version):
        assert same(decode(message), event)
        assert split_single_object(message)[0] == schemas.fingerprint_of(version)


def test_the_newest_version_still_writes_the_same_bytes() -> None:
    for event, message in golden.read(schemas.newest()):
        assert encode(event) == message


def test_the_golden_events_have_every_field() -> None:
    """Each field of each record is written by one of the golden events, and not as null."""
    seen: set[str] = set()
    parsed = fastavro.parse_schema(schemas.parsed(schemas.newest()))
    types = named_types(schemas.parsed(schemas.newest()))
    for _event, message in golden.read(schemas.newest()):
        record = fastavro.schemaless_reader(io.BytesIO(message[10:]), parsed, None)
        _see(record, types["OpenLineageEvent"], types, seen)
    wanted = {f"{n}.{f['name']}" for n, t in types.items() for f in t.get("fields", ())}
    assert wanted - seen == {"AirflowTaskLook.extra"}  # made from three known members only


def _see(value: Any, avro_type: Any, types: dict[str, Schema], seen: set[str]) -> None:
    if isinstance(avro_type, list):
        avro_type = avro_type[1]
    if isinstance(avro_type, str):
        avro_type = types.get(avro_type, avro_type)
    if isinstance(avro_type, str):
        return
    if avro_type["type"] == "array":
        for item in value:
            _see(item, avro_type["items"], types, seen)
    elif avro_type["type"] == "map":
        for item in value.values():
            _see(item, avro_type["values"], types, seen)
    elif avro_type["type"] == "record":
        for member in avro_type["fields"]:
            found = value[member["name"]]
            if found not in (None, {}):
                seen.add(f"{avro_type['name']}.{member['name']}")
                _see(found, member["type"], types, seen)


@pytest.mark.parametrize("reader", VERSIONS)
@pytest.mark.parametrize("writer", VERSIONS)
def test_any_avro_reader_of_one_version_reads_another(writer: int, reader: int) -> None:
    written, wanted = (fastavro.parse_schema(schemas.parsed(v)) for v in (writer, reader))
    for event, message in golden.read(writer):
        record: Any = fastavro.schemaless_reader(io.BytesIO(message[10:]), written, wanted)
        if record["raw"] is None and record["run"] is not None:
            assert record["run"]["runId"] == event["run"]["runId"]


def test_a_version_that_grows_is_compatible_both_ways() -> None:
    old, new = schemas.parsed(schemas.newest()), later(grown)
    assert incompatibilities(old, new) == []
    code = generator.generate(new, "later")
    event = {
        "eventType": "PAUSE",
        "job": {"namespace": "n", "name": "j", "facets": {"sql": {"query": "q", "cost": 5}}},
        "run": {"runId": "r", "facets": {"new": {"_producer": "p", "a": 1}}},
    }
    out = bytearray()
    code["write_OpenLineageEvent"](out, event, None)
    assert same(code["read_OpenLineageEvent"](bytes(out), 0, None)[0], event)
    parsed_old, parsed_new = fastavro.parse_schema(old), fastavro.parse_schema(new)
    seen: Any = fastavro.schemaless_reader(io.BytesIO(bytes(out)), parsed_new, parsed_old)
    assert seen["eventType"] == "UNKNOWN"
    assert seen["job"]["facets"]["sql"]["query"] == "q"
    body = encode(event)[10:]
    seen = fastavro.schemaless_reader(io.BytesIO(body), parsed_old, parsed_new)
    assert seen["job"]["facets"]["sql"]["cost"] is None
    assert seen["extra"] == {"eventType": '"PAUSE"'}


def removed(types: dict[str, Schema]) -> None:
    types["Run"]["fields"].pop()


def retyped(types: dict[str, Schema]) -> None:
    field(types["AirflowTask"], "retries")["type"] = ["null", "string"]


def needed(types: dict[str, Schema]) -> None:
    types["Job"]["fields"].append({"name": "new", "type": "string", "doc": "New."})


def symbol_lost(types: dict[str, Schema]) -> None:
    types["TaskState"]["symbols"].remove("skipped")


def url_changed(types: dict[str, Schema]) -> None:
    types["SQLJobFacet"]["schemaURL"] = "https://openlineage.io/spec/facets/2-0-0/SQLJobFacet.json"


def no_enum_default(types: dict[str, Schema]) -> None:
    del types["JobType"]["default"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (removed, "Run.extra: removed"),
        (retyped, 'AirflowTask.retries: type was ["null", "long"], is ["null", "string"]'),
        (needed, "Job.new: added without a default"),
        (symbol_lost, "TaskState: symbols removed: skipped"),
        (url_changed, "SQLJobFacet: schemaURL was "),
        (no_enum_default, "JobType: an enum without a default"),
    ],
)
def test_a_version_that_breaks_others_is_refused(change: Any, reason: str) -> None:
    found = incompatibilities(schemas.parsed(schemas.newest()), later(change))
    assert len(found) == 1
    assert found[0].startswith(reason)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_newest_version_is_compatible_with_every_other(version: int) -> None:
    assert incompatibilities(schemas.parsed(version), schemas.parsed(schemas.newest())) == []
