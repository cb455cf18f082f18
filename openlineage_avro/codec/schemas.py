"""Finds the Avro schemas that are shipped, by their fingerprint or version.

Every version that ever wrote a message stays in `schemas/avro/`; messages name theirs by its
CRC-64-AVRO fingerprint (Avro 1.12 specification, "Schema Fingerprints").
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from openlineage_avro.errors import UnknownSchema

# Of every version that is shipped, so that encoding and decoding need not import fastavro.
FINGERPRINTS = {1: bytes.fromhex("9bb2d5be20aa7e13")}
# What a registry calls the types of its schemas.
AVRO, JSON = "AVRO", "JSON"

# What to do about a schema that is not shipped.
_NEWER = "upgrade this program if a newer version of openlineage-avro wrote it"
_ELSEWHERE = "what is not OpenLineage's a topic of its own"

_PACKAGE = Path(__file__).parent.parent
_FILE = re.compile(r"openlineage-event-([0-9]+)\.avsc")


@dataclass(frozen=True)
class WriterSchema:
    """A schema as a registry has it."""

    text: str
    type: str = AVRO  # or JSON, PROTOBUF


def folder() -> Path:
    """Return the folder of the schemas: in an installed wheel, else in the repository."""
    packaged = _PACKAGE / "schemas"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "schemas"


@lru_cache(maxsize=1)
def versions() -> dict[int, str]:
    """Return the text of every shipped Avro schema by its version, oldest first."""
    found = {}
    for path in (folder() / "avro").iterdir():
        match = _FILE.fullmatch(path.name)
        if match:
            found[int(match[1])] = path.read_text(encoding="utf-8")
    if not found:
        raise FileNotFoundError(f"{folder() / 'avro'}: expected openlineage-event-1.avsc and later")
    return dict(sorted(found.items()))


def newest() -> int:
    """Return the version that new messages are written with."""
    return max(versions())


@cache
def parsed(version: int) -> dict[str, Any]:
    """Return a shipped schema as the value of its JSON."""
    schema: dict[str, Any] = json.loads(versions()[version])
    return schema


@lru_cache(maxsize=64)
def fingerprint(schema_text: str) -> bytes:
    """Return the CRC-64-AVRO fingerprint of a schema, 8 bytes, least significant first.

    Raises UnknownSchema for a text that is no Avro schema.
    """
    import fastavro.schema

    try:
        canonical = fastavro.schema.to_parsing_canonical_form(json.loads(schema_text))
    except Exception as exc:  # fastavro does not say which; KeyError and TypeError are among them
        raise UnknownSchema(f"expected an Avro schema, got {schema_text!r:.80}: {exc!r}") from exc
    return bytes.fromhex(fastavro.schema.fingerprint(canonical, "CRC-64-AVRO"))


def fingerprint_of(version: int) -> bytes:
    """Return the fingerprint of a shipped schema."""
    return FINGERPRINTS[version]


def version_of(wanted: bytes) -> int:
    """Return the version with a fingerprint, or raise UnknownSchema that lists those shipped."""
    version = _shipped().get(wanted)
    if version is None:
        raise _unknown(f"fingerprint {wanted.hex()}", f"{_NEWER}, or give {_ELSEWHERE}")
    return version


def version_of_writer(schema: WriterSchema) -> int:
    """Return the version that a registry's schema is; raise UnknownSchema that says what it is."""
    if schema.type != AVRO:
        raise _unknown(f"a schema of type {schema.type}", f"give {_ELSEWHERE}")
    wanted = fingerprint(schema.text)
    version = _shipped().get(wanted)
    if version is None:
        name = _full_name(json.loads(schema.text))
        is_ours = name == _full_name(parsed(newest()))
        advice = _NEWER if is_ours else f"give {_ELSEWHERE}"
        raise _unknown(f"the Avro schema {name}, fingerprint {wanted.hex()}", advice)
    return version


def _shipped() -> dict[bytes, int]:
    return {fingerprint_of(version): version for version in versions()}


def _unknown(came: str, advice: str) -> UnknownSchema:
    shipped = ", ".join(f"{version} ({each.hex()})" for each, version in _shipped().items())
    return UnknownSchema(f"expected a schema of version {shipped}, got {came}: {advice}")


def _full_name(schema: Any) -> str:
    """Return the name of a schema that is named, with its namespace; else its type."""
    if not isinstance(schema, dict):
        return "of a union" if isinstance(schema, list) else str(schema)
    name, namespace = str(schema.get("name", schema.get("type"))), schema.get("namespace")
    return f"{namespace}.{name}" if namespace and "." not in name else name
