"""The compose files as far as they can be checked without Docker: against the real programs."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from consumer.cli.main import parser as consumer_parser
from openlineage_avro.tools import cli as command_line
from services import kafka, registry
from services.process import run
from services.state import REPOSITORY

COMPOSE = REPOSITORY / "docker-compose.yaml"
WITH_REGISTRY = REPOSITORY / "deploy" / "registry.compose.yaml"
FILES = (COMPOSE, WITH_REGISTRY)
Service = dict[str, Any]

# Parses Airflow's own command line and configuration, so it runs with an empty home of its own.
ASK_AIRFLOW = """
import sys
from airflow.cli.cli_parser import get_parser
from airflow.configuration import conf
for command in filter(None, sys.argv[1].split(";")):
    get_parser().parse_args(command.split())
known = {f"{section}.{option}".lower() for section, options in
         conf.configuration_description.items() for option in options["options"]}
print(*sorted(known))
"""


ONE_SHOT = {"topic", "migrate", "airflow-migrate", "registry-database"}


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    """Return the services of both files, merged as `docker compose -f … -f …` does."""
    first, second = (yaml.safe_load(file.read_text())["services"] for file in FILES)
    merged: dict[str, Service] = _merged(first, second)
    return merged


def _merged(below: Any, above: Any) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    both = {name: _merged(below[name], above[name]) for name in below.keys() & above.keys()}
    return {**below, **above, **both}


@pytest.fixture(scope="module")
def airflow_options(
    services: dict[str, Service], tmp_path_factory: pytest.TempPathFactory
) -> set[str]:
    """Have Airflow parse the commands of all services; return the options it knows."""
    commands = [each.get("command", "") for each in services.values()]
    airflow = [each.removeprefix("airflow ") for each in commands if each.startswith("airflow ")]
    assert len(airflow) == 5
    home = tmp_path_factory.mktemp("airflow")
    done = subprocess.run(
        [sys.executable, "-c", ASK_AIRFLOW, ";".join(airflow)],
        env={"AIRFLOW_HOME": str(home), "PATH": "/usr/bin:/bin", "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_a_file_follows_the_compose_specification(file: Path) -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_airflow_knows_every_variable(
    services: dict[str, Service], airflow_options: set[str]
) -> None:
    named = {
        name.removeprefix("AIRFLOW__").replace("__", ".").lower()
        for service in services.values()
        for name in service.get("environment", {})
        if name.startswith("AIRFLOW__")
    }
    assert named
    assert named <= airflow_options


def test_airflow_knows_every_option_of_our_configuration(airflow_options: set[str]) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(REPOSITORY / "config" / "airflow.cfg")
    named = {f"{section}.{option}" for section in parser.sections() for option in parser[section]}
    assert named
    assert named <= airflow_options


def test_the_consumer_takes_its_commands_and_variables(services: dict[str, Service]) -> None:
    command = r"openlineage-avro-consumer ([^;']+)"
    for name in ("migrate", "consumer", "maintain", "api"):
        [words] = re.findall(command, services[name]["command"])
        consumer_parser().parse_args(shlex.split(words))
        known = {"KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL", "PGPASSWORD", "SCHEMA_REGISTRY_URL"}
        assert set(services[name]["environment"]) <= known
        if name in ("consumer", "api"):
            options = consumer_parser().parse_args(shlex.split(words))
            assert options.metrics_host == "0.0.0.0"
            scraped = (REPOSITORY / "deploy" / "prometheus" / "prometheus.yml").read_text()
            assert f'"{name}:{options.metrics_port}"' in scraped


def test_every_service_is_pinned_watched_and_started_again(services: dict[str, Service]) -> None:
    for name, service in services.items():
        is_ours = service["image"].startswith("openlineage-avro-")
        assert is_ours or re.fullmatch(r"\S+:v?[\d.]+", service["image"]), name
        assert service["restart"] == ("on-failure" if name in ONE_SHOT else "unless-stopped")
        needed = service.get("depends_on", {})
        for other, how in needed.items():
            done = other in ONE_SHOT
            expected = "service_completed_successfully" if done else "service_healthy"
            assert how == {"condition": expected}, (name, other)
    watched = {name for name, each in services.items() if "healthcheck" in each}
    assert set(services) - watched == ONE_SHOT | {"maintain", "marquez-web"}


def test_every_secret_is_generated_and_none_is_given(tmp_path: Path) -> None:
    asked = re.findall(r"\$\{(\w+)([^}]*)\}", "".join(file.read_text() for file in FILES))
    assert {how for _, how in asked} == {":?run deploy/make-env.sh"}
    made = [_made(tmp_path / str(number)) for number in range(2)]
    assert set(made[0]) == {name for name, _ in asked}
    values = [value for each in made for value in each.values()]
    assert len(set(values)) == len(values)
    assert min(map(len, values)) >= 44
    Fernet(made[0]["AIRFLOW_FERNET_KEY"])


def _made(folder: Path) -> dict[str, str]:
    """Return what the script writes beside a copy of itself; a second time it adds what misses."""
    script = folder / "deploy" / "make-env.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / "deploy" / "make-env.sh", script)
    subprocess.run([script], check=True, capture_output=True)
    file = folder / ".env"
    assert file.stat().st_mode & 0o077 == 0
    first, *rest = file.read_text().splitlines()
    file.write_text("\n".join([*rest, ""]))
    subprocess.run([script], check=True, capture_output=True)
    assert file.read_text().splitlines()[:-1] == rest
    assert file.read_text().splitlines()[-1].split("=")[0] == first.split("=")[0]
    return dict(re.findall(r"^(\w+)='([^']+)'$", file.read_text(), re.MULTILINE))


def test_the_drain_takes_its_command_and_the_spool_outlives_containers(
    services: dict[str, Service],
) -> None:
    name, *words = shlex.split(services["drain"]["command"])
    assert name == "openlineage-avro"
    assert command_line.parser().parse_args(words).follow
    folder = "/opt/airflow/openlineage_avro_spool"
    for each in ("scheduler", "api-server", "drain"):
        assert f"airflow-spool:{folder}" in services[each]["volumes"]
    assert f"install -d -o airflow /opt/airflow /opt/airflow/logs {folder}" in (
        (REPOSITORY / "Dockerfile").read_text()  # a volume takes its owner from the image
    )


def test_kafka_accepts_its_settings(services: dict[str, Service], tmp_path: Path) -> None:
    properties = {
        name.removeprefix("KAFKA_").replace("_", ".").lower(): value
        for name, value in services["kafka"]["environment"].items()
    }
    properties["log.dirs"] = str(tmp_path / "data")
    file = tmp_path / "server.properties"
    lines = [f"{name}={value}" for name, value in properties.items()]
    file.write_text("\n".join([kafka.CONFIG.read_text(), *lines]))
    run(kafka.format_command(tmp_path, file), tmp_path / "log", "refused")
    assert (tmp_path / "data" / "meta.properties").exists()


def test_what_is_mounted_and_copied_is_there(services: dict[str, Service]) -> None:
    mounts = [mount for each in services.values() for mount in each.get("volumes", [])]
    sources = {mount.split(":")[0] for mount in mounts if mount.startswith("./")}
    copies = re.findall(
        r"^COPY (?:--chown=\S+ )?([^-].*) \S+$", (REPOSITORY / "Dockerfile").read_text(), re.M
    )
    sources |= {source for line in copies for source in line.split()}
    assert "config/airflow.cfg" in sources
    assert [each for each in sources if not (REPOSITORY / each).exists()] == []


def test_every_dependency_is_a_service(services: dict[str, Service]) -> None:
    needed = {name for each in services.values() for name in each.get("depends_on", {})}
    assert needed <= set(services)


def test_senders_differ_by_the_registry_alone_and_the_consumer_asks_the_same(
    services: dict[str, Service],
) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(REPOSITORY / "config" / "airflow.cfg")
    without = json.loads(parser["openlineage"]["transport"])
    senders = [each for each in services.values() if each.get("image", "").endswith("-airflow")]
    texts = {each["environment"].get("AIRFLOW__OPENLINEAGE__TRANSPORT") for each in senders}
    # What migrates Airflow's database emits nothing.
    (given,) = texts - {None}
    url = services["consumer"]["environment"]["SCHEMA_REGISTRY_URL"]
    servers = services["consumer"]["environment"]["KAFKA_BOOTSTRAP_SERVERS"]
    expected = {**without, "bootstrap_servers": servers, "schema_registry_url": url}
    assert json.loads(given) == expected


def test_the_registry_is_the_version_that_tests_run(services: dict[str, Service]) -> None:
    version = services["registry"]["image"].removeprefix("apicurio/apicurio-registry:")
    assert f"io.apicurio:apicurio-registry-app:{version}:" in registry.ARCHIVE.read_text()


def test_kafka_is_the_version_of_the_demo(services: dict[str, Service]) -> None:
    version = services["kafka"]["image"].removeprefix("apache/kafka:")
    assert f"org.apache.kafka:kafka_2.13:{version} " in kafka.JARS.read_text()
