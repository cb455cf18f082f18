"""Java's Avro, given the .avsc, reads the values that we wrote, and computes our fingerprint."""

from __future__ import annotations

import io
import json
import subprocess
from typing import TYPE_CHECKING, Any

import fastavro
import pytest

from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import encode_body
from services.java import java
from services.maven import Jar, fetch
from services.state import DOWNLOADS
from tests.support import corpus, golden
from tests.support.equality import same

if TYPE_CHECKING:
    from pathlib import Path

AVRO_TOOLS = Jar(
    "org.apache.avro",
    "avro-tools",
    "1.12.2",
    "6220e8bc089aaf917cdad4cd358bd651fc0394c0e5ddb8b36da402012c294a68",
)


def avro_tools(*arguments: str) -> list[str]:
    """Return the lines that a command of avro-tools prints."""
    fetch([AVRO_TOOLS], DOWNLOADS / "jars")
    command = [str(java()), "-jar", str(DOWNLOADS / "jars" / AVRO_TOOLS.file), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().splitlines()


def schema_file(version: int) -> str:
    return str(schemas.folder() / "avro" / f"openlineage-event-{version}.avsc")


def read_by_java(bodies: list[bytes], version: int, folder: Path) -> list[str]:
    """Return the Avro JSON encoding of each body, as `avro-tools fragtojson` prints it."""
    messages = folder / "bodies"
    messages.write_bytes(b"".join(bodies))
    return avro_tools(
        "fragtojson", "--no-pretty", "--schema-file", schema_file(version), str(messages)
    )


@pytest.mark.slow
@pytest.mark.parametrize("version", schemas.versions())
def test_java_computes_the_same_fingerprint(version: int) -> None:
    (line,) = avro_tools("fingerprint", "--fingerprint", "CRC-64-AVRO", schema_file(version))
    assert line.split()[0] == schemas.fingerprint_of(version).hex()


@pytest.mark.slow
@pytest.mark.parametrize("version", schemas.versions())
def test_java_reads_the_same_values(version: int, tmp_path: Path) -> None:
    bodies = [message[10:] for _event, message in golden.read(version)]
    bodies += [encode_body(event) for event in corpus.all_events()[::10]]
    lines = read_by_java(bodies, version, tmp_path)
    assert len(lines) == len(bodies)
    parsed = fastavro.parse_schema(schemas.parsed(version))
    for line, body in zip(lines, bodies, strict=True):
        record: Any = next(iter(fastavro.json_reader(io.StringIO(line), parsed)))
        assert same(record, fastavro.schemaless_reader(io.BytesIO(body), parsed, None)), line[:500]


@pytest.mark.slow
def test_a_stranger_finds_the_values_by_name(tmp_path: Path) -> None:
    facets = {"tags": {"tags": [{"key": "k", "value": "v", "source": "AIRFLOW"}]}}
    job = {"namespace": "n", "name": "j", "facets": facets}
    event = {"eventType": "FAIL", "run": {"runId": "r"}, "job": job, "outputs": []}
    (line,) = read_by_java([encode_body(event)], schemas.newest(), tmp_path)
    seen = json.loads(line)
    assert seen["eventType"] == {"openlineage_avro.EventType": "FAIL"}
    assert seen["run"]["openlineage_avro.Run"]["runId"] == "r"
    assert seen["outputs"] == {"array": []}
    found = seen["job"]["openlineage_avro.Job"]["facets"]["openlineage_avro.JobFacets"]
    (tag,) = found["tags"]["openlineage_avro.TagsJobFacet"]["tags"]["array"]
    assert tag["value"] == "v"
    assert tag["source"] == {"openlineage_avro.TagSource": "AIRFLOW"}
