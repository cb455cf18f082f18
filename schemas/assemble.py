"""Assembles the parts of the newest Avro schema into the one file that readers take.

    python schemas/assemble.py          # writes avro/openlineage-event-1.avsc
    python schemas/assemble.py --check  # exits 1 if that file is not what the parts give

The parts are plain Avro, except for what would repeat in every record and is added here:
`"facet": KIND` gives the fields of every facet, `"custom": true` the map of facets without a
record of their own, and every record but CustomFacet ends with the map `extra`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

VERSION = 1
HERE = Path(__file__).parent / "avro"
NAMESPACE = "openlineage_avro"
ROOT = "OpenLineageEvent"
PARTS = ("event", "run", "job", "dataset", "airflow")

JSON_TEXT = {"type": "string", "logicalType": "json"}


def optional(name: str, avro_type: str, doc: str) -> dict[str, Any]:
    return {"name": name, "type": ["null", avro_type], "default": None, "doc": doc}


PRODUCER = optional(
    "_producer", "string", "null = the event's producer; empty = absent; else the producer."
)
SCHEMA_URL = optional(
    "_schemaURL",
    "string",
    "null = the schemaURL of this record; 1-2-3 = the same with that version; empty = absent; "
    "else the full URL.",
)
CUSTOM_SCHEMA_URL = optional("_schemaURL", "string", "null = absent; else the full URL.")
DELETED = optional("_deleted", "boolean", "true = the facet is taken back.")
CUSTOM = {
    "name": "custom",
    "type": {"type": "map", "values": "CustomFacet"},
    "default": {},
    "doc": "Facets without a record of their own, or that do not fit theirs.",
}
EXTRA = {
    "name": "extra",
    "type": {"type": "map", "values": JSON_TEXT},
    "default": {},
    "doc": "Every other member, as JSON text.",
}


def completed(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of the parts with the fields that all records of its kind have."""
    facet = record.get("facet")
    if facet == "custom":
        return {**record, "fields": [PRODUCER, CUSTOM_SCHEMA_URL, *record["fields"]]}
    before = [PRODUCER, SCHEMA_URL] if facet else []
    if facet in ("job", "dataset"):
        before.append(DELETED)
    after = [CUSTOM, EXTRA] if record.get("custom") else [EXTRA]
    return {**record, "fields": [*before, *record["fields"], *after]}


def load_parts() -> dict[str, dict[str, Any]]:
    named: dict[str, dict[str, Any]] = {}
    for part in PARTS:
        for definition in json.loads((HERE / "parts" / f"{part}.json").read_text()):
            if definition["name"] in named:
                raise SystemExit(f"parts/{part}.json: {definition['name']} is defined twice")
            named[definition["name"]] = (
                completed(definition) if definition["type"] == "record" else definition
            )
    return named


def assemble() -> dict[str, Any]:
    """Return the schema with every named type defined where it is first used."""
    pending = load_parts()
    known = set(pending)

    def inline(avro_type: Any) -> Any:
        if isinstance(avro_type, list):
            return [inline(branch) for branch in avro_type]
        if isinstance(avro_type, str):
            return define(pending.pop(avro_type)) if avro_type in pending else avro_type
        return {
            key: inline(value) if key in ("items", "values") else value
            for key, value in avro_type.items()
        }

    def define(named: dict[str, Any]) -> dict[str, Any]:
        if named["type"] == "enum":
            return named
        fields = [{**field, "type": inline(field["type"])} for field in named["fields"]]
        return {**named, "fields": fields}

    root = define(pending.pop(ROOT))
    if pending:
        raise SystemExit(f"parts: never used: {', '.join(pending)} of {len(known)} types")
    return {"type": "record", "name": ROOT, "namespace": NAMESPACE, **root}


def printed(value: Any, indent: str = "") -> str:
    """Return JSON text with one line for each field, and records indented inside their field."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= 170 and '"fields": [' not in flat:
        return flat
    inner = indent + " "
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}: {printed(member, inner)}" for key, member in value.items()]
        return "{" + _wrapped(members, inner) + "}"
    if isinstance(value, list) and value[:1] == ["null"]:
        return f'["null", {printed(value[1], indent)}]'
    if isinstance(value, list):
        items = (f"{inner}{printed(item, inner)}" for item in value)
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    return flat


def _wrapped(members: list[str], indent: str) -> str:
    """Return members side by side as far as a line goes."""
    text = members[0]
    for member in members[1:]:
        last = len(indent) + len(text.rsplit("\n", 1)[-1])
        fits = last + len(member) < 100 or member.startswith('"fields": [')
        text += f", {member}" if fits else f",\n{indent}{member}"
    return text


def main(arguments: list[str]) -> int:
    target = HERE / f"openlineage-event-{VERSION}.avsc"
    text = printed(assemble()) + "\n"
    if arguments != ["--check"]:
        target.write_text(text)
        return 0
    if target.read_text() == text:
        return 0
    print(f"{target}: not what the parts give; run python schemas/assemble.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
