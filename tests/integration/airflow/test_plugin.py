"""Airflow finds the plugin, which imports ahead only where our transport is the one in use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

OURS = '{"type": "openlineage_avro.AvroKafkaTransport"}'
LOAD_PLUGINS = """
import sys
from airflow.plugins_manager import ensure_plugins_loaded
ensure_plugins_loaded()
import threading
names = ("openlineage_avro.transport", "kafka.producer")
print(*(name in sys.modules for name in names), threading.active_count())
"""


@pytest.mark.parametrize(
    ("transport", "command", "expected"),
    [
        (OURS, "scheduler", "True True 1"),
        (OURS, "api-server", "False False 1"),
        ('{"type": "console"}', "scheduler", "False False 1"),
    ],
)
def test_what_sends_is_imported_ahead_for_our_transport(
    transport: str, command: str, expected: str, tmp_path: Path
) -> None:
    environment = {"AIRFLOW_HOME": str(tmp_path), "AIRFLOW__OPENLINEAGE__TRANSPORT": transport}
    done = subprocess.run(
        [sys.executable, "-c", LOAD_PLUGINS, command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().splitlines()[-1] == expected, done.stderr
