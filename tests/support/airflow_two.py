"""Airflow 2.11 in an environment of its own, beside the Airflow 3 of the demo."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from services.airflow import CONFIG
from services.environment import UV, environment
from services.process import Service, run
from services.state import REPOSITORY

LOCK = REPOSITORY / "requirements" / "airflow-2.11.txt"
READY_SECONDS = 120


def project(work: Path, environment_folder: Path) -> Path:
    """Install the project's wheel, as it is now, into a folder of `work`, for PYTHONPATH."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(work)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    [wheel] = work.glob("*.whl")
    place = work / "site-packages"
    install = [*UV, "pip", "install", "-q", "--offline", "--no-deps", "--target", str(place)]
    subprocess.run([*install, "--python", str(environment_folder), str(wheel)], check=True)
    return place


class AirflowTwo:
    """One installation: its settings, its database, and a scheduler while DAGs run."""

    def __init__(self, work: Path, dags: Path, settings: dict[str, str]) -> None:
        """Prepare the database in `work`; `settings` are environment variables."""
        folder = environment(LOCK)
        self._work = work
        self._database = work / "airflow.db"
        self._airflow = [str(folder / "bin" / "python"), "-m", "airflow"]
        self._settings = {
            **settings,
            "AIRFLOW_HOME": str(work),
            "AIRFLOW_CONFIG": str(CONFIG),
            "AIRFLOW__CORE__EXECUTOR": "SequentialExecutor",
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self._database}",
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(project(work, folder)),
        }
        self._command("db", "migrate")
        self._command("dags", "reserialize")

    def run_dag(
        self,
        dag_id: str,
        confs: dict[str, str],
        settings: dict[str, str],
        emitted: Callable[[], bool],
    ) -> list[str]:
        """Run a DAG once for each run_id and conf; return the states that the runs end with.

        The scheduler, with `settings` of its own, runs until `emitted` is true as well.
        """
        for run_id, conf in confs.items():
            self._command("dags", "trigger", "--conf", conf, "--run-id", run_id, dag_id)
        command = [*self._airflow, "scheduler"]
        with Service("scheduler", command, self._work, self._settings | settings) as scheduler:
            scheduler.wait_until(lambda: self._ended(confs) and emitted(), READY_SECONDS)
        return [self._state(run_id) for run_id in confs]

    def _command(self, *arguments: str) -> None:
        run(
            [*self._airflow, *arguments],
            self._work / "commands.log",
            f"airflow {' '.join(arguments)} failed",
            environment=self._settings,
        )

    def _ended(self, run_ids: Iterable[str]) -> bool:
        return {self._state(run_id) for run_id in run_ids} <= {"success", "failed"}

    def _state(self, run_id: str) -> str:
        with closing(sqlite3.connect(self._database)) as database:
            query = "SELECT state FROM dag_run WHERE run_id = ?"
            [(state,)] = database.execute(query, [run_id]).fetchall()
        return str(state)
