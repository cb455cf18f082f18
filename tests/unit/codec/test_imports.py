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


@pytest.mark.parametrize(
    "statement",
    [
        "import openlineage_avro",
        "from openlineage_avro import encode, decode; decode(encode({'run': {'runId': 'r'}}))",
        "import openlineage_avro.framing, openlineage_avro.event, openlineage_avro.schema",
    ],
)
def test_a_fresh_interpreter_loads_nothing_heavy(statement: str) -> None:
    code = f"{statement}\nimport sys\nprint(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & set(HEAVY) == set()


def test_unknown_names_are_refused() -> None:
    code = "import openlineage_avro\nopenlineage_avro.nothing"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "has no attribute 'nothing'" in done.stderr
