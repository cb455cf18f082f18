"""Measures the lakehouse: events per second by cores, bytes of an event, time of questions.

`python -m benchmarks.lakehouse --events 2000000` is the long version. On a busy machine read the
CPU column: an event's cost does not depend on who else computes.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks import topics
from benchmarks.stage import broker, topic

RUN = "(SELECT max(run_id) FROM lineage.runs WHERE task_id IS NOT NULL)"
QUESTIONS = {
    "point: the events of a run": (
        f"SELECT event_type, event_time FROM lineage.events WHERE run_id = {RUN}"  # noqa: S608
    ),
    "count by state": "SELECT state, count(*) AS runs FROM lineage.runs GROUP BY state",
}
READ = r"read (\d+) records in (\d+) micro-batches and ([\d.]+) s; (records a second in each: .*)"
START = "warehouse.public.country_revenue"


def main() -> None:
    """Fill a topic, load it once for each number of cores, and ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--cores", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--records-at-once", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with broker() as servers, topic(servers) as name:
            topics.fill(servers, name, "Avro", options.events)
            for cores in options.cores:
                load(servers, name, work / f"warehouse-{cores}", cores, options.records_at_once)
        warehouse = work / f"warehouse-{options.cores[0]}"
        sizes(warehouse, options.events)
        for engine in ("spark", "duckdb"):
            ask(warehouse, engine, options.cores[0])


def load(servers: str, name: str, warehouse: Path, cores: int, records_at_once: int) -> None:
    """Read the topic to its end and print how fast that was."""
    command = [sys.executable, "-m", "lakehouse", "--warehouse", str(warehouse), "--topic", name]
    command += ["--bootstrap-servers", servers, "--until-end", "--master", f"local[{cores}]"]
    command += ["--records-at-once", str(records_at_once)]
    start = time.monotonic()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        driver, cpu = psutil.Process(process.pid), 0.0
        while process.poll() is None:
            cpu = max(cpu, sum(map(used, tree(driver))))
            time.sleep(0.5)
        said = process.stderr.read() if process.stderr else ""
    found = re.search(READ, said)
    if not found:
        raise SystemExit(said[-4000:])
    records, batches, seconds = int(found[1]), int(found[2]), float(found[3])
    print(
        f"local[{cores}]: {records:,} records in {batches} micro-batches, {seconds:.0f} s:"
        f" {records / seconds:,.0f}/s; with the start {time.monotonic() - start:.0f} s;"
        f" CPU {cpu:.0f} s: {cpu / records * 1e3:.2f} ms a record; {found[4]}",
        flush=True,
    )


def tree(driver: psutil.Process) -> list[psutil.Process]:
    """Return a driver, its JVM and its workers."""
    try:
        return [driver, *driver.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def used(process: psutil.Process) -> float:
    """Return a process's CPU seconds and those of its children that ended, as idle workers do."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def sizes(warehouse: Path, events: int) -> None:
    """Print the bytes of each table's data files, for each event."""
    for table in sorted((warehouse / "lineage").iterdir()):
        files = list((table / "data").rglob("*.parquet"))
        size = sum(file.stat().st_size for file in files)
        print(f"{table.name}: {size / events:.1f} bytes an event, {len(files)} files")


def ask(warehouse: Path, engine: str, cores: int) -> None:
    """Print how long questions take in a process that has been asked each once before."""
    queries = list(QUESTIONS.values())
    command = [sys.executable, "-m", "lakehouse.ask", "--warehouse", str(warehouse), "--time"]
    command += ["--engine", engine, "--master", f"local[{cores}]"]
    if engine == "spark":
        command += ["--upstream", START]
        walk = "SELECT count(*) AS nodes FROM upstream"
    else:
        walk = f"SELECT count(*) AS nodes FROM lineage.upstream('{START}')"  # noqa: S608
    done = subprocess.run(
        [*command, *queries, walk, *queries, walk], capture_output=True, text=True
    )
    found = re.findall(r"^(.*?)([\d.]+) s$", done.stderr, re.MULTILINE)
    if done.returncode or not found:
        raise SystemExit(done.stderr[-4000:])
    for head, seconds in found[: -2 * len(queries) - 2]:
        print(f"{engine}, {head}{seconds} s")
    for question, (_, seconds) in zip(
        [*QUESTIONS, "walk"], found[-len(queries) - 1 :], strict=True
    ):
        print(f"{engine}, {question}: {seconds} s", flush=True)


if __name__ == "__main__":
    main()
