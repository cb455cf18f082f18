"""The schema is one that any Avro reader takes, says what it means, and is what its parts give."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
from openlineage.client import facet_v2
from openlineage.client.serde import Serde
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from openlineage_avro.codec import schemas
from openlineage_avro.event.marker import MARKER
from openlineage_avro.event.pipeline_run_id import SCHEMA_URL
from openlineage_avro.record.truncation import truncated
from schemas.compatible import named_types
from tests.support.corpus import REPOSITORY
from tests.support.objects import facet_classes

NEWEST = schemas.parsed(schemas.newest())
TYPES = named_types(NEWEST)
OURS = "OpenlineageAvroPipelineRunRunFacet"
OUR_SCHEMAS = REPOSITORY / "schemas" / "json" / "1-0-0"
OUR_SCHEMA = OUR_SCHEMAS / f"{OURS}.json"


def unions(avro_type: Any) -> list[Any]:
    if isinstance(avro_type, list):
        return [avro_type, *(u for branch in avro_type for u in unions(branch))]
    if isinstance(avro_type, dict):
        inner = [avro_type.get("items"), avro_type.get("values")]
        inner += [field["type"] for field in avro_type.get("fields", ())]
        return [union for part in inner for union in unions(part)]
    return []


def test_the_file_is_what_its_parts_give() -> None:
    command = [sys.executable, "schemas/assemble.py", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_unions_are_null_or_one_type() -> None:
    assert all(len(union) == 2 and union[0] == "null" for union in unions(NEWEST))


def test_there_is_no_recursion() -> None:
    def visit(avro_type: Any, around: tuple[str, ...]) -> None:
        if isinstance(avro_type, str):
            avro_type = TYPES.get(avro_type)
        if isinstance(avro_type, list):
            for branch in avro_type:
                visit(branch, around)
        elif isinstance(avro_type, dict):
            name = avro_type.get("name", "")
            assert name not in around
            for inner in (avro_type.get("items"), avro_type.get("values")):
                visit(inner, (*around, name) if name else around)
            for field in avro_type.get("fields", ()):
                visit(field["type"], (*around, name))

    visit(NEWEST, ())


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_and_field_is_documented(name: str) -> None:
    found = TYPES[name]
    assert found["doc"].endswith(".")
    for field in found.get("fields", ()):
        assert field["doc"].endswith("."), field["name"]


def test_enums_have_a_default_that_no_event_uses() -> None:
    enums = [found for found in TYPES.values() if found["type"] == "enum"]
    assert len(enums) > 10
    assert all(found["default"] == found["symbols"][0] == "UNKNOWN" for found in enums)


def test_the_number_of_an_enums_symbol_takes_one_byte() -> None:
    """What the generator relies on."""
    assert all(len(found.get("symbols", ())) <= 64 for found in TYPES.values())


@pytest.mark.parametrize("name", sorted(TYPES))
def test_fields_that_may_be_absent_have_a_default(name: str) -> None:
    for field in TYPES[name].get("fields", ()):
        is_rest = field["name"] in ("custom", "extra") or name == "CustomFacet"
        assert ("default" in field) == (isinstance(field["type"], list) or is_rest)


def test_every_facet_class_of_the_client_has_a_record_with_its_fields() -> None:
    by_url = {found["schemaURL"]: found for found in TYPES.values() if "schemaURL" in found}
    for url, cls in facet_classes().items():
        if "/facets/" in url:
            fields = {field["name"] for field in by_url[url]["fields"]}
            members = {a.name for a in cls.__attrs_attrs__}  # type: ignore[attr-defined]
            assert members - fields <= {"_deleted"}, url


def validator_of(facet: str) -> Any:
    """Return a validator for one of our facets, over OpenLineage's base for facets."""
    document = json.loads((OUR_SCHEMAS / f"{facet}.json").read_text())
    base_facet = {
        "type": "object",
        "properties": {"_producer": {"type": "string"}, "_schemaURL": {"type": "string"}},
        "required": ["_producer", "_schemaURL"],
    }
    base = {
        "$id": "https://openlineage.io/spec/2-0-2/OpenLineage.json",
        "$defs": {"RunFacet": base_facet, "JobFacet": base_facet},
    }
    resources: Any = [
        (base["$id"], Resource.from_contents(base, DRAFT202012)),
        (document["$id"], Resource.from_contents(document)),
    ]
    return jsonschema.Draft202012Validator(
        {"$ref": f"{document['$id']}#/$defs/{facet}"}, registry=Registry().with_resources(resources)
    )


def test_our_facet_conforms_to_openlineage() -> None:
    validator = validator_of(OURS)
    facet = facet_v2.RunFacet().with_additional_properties(pipelineRunId="p-1", source="xcom")
    valid = Serde.to_dict(facet)
    validator.validate(valid)
    for member in ("pipelineRunId", "source", "_producer", "_schemaURL"):
        assert not validator.is_valid({k: v for k, v in valid.items() if k != member})
    assert not validator.is_valid({**valid, "source": "a guess"})


def test_what_is_cut_is_told_in_a_facet_that_conforms_to_openlineage() -> None:
    datasets = [{"namespace": "n", "name": str(i)} for i in range(1000)]
    event = {"producer": "p", "job": {"namespace": "n", "name": "j"}, "inputs": datasets}
    told = truncated(event, 2_000)["job"]["facets"][MARKER]
    validator = validator_of("OpenlineageAvroCutJobFacet")
    validator.validate(told)
    assert told["inputs"].keys() == {"kept", "count", "bytes"}
    assert not validator.is_valid({**told, "inputs": {"kept": 1}})
    assert told["_schemaURL"] == validator.schema["$ref"]


def test_our_facet_has_the_same_address_and_fields_in_both_schemas() -> None:
    document = json.loads(OUR_SCHEMA.read_text())
    record = TYPES[OURS]
    assert record["schemaURL"] == f"{document['$id']}#/$defs/{OURS}" == SCHEMA_URL
    members = document["$defs"][OURS]["allOf"][1]["properties"]
    typed = {f["name"] for f in record["fields"]} - {"_producer", "_schemaURL", "extra"}
    assert typed == set(members)
    # Version 1 does not know "template": it is kept as text, as every symbol that is not known.
    assert set(TYPES["PipelineRunIdSource"]["symbols"][1:]) == {*members["source"]["enum"]} - {
        "template"
    }
    version = OUR_SCHEMA.parent.name
    assert re.fullmatch(r"\d+-\d+-\d+", version)
    assert f"/{version}/" in document["$id"]


def test_the_fingerprints_in_the_documentation_are_right() -> None:
    text = (REPOSITORY / "schemas" / "README.md").read_text()
    for version in schemas.versions():
        assert schemas.fingerprint_of(version).hex().upper() in text
