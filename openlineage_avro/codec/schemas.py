"""Finds the Avro schemas that are shipped, by their fingerprint or version.

Every version that ever wrote a message stays in `schemas/avro/`; messages name theirs by its
CRC-64-AVRO fingerprint (Avro 1.12 specification, "Schema Fingerprints").
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from openlineage_avro.errors import UnknownSchema

# Of every version that is shipped: to compute one takes a new process 10 ms.
FINGERPRINTS = {1: bytes.fromhex("9bb2d5be20aa7e13")}

_PACKAGE = Path(__file__).parent.parent
_FILE = re.compile(r"openlineage-event-([0-9]+)\.avsc")


def folder() -> Path:
    """Returns the folder of the schemas: in an installed wheel, else in the repository."""
    packaged = _PACKAGE / "schemas"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "schemas"


@lru_cache(maxsize=1)
def versions() -> dict[int, str]:
    """Returns the text of every shipped Avro schema by its version, oldest first."""
    found = {}
    for path in (folder() / "avro").iterdir():
        match = _FILE.fullmatch(path.name)
        if match:
            found[int(match[1])] = path.read_text(encoding="utf-8")
    if not found:
        raise FileNotFoundError(f"{folder() / 'avro'}: expected openlineage-event-1.avsc and later")
    return dict(sorted(found.items()))


def newest() -> int:
    """Returns the version that new messages are written with."""
    return max(versions())


@cache
def parsed(version: int) -> dict[str, Any]:
    """Returns a shipped schema as the value of its JSON."""
    schema: dict[str, Any] = json.loads(versions()[version])
    return schema


@lru_cache(maxsize=64)
def fingerprint(schema_text: str) -> bytes:
    """Returns the CRC-64-AVRO fingerprint of a schema, 8 bytes, least significant first."""
    canonical = json.dumps(_canonical(json.loads(schema_text), ""), separators=(",", ":"))
    return _crc64(canonical.encode())


def fingerprint_of(version: int) -> bytes:
    """Returns the fingerprint of a shipped schema."""
    return FINGERPRINTS[version]


def version_of(wanted: bytes) -> int:
    """Returns the version with a fingerprint, or raises UnknownSchema that lists those shipped."""
    for version in versions():
        if fingerprint_of(version) == wanted:
            return version
    shipped = ", ".join(f"{v} ({fingerprint_of(v).hex()})" for v in versions())
    raise UnknownSchema(f"expected a schema of version {shipped}, got fingerprint {wanted.hex()}")


_ORDER = ("name", "type", "fields", "symbols", "items", "values", "size")


def _canonical(schema: Any, namespace: str) -> Any:
    """Returns the Parsing Canonical Form: only what decides how bytes are read, in fixed order."""
    if isinstance(schema, list):
        return [_canonical(branch, namespace) for branch in schema]
    if isinstance(schema, str):
        return _full_name(schema, namespace)
    if set(schema) & set(_ORDER) == {"type"}:
        return _canonical(schema["type"], namespace)
    kept: dict[str, Any] = {}
    namespace = schema.get("namespace", namespace)
    for key in _ORDER:
        if key == "name" and key in schema:
            kept[key] = _full_name(schema[key], namespace)
        elif key == "fields" and key in schema:
            kept[key] = [
                {"name": f["name"], "type": _canonical(f["type"], namespace)} for f in schema[key]
            ]
        elif key in ("items", "values") and key in schema:
            kept[key] = _canonical(schema[key], namespace)
        elif key in schema:
            kept[key] = schema[key]
    return kept


_PRIMITIVES = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}


def _full_name(name: str, namespace: str) -> str:
    if name in _PRIMITIVES or "." in name or not namespace:
        return name
    return f"{namespace}.{name}"


_EMPTY = 0xC15D213AA4D7A795


def _crc64(data: bytes) -> bytes:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_EMPTY if value & 1 else 0)
        table.append(value)
    crc = _EMPTY
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc.to_bytes(8, "little")
