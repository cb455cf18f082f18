"""Airflow 3 with LocalExecutor, its metadata in PostgreSQL, our transport in its airflow.cfg."""

import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psycopg

from services.errors import DemoError
from services.process import Service, run
from services.state import REPOSITORY

CONFIG = REPOSITORY / "config" / "airflow.cfg"
READY_SECONDS = 90
FINAL_STATES = {"success", "failed"}
Json = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """What one Airflow installation needs to know; the two URLs are those of databases."""

    folder: Path
    port: int
    metadata_url: str
    warehouse_url: str
    bootstrap_servers: str
    dags: Path = REPOSITORY / "dags"
    transport: str | None = None
    store_url: str | None = None  # of the store that Airflow's Lineage pages show

    @property
    def url(self) -> str:
        """Where the UI and the API are."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the variables that complete config/airflow.cfg."""
        kept = _secrets(self.folder)
        given = {"AIRFLOW__OPENLINEAGE__TRANSPORT": self.transport} if self.transport else {}
        if self.store_url:
            given["AIRFLOW_CONN_OPENLINEAGE_AVRO"] = self.store_url
        return {
            **given,
            "AIRFLOW_HOME": str(self.folder),
            "AIRFLOW_CONFIG": str(CONFIG),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self.metadata_url.replace(
                "://", "+psycopg2://", 1
            ),
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__SECRET_KEY": kept["api"],
            "AIRFLOW__API_AUTH__JWT_SECRET": kept["jwt"],
            "AIRFLOW_CONN_ORDERS_WAREHOUSE": self.warehouse_url,
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap_servers,
            # The virtual environment's commands, wherever Airflow calls one by its name.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }


class Airflow:
    """A running Airflow, seen through its REST API."""

    def __init__(self, settings: Settings, services: list[Service]) -> None:
        """Describe an Airflow whose three processes are `services`."""
        self.settings = settings
        self.services = services
        self._client = httpx.Client(base_url=settings.url, timeout=30)

    def check(self) -> None:
        """Raise DemoError when one of its processes has ended."""
        for service in self.services:
            service.check()

    def wait_for_dag(self, dag_id: str) -> None:
        """Wait until the DAG processor has read `dag_id`."""
        end = time.monotonic() + READY_SECONDS
        while self._client.get(f"/api/v2/dags/{dag_id}", headers=self.headers()).status_code != 200:
            self.check()
            if time.monotonic() > end:
                raise DemoError(
                    f"{dag_id} was not read in {READY_SECONDS} s: {self._import_error()}"
                )
            time.sleep(0.3)

    def add_connection(self, connection_id: str, values: Json) -> None:
        """Store a connection, of conn_type, host, port and so on, in Airflow's database."""
        self._call("POST", "/api/v2/connections", {"connection_id": connection_id, **values})

    def trigger(self, dag_id: str, conf: Json | None = None) -> str:
        """Start a run of `dag_id` now and return its run_id."""
        body = {"logical_date": None, "conf": conf or {}}
        return str(self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def wait_for_follower(self, dag_id: str, since: datetime, seconds: float) -> str:
        """Wait until Airflow has started a run of `dag_id` by itself; return its run_id."""
        path = f"/api/v2/dags/{dag_id}/dagRuns?run_after_gte={quote(since.isoformat())}"
        end = time.monotonic() + seconds
        while not (runs := self._call("GET", path)["dag_runs"]):
            self.check()
            if time.monotonic() > end:
                raise DemoError(f"no run of {dag_id} was started in {seconds:.0f} s")
            time.sleep(0.3)
        return str(runs[0]["dag_run_id"])

    def set_state(self, dag_id: str, run_id: str, state: str) -> None:
        """Have the API server end a DAG run as a user would: `success` or `failed`."""
        self._call("PATCH", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}", {"state": state})

    def pause(self, dag_id: str) -> None:
        """Have the scheduler leave the runs of a DAG alone."""
        self._call("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": True})

    def state(self, dag_id: str, run_id: str) -> str:
        """Return the state of a DAG run, such as `running`."""
        return str(self._call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def ended_tasks(self, dag_id: str, run_id: str) -> list[tuple[str, int]]:
        """Return (task_id, map_index) of each task instance that ran and ended."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        instances = self._call("GET", path)["task_instances"]
        return [
            (each["task_id"], each["map_index"])
            for each in instances
            if each["state"] in FINAL_STATES
        ]

    def wait_for_run(self, dag_id: str, run_id: str, seconds: float) -> str:
        """Wait until a DAG run has ended and return its state."""
        end = time.monotonic() + seconds
        while (state := self.state(dag_id, run_id)) not in FINAL_STATES:
            self.check()
            if time.monotonic() > end:
                raise DemoError(
                    f"{dag_id} was still {state} after {seconds:.0f} s"
                    f" (logs: {self.settings.folder})"
                )
            time.sleep(0.3)
        return state

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        response = self._client.request(method, path, json=body, headers=self.headers())
        if response.is_error:
            raise DemoError(f"Airflow refused {method} {path}: {response.text}")
        answer: Json = response.json()
        return answer

    def headers(self) -> dict[str, str]:
        """Return what a request needs in order to be that of Airflow's administrator."""
        if not hasattr(self, "_headers"):
            token = self._client.get("/auth/token").json()["access_token"]
            self._headers = {"Authorization": f"Bearer {token}"}
        return self._headers

    def _import_error(self) -> str:
        errors = self._call("GET", "/api/v2/importErrors")["import_errors"]
        return errors[0]["stack_trace"].splitlines()[-1] if errors else "see dag-processor.log"


def migrate(settings: Settings) -> None:
    """Create or upgrade Airflow's metadata tables, unless this version has done so here."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    done = settings.folder / "migrated"
    if done.exists() and done.read_text() == _migration(settings):
        return
    run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        settings.folder / "migrate.log",
        "Airflow could not prepare its database",
        environment=settings.environment(),
    )
    done.write_text(_migration(settings))


def _migration(settings: Settings) -> str:
    """Return Airflow's version with the revision that its tables have now."""
    with psycopg.connect(settings.metadata_url) as connection:
        [(found,)] = connection.execute("SELECT to_regclass('alembic_version')").fetchall()
        query = "SELECT version_num FROM alembic_version"
        revision = connection.execute(query).fetchone() if found else None
    return f"{version('apache-airflow-core')} {revision}"


@contextmanager
def running(settings: Settings) -> Iterator[Airflow]:
    """Run API server, scheduler and DAG processor on a migrated database until the block ends."""
    with ExitStack() as stack:
        services = [
            stack.enter_context(_start(name, niceness, settings))
            # The API server takes longest to start, and nothing can begin before.
            for name, niceness in (("api-server", 0), ("dag-processor", 5), ("scheduler", 5))
        ]
        # All at once: each takes seconds to end.
        for service in services:
            stack.callback(service.ask_to_stop)
        services[0].wait_until(lambda: _healthy(settings.url), READY_SECONDS)
        yield Airflow(settings, services)


def _start(name: str, niceness: int, settings: Settings) -> Service:
    command = ["nice", "-n", str(niceness), sys.executable, "-m", "airflow", name]
    return Service(name, command, settings.folder, settings.environment())


def _healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v2/version", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _secrets(folder: Path) -> dict[str, str]:
    """Return keys that stay the same from run to run, so that open browser tabs stay valid."""
    file = folder / "secrets.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps({"api": secrets.token_hex(32), "jwt": secrets.token_hex(64)}))
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
