"""Nothing heavy is imported before the first event, and no Avro library for it either."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "kafka",
    "fastavro",
    "airflow",
    "psycopg",
    "zstandard",
    "openlineage",
    "attr",
    "hypothesis",
)


# OpenLineage's base classes, which whoever uses a transport has imported anyway.
CLIENT = {"openlineage", "attr", "zstandard"}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import openlineage_avro", set()),
        ("from openlineage_avro import encode, decode; decode(encode({'run': {}}))", set()),
        ("import openlineage_avro.codec.framing, openlineage_avro.tools.cli", {"attr"}),
        ("from openlineage_avro import AvroKafkaTransport", CLIENT),
        ("import openlineage_avro.facets", CLIENT),
        ("import consumer.cli.main", {"attr"}),
    ],
)
def test_a_fresh_interpreter_loads_nothing_heavy(statement: str, allowed: set[str]) -> None:
    code = f"{statement}\nimport sys\nprint(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & set(HEAVY) <= allowed


def test_unknown_names_are_refused() -> None:
    code = "import openlineage_avro\nopenlineage_avro.nothing"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "has no attribute 'nothing'" in done.stderr
