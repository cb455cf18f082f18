"""The built wheel, installed where nothing else is, has all that the codec needs."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from services.state import REPOSITORY

ROUND_TRIP = """
import sys
from openlineage_avro import decode, encode
from openlineage_avro.codec import schemas
event = {"eventTime": "2026-01-01T00:00:00Z", "producer": "p", "n": [1, 1.0, True, None]}
assert repr(decode(encode(event))) == repr(event)
assert str(schemas.folder()).startswith(sys.prefix), schemas.folder()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


def installed(wheel: Path, folder: Path, *options: str) -> Path:
    """Return the python of a new environment that has the wheel."""
    uv = [sys.executable, "-m", "uv"]
    python = folder / "bin" / "python"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    install = [*uv, "pip", "install", "-q", "--python", str(python), *options, str(wheel)]
    subprocess.run(install, env=os.environ | {"UV_SYSTEM_CERTS": "true"}, check=True)
    return python


def run(folder: Path, *command: str | Path) -> str:
    """Return what a command prints that knows of nothing but its own environment."""
    environment = {name: each for name, each in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_bare_environment_encodes_and_decodes(wheel: Path, tmp_path: Path) -> None:
    python = installed(wheel, tmp_path, "--offline", "--no-deps")
    run(tmp_path, python, "-c", ROUND_TRIP)


def test_an_environment_with_what_it_depends_on_has_commands_and_plugin(
    wheel: Path, tmp_path: Path
) -> None:
    python = installed(wheel, tmp_path)
    assert "decode" in run(tmp_path, python.with_name("openlineage-avro"), "--help")
    found = "from importlib.metadata import entry_points as e; print(*e(group='airflow.plugins'))"
    assert "openlineage_avro_plugin:OpenLineageAvroPlugin" in run(tmp_path, python, "-c", found)


def test_it_holds_schemas_and_queries_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "openlineage_avro/schemas/avro/openlineage-event-1.avsc" in names
    assert any(name.startswith("openlineage_avro/schemas/json/") for name in names)
    assert any(name.startswith("consumer/sql/migrations/") for name in names)
    assert "consumer/sql/queries/offsets/lock.sql" in names
    assert "openlineage_avro_plugin.py" in names
    assert "consumer/web_application/index.html" in names
    assert any(name.startswith("consumer/web_application/assets/elk-worker") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "demo/")) for name in names)
