"""Data.Rentgen (PyPI), the nearest thing to this consumer: prepared and measured for comparison.

It is installed once into an environment of its own (requirements/data-rentgen.txt).
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.consumers import Sample, Watched
from benchmarks.stage import Server
from services.environment import environment, interpreter
from services.errors import DemoError
from services.state import REPOSITORY

LOCK = REPOSITORY / "requirements" / "data-rentgen.txt"
SAVER = Path(__file__).with_name("data_rentgen_saver.py")
PYTHONS = ("3.12", "3.13")  # that it runs on
# What its consumer gets at once: a fetch of 1 MiB of events of 5.8 KB.
BATCH = 180
# Run types it does not know, and the nearest that it does.
RUN_TYPES = {"operator_triggered": "manual", "asset_triggered": "dataset_triggered"}
EXTENSION = "btree_gist"  # of PostgreSQL
PARTITIONED = "data_rentgen.db.scripts.create_partitions"

Event = dict[str, Any]


class DataRentgen:
    """An installation of Data.Rentgen, and events as it takes them."""

    def __init__(self, python: str | None, events: Iterable[Event], folder: Path) -> None:
        """Install it for `python`, and write the events to a file; raise DemoError."""
        if not python and sys.version_info < (3, 12):
            # Ours will not do; where the machine has none, uv looks for another.
            found = filter(None, map(interpreter, PYTHONS))
            python = str(next(found, f">={PYTHONS[0]}"))
        self._python = environment(LOCK, python) / "bin" / "python"
        self._file = folder / "events.ndjson"
        times: list[str] = []
        with self._file.open("w") as file:
            for event in events:
                file.write(json.dumps(patched(event)) + "\n")
                times.append(event["eventTime"])
        # Its tables are partitioned by the times in the ids of runs, a little before the events'.
        self._start = datetime.fromisoformat(min(times)) - timedelta(days=31)
        self._end = datetime.fromisoformat(max(times)) + timedelta(days=31)

    @staticmethod
    def check(server: Server) -> None:
        """Raise DemoError where its migrations could not run on a server."""
        if not server.offers(EXTENSION):
            raise DemoError(
                f"Data.Rentgen needs the extension {EXTENSION}, which {server.describe()} has not:"
                " give another server (--postgres), or leave it out (--without-data-rentgen)"
            )

    def prepare(self, url: str) -> None:
        """Make its tables, by its own migrations, and a partition for each month of the events."""
        self._run(url, "-m", "data_rentgen.db.migrations", "upgrade", "head")
        months = ["--start", f"{self._start:%Y-%m-01}", "--end", f"{self._end:%Y-%m-01}"]
        self._run(url, "-m", PARTITIONED, *months)

    def save(self, url: str) -> Watched:
        """Save the events in one process; raise DemoError."""
        # -P: or its imports would find this module instead.
        output = self._run(url, "-P", str(SAVER), str(self._file), str(BATCH))
        return Watched([Sample(*sample) for sample in json.loads(output.splitlines()[-1])])

    def _run(self, url: str, *arguments: str) -> str:
        """Run its Python, away from the repository, on a database; return what it printed."""
        address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
        with tempfile.TemporaryDirectory() as elsewhere:
            done = subprocess.run(
                [str(self._python), *arguments],
                env=os.environ | {"DATA_RENTGEN__DATABASE__URL": address, "PYTHONPATH": ""},
                cwd=elsewhere,
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            said = re.findall(r"^[\w.]+(?:Error|Exception)\b.*", done.stderr, re.MULTILINE)
            reason = said[-1] if said else done.stderr.strip() or "nothing was said"
            raise DemoError(f"Data.Rentgen failed at {' '.join(arguments)}: {reason}")
        return done.stdout


def patched(event: Event) -> Event:
    """Return an event of Airflow 3 as Data.Rentgen takes it: it rejects every one as it is.

    It expects a data interval, which runs that are not scheduled no longer have, and one of the
    run types of Airflow 2.9.
    """
    facets = dict(event["run"]["facets"])
    for name in ("airflow", "airflowDagRun"):
        if name in facets:
            run = facets[name]["dagRun"]
            ends = ("data_interval_start", "data_interval_end")
            given = {end: run.get(end) or event["eventTime"] for end in ends}
            kind = RUN_TYPES.get(run["run_type"], run["run_type"])
            facets[name] = {**facets[name], "dagRun": {**run, **given, "run_type": kind}}
    return {**event, "run": {**event["run"], "facets": facets}}
