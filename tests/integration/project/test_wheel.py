"""The built wheel, installed where nothing else is, has all that the codec needs."""

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


def test_a_bare_environment_encodes_and_decodes(wheel: Path, tmp_path: Path) -> None:
    uv = [sys.executable, "-m", "uv"]
    python = tmp_path / "bin" / "python"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(tmp_path)], check=True)
    install = [*uv, "pip", "install", "-q", "--offline", "--no-deps", "--python", str(python)]
    subprocess.run([*install, str(wheel)], check=True)
    done = subprocess.run(
        [python, "-c", ROUND_TRIP], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = subprocess.run(
        [python.with_name("openlineage-avro"), "--help"], capture_output=True, text=True, check=True
    )
    assert "decode" in shown.stdout


def test_it_holds_schemas_and_queries_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "openlineage_avro/schemas/avro/openlineage-event-1.avsc" in names
    assert any(name.startswith("openlineage_avro/schemas/json/") for name in names)
    assert any(name.startswith("consumer/sql/migrations/") for name in names)
    assert "consumer/sql/queries/offsets/lock.sql" in names
    assert not any(name.startswith(("tests/", "demo/")) for name in names)
