"""The built wheel works wherever it is installed: bare, with extras, beside Airflow."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from services.environment import UV, environment, interpreter
from services.state import REPOSITORY

ROUND_TRIP = """
import sys
from openlineage_avro import decode, encode
from openlineage_avro.codec import schemas
event = {"eventTime": "2026-01-01T00:00:00Z", "producer": "p", "n": [1, 1.0, True, None]}
assert repr(decode(encode(event))) == repr(event)
assert str(schemas.folder()).startswith(sys.prefix), schemas.folder()
"""


LOCKS = REPOSITORY / "requirements"
ENVIRONMENT = os.environ | {"UV_SYSTEM_CERTS": "true"}
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
REACHES_NOTHING = "postgresql://me@127.0.0.1:1/lineage"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


def installed(
    wheel: Path, folder: Path, *options: str, python: str | Path = sys.executable
) -> Path:
    """Return the python of a new environment that has the wheel."""
    made = folder / "bin" / "python"
    subprocess.run([*UV, "venv", "-q", "--python", str(python), str(folder)], check=True)
    install(made, *options, str(wheel))
    return made


def install(python: Path, *what: str | Path) -> str:
    """Install into an environment; return what uv says of it."""
    command = [*UV, "pip", "install", "--python", str(python), *map(str, what)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def own_environment() -> dict[str, str]:
    """Return the environment's variables without those that lead to the sources."""
    return {name: each for name, each in os.environ.items() if name != "PYTHONPATH"}


def run(folder: Path, *command: str | Path) -> str:
    """Return what a command prints that knows of nothing but its own environment."""
    done = subprocess.run(
        command, cwd=folder, env=own_environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_bare_environment_encodes_and_decodes(wheel: Path, tmp_path: Path) -> None:
    python = installed(wheel, tmp_path, "--offline", "--no-deps")
    run(tmp_path, python, "-c", ROUND_TRIP)


def test_the_plugin_is_found_by_airflow(wheel: Path, tmp_path: Path) -> None:
    python = installed(wheel, tmp_path)
    found = "from importlib.metadata import entry_points as e; print(*e(group='airflow.plugins'))"
    assert "openlineage_avro_plugin:OpenLineageAvroPlugin" in run(tmp_path, python, "-c", found)


def test_the_machine_has_a_python_to_install_into() -> None:
    assert any(map(interpreter, PYTHONS))


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_each_python_has_the_commands_and_names_the_extra_that_is_missing(
    version: str, wheel: Path, tmp_path: Path
) -> None:
    if (machines := interpreter(version)) is None:
        pytest.skip(f"this machine has no Python {version}")
    python = installed(wheel, tmp_path, python=machines)
    assert "decode" in run(tmp_path, python.with_name("openlineage-avro"), "--help")
    consumer = python.with_name("openlineage-avro-consumer")
    # It would be imported in place of the package, were the program started by `python -m`.
    (tmp_path / "consumer.py").write_text("raise SystemExit('the wrong one')")
    assert "usage: openlineage-avro-consumer " in run(tmp_path, consumer, "--help")
    for command, extra in (("migrate", "consumer"), ("api", "api")):
        assert refused(tmp_path, consumer, command).startswith(
            f"openlineage-avro-consumer: expected the extra {extra}"
            f" (pip install 'openlineage-avro[{extra}]'), got: No module named "
        )
    lakehouse = (python, "-m", "lakehouse", "--topic", "t", "--bootstrap-servers", "h:1")
    assert refused(tmp_path, *lakehouse, "--warehouse", tmp_path).startswith(
        "error: expected the extra lakehouse (pip install 'openlineage-avro[lakehouse]'), got: "
    )
    install(python, f"{wheel}[api,consumer,registry]")
    told = refused(tmp_path, consumer, "migrate")
    assert "PostgreSQL at 127.0.0.1:1/lineage cannot be reached" in told


def refused(folder: Path, *command: str | Path) -> str:
    """Return the one line that a command says where there is no PostgreSQL."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=own_environment() | {"DATABASE_URL": REACHES_NOTHING},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.11", "3.3"])
def test_nothing_that_airflow_has_installed_is_moved(
    version: str, wheel: Path, tmp_path: Path
) -> None:
    python = environment_of_airflow(version, tmp_path)
    told = install(python, "--dry-run", f"{wheel}[airflow,api,consumer,registry]")
    assert [line.split()[0] for line in told.splitlines() if "openlineage-avro" in line] == ["+"]
    # uv marks what it would take away by a minus, and a change of version by both.
    assert [line for line in told.splitlines() if line.startswith(" - ")] == []


def environment_of_airflow(version: str, folder: Path) -> Path:
    """Return the python of an environment with an Airflow and its provider as they are pinned."""
    if version == "2.11":
        return environment(LOCKS / "airflow-2.11.txt") / "bin" / "python"
    python = folder / "bin" / "python"
    subprocess.run([*UV, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    pinned = ("--constraint", LOCKS / "lock.txt")
    install(python, *pinned, "apache-airflow", "apache-airflow-providers-openlineage")
    return python


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
