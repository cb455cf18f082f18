"""Refuses a version of the Avro schema that would part readers and writers of other versions.

    python schemas/compatible.py   # exits 1 and lists what the newest version breaks

Both ways: a newer reader must read older messages, and an older reader newer ones. Besides what
Avro itself demands (Avro 1.12 specification, "Schema Resolution"), what null stands for is frozen.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

# attributes that say how JSON maps to a record
FROZEN = ("schemaURL", "facet", "custom", "shape")


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Return why two schemas cannot read each other's messages; nothing if they can."""
    before, after = named_types(old), named_types(new)
    found = []
    for name, old_type in before.items():
        if name not in after:
            found.append(f"{name}: removed")
        elif old_type["type"] == "enum":
            found += _enum(name, old_type, after[name])
        else:
            found += _record(name, old_type, after[name])
    for name, new_type in after.items():
        if new_type["type"] == "enum" and new_type.get("default") not in new_type["symbols"]:
            found.append(f"{name}: an enum without a default cannot get symbols later")
    return found


def _record(name: str, old: Schema, new: Schema) -> list[str]:
    found = [
        f"{name}: {key} was {old.get(key)!r}, is {new.get(key)!r}"
        for key in FROZEN
        if old.get(key) != new.get(key)
    ]
    before = {field["name"]: field for field in old["fields"]}
    after = {field["name"]: field for field in new.get("fields", ())}
    for key, field in before.items():
        if key not in after:
            found.append(f"{name}.{key}: removed")
        elif _by_name(field["type"]) != _by_name(after[key]["type"]):
            was, now = _by_name(field["type"]), _by_name(after[key]["type"])
            found.append(f"{name}.{key}: type was {json.dumps(was)}, is {json.dumps(now)}")
    for key, field in after.items():
        if key not in before and "default" not in field:
            found.append(f"{name}.{key}: added without a default")
    return found


def _enum(name: str, old: Schema, new: Schema) -> list[str]:
    lost = [symbol for symbol in old["symbols"] if symbol not in new.get("symbols", ())]
    return [f"{name}: symbols removed: {', '.join(lost)}"] if lost else []


def _by_name(avro_type: Any) -> Any:
    """Return a type with the names of types in place of their definitions."""
    if isinstance(avro_type, list):
        return [_by_name(branch) for branch in avro_type]
    if isinstance(avro_type, dict):
        if "name" in avro_type:
            return avro_type["name"]
        return {key: _by_name(value) for key, value in avro_type.items()}
    return avro_type


def named_types(schema: Any) -> dict[str, Schema]:
    """Return the records and enums that a schema defines, by name."""
    found: dict[str, Schema] = {}
    if isinstance(schema, list):
        for branch in schema:
            found |= named_types(branch)
    elif isinstance(schema, dict):
        if "name" in schema:
            found[schema["name"]] = schema
        for key in ("items", "values"):
            found |= named_types(schema.get(key))
        for field in schema.get("fields", ()):
            found |= named_types(field["type"])
    return found


def main() -> int:
    """Compare the newest version with every older one."""
    folder = Path(__file__).parent / "avro"
    files = sorted(folder.glob("*.avsc"), key=lambda path: int(re.findall(r"\d+", path.name)[-1]))
    newest = json.loads(files[-1].read_text())
    status = 0
    for path in files:
        for reason in incompatibilities(json.loads(path.read_text()), newest):
            print(f"{files[-1].name} against {path.name}: {reason}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main())
