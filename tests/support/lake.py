"""`python -m lakehouse` as users run it, and the same questions asked of PostgreSQL."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

# For few rows the compiler's quick half does, and what Spark compiles for each query does not pay.
QUICK = (
    *("--conf", "spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1"),
    *("--conf", "spark.sql.codegen.wholeStage=false"),
    *("--conf", "spark.sql.codegen.factoryMode=NO_CODEGEN"),
    *("--conf", "spark.sql.shuffle.partitions=2", "--master", "local[2]"),
)
SECONDS = 300


class Lake:
    """A warehouse that is filled from topics of one broker."""

    def __init__(self, servers: str, warehouse: Path) -> None:
        """Keep where things are."""
        self._servers = servers
        self.warehouse = warehouse

    def load(self, *topics: str, more: tuple[str, ...] = ()) -> None:
        """Read topics to their end."""
        done = subprocess.run(
            self._load(topics, more), capture_output=True, text=True, check=False, timeout=SECONDS
        )
        assert done.returncode == 0, done.stderr[-4000:]

    @contextlib.contextmanager
    def loading(self, *topics: str, more: tuple[str, ...] = ()) -> Iterator["psutil.Process"]:
        """Yield the driver that reads topics; it is killed, with its JVM, at the end."""
        command = self._load(topics, more)
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            driver = psutil.Process(process.pid)
            try:
                yield driver
            finally:
                for each in [driver, *driver.children(recursive=True)]:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        each.send_signal(signal.SIGKILL)

    def _load(self, topics: tuple[str, ...], more: tuple[str, ...]) -> list[str]:
        named = [part for topic in topics for part in ("--topic", topic)]
        return self._command("lakehouse") + [
            *("--bootstrap-servers", self._servers, "--until-end"),
            *(*named, *QUICK, *more),
        ]

    def _command(self, module: str) -> list[str]:
        return [sys.executable, "-m", module, "--warehouse", str(self.warehouse)]

    def spark(self, *queries: str, more: tuple[str, ...] = ()) -> list[list[dict[str, Any]]]:
        """Return the answers of queries in Spark SQL."""
        return self._ask(*QUICK, *more, *queries)

    def duckdb(self, *queries: str) -> list[list[dict[str, Any]]]:
        """Return the answers of queries in DuckDB's SQL."""
        return self._ask("--engine", "duckdb", *queries)

    def refused(self, *queries: str) -> str:
        """Return what is said of a query in DuckDB's SQL that has no answer."""
        done = self._run("--engine", "duckdb", *queries)
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        return done.stderr

    def _ask(self, *arguments: str) -> list[list[dict[str, Any]]]:
        done = self._run("--json", *arguments)
        assert done.returncode == 0, done.stderr[-4000:]
        return [json.loads(line) for line in done.stdout.splitlines()]

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self._command("lakehouse.ask"), *arguments],
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
