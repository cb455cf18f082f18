"""What the demo prints: progress, the DAG runs, their graph, sizes, and two lineage answers."""

import itertools
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from kafka import KafkaConsumer, TopicPartition
from psycopg.rows import dict_row

from demo import task_graph
from demo.record_batch import batch_size, json_record, our_record
from services import chain
from services.api import Api
from services.chain import Options, Pipeline, Report
from services.errors import DemoError
from services.state import port

# Bytes of one event: as JSON, as Avro, and both in the batch that goes to Kafka.
Sizes = tuple[int, int, int, int]

# Each sample DAG, and the conf it is triggered with.
DAGS: dict[str, dict[str, Any]] = {
    "simple_success_dag": {},
    "complex_failure_dag": {},
    "orders_lineage_dag": {},
    "order_report_dag": {},
}
# Those that Airflow starts when a run of another has written an asset.
FOLLOWERS = {"report_archive_dag": "order_report_dag"}
FAILING = "complex_failure_dag"
DRAWN = ("complex_failure_dag", "orders_lineage_dag")
SQL = Path(__file__).parent / "sql"
STORED_SECONDS = 60
RUN_SECONDS = 180
MARKS = {"success": "✓", "failed": "✗", "running": "…"}  # of others no process ran: ·

_finished = False


def finished() -> bool:
    """Tell whether the answers have been shown, so that Ctrl-C is no failure any more."""
    return _finished


def run(options: Options, stay: bool) -> None:
    """Run the sample DAGs on the whole chain, show what is known of them, then wait or end."""
    global _finished
    clock = Clock()
    with chain.running(options, clock.done) as running, _api(options, running) as api:
        run_ids = run_dags(running, clock.done)
        wait_until_stored(running, run_ids)
        clock.done("the consumer has stored every event")
        api.wait()
        with psycopg.connect(running.database_url, row_factory=dict_row) as connection:
            _show(connection, run_ids)
        clock.show()
        _finished = True
        if stay:
            _stay(running, api, run_ids)
    print("\nStopped. The state is kept; `make reset` removes it.")


def _api(options: Options, running: Pipeline) -> Api:
    return Api(
        options.folder / "api",
        port(options.folder, "api", options.api_port),
        running.database_url,
        running.bootstrap_servers,
    )


class Clock:
    """Prints each step when it is done, and at the end where the time went."""

    def __init__(self) -> None:
        """Start counting."""
        self._start = time.monotonic()
        self._steps: list[tuple[float, str]] = []

    def done(self, step: str) -> None:
        """Note that `step` has just ended."""
        self._steps.append((time.monotonic() - self._start, step))
        print(f"{self._steps[-1][0]:6.1f} s  {step}", flush=True)

    def show(self) -> None:
        """Print the longest waits between two steps, and the whole."""
        ends = [0.0, *(end for end, _ in self._steps)]
        spent = [
            (after - before, step) for before, (after, step) in zip(ends, self._steps, strict=False)
        ]
        title("Where the time went")
        for seconds, step in sorted(spent, reverse=True)[:5]:
            print(f"  {seconds:5.1f} s  until {step}")
        print(f"  {ends[-1]:5.1f} s  in all")


def title(text: str) -> None:
    """Print a heading."""
    print(f"\n{text}\n{'-' * len(text)}")


def run_dags(
    running: Pipeline, report: Report, dags: Mapping[str, dict[str, Any]] = DAGS
) -> dict[str, str]:
    """Trigger `dags` (dag_id to conf), wait until all have ended; return each one's run_id.

    Also those of the DAGs that Airflow starts after them.
    """
    for dag_id in dags:
        running.airflow.wait_for_dag(dag_id)
    begun = datetime.now(timezone.utc)
    run_ids = {dag_id: running.airflow.trigger(dag_id, conf) for dag_id, conf in dags.items()}
    report(f"triggered {', '.join(dags)}")
    for follower in (name for name, leader in FOLLOWERS.items() if leader in dags):
        run_ids[follower] = running.airflow.wait_for_follower(follower, begun, RUN_SECONDS)
    for dag_id, run_id in run_ids.items():
        state = running.airflow.wait_for_run(dag_id, run_id, RUN_SECONDS)
        report(f"{dag_id} ended: {state}")
    return run_ids


def wait_until_stored(running: Pipeline, run_ids: dict[str, str]) -> None:
    """Wait until the end of all that ran is stored, and nothing on the topic is left unread."""
    expected = {
        (run_id, task_id, map_index)
        for dag_id, run_id in run_ids.items()
        for task_id, map_index in [("", -1), *running.airflow.ended_tasks(dag_id, run_id)]
    }
    end = time.monotonic() + STORED_SECONDS
    with psycopg.connect(running.database_url, autocommit=True) as connection:
        while missing := _missing(connection, expected) or _unread(connection, running):
            running.airflow.check()
            running.consumer.check()
            if time.monotonic() > end:
                raise DemoError(
                    f"after {STORED_SECONDS} s {missing} (logs: {running.consumer.log} and"
                    f" {running.airflow.settings.folder / 'logs'})"
                )
            time.sleep(0.2)


def _missing(connection: psycopg.Connection[Any], expected: set[tuple[str, str, int]]) -> str:
    run_ids = sorted({run_id for run_id, _, _ in expected})
    stored = set(connection.execute(_sql("ended"), {"run_ids": run_ids}))
    missing = [f"{task_id or 'the DAG'} of {run_id}" for run_id, task_id, _ in expected - stored]
    return f"no end is stored of {', '.join(sorted(missing))}" if missing else ""


def _unread(connection: psycopg.Connection[Any], running: Pipeline) -> str:
    rows = connection.execute(_sql("partitions"), {"topic": running.topic}).fetchall()
    behind = {
        partition: end
        for partition, end in ends(running.bootstrap_servers, running.topic).items()
        if dict(rows).get(partition, 0) < end
    }
    return f"partitions {sorted(behind)} are not read to their end" if behind else ""


def ends(bootstrap_servers: str, topic: str) -> dict[int, int]:
    """Return the offset after the last record of each partition of `topic`."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap_servers)
    try:
        partitions = consumer.partitions_for_topic(topic) or set()
        found = consumer.end_offsets([TopicPartition(topic, each) for each in partitions])
        return {each.partition: offset for each, offset in found.items()}
    finally:
        consumer.close()


def _show(connection: psycopg.Connection[dict[str, Any]], run_ids: dict[str, str]) -> None:
    parameters = {"run_ids": list(run_ids.values())}
    title("DAG runs")
    print_table(connection.execute(_sql("dag_runs"), parameters).fetchall())
    for dag_id in DRAWN:
        _show_task_graph(connection, dag_id, run_ids[dag_id])
    _show_sizes(connection.execute(_sql("events"), parameters).fetchall())
    for name, question in (
        ("upstream", "What does revenue by country come from?"),
        ("downstream", "What breaks if orders change?"),
        ("columns", "Which columns make up its revenue?"),
    ):
        title(question)
        print(_sql(name))
        print_table(connection.execute(_sql(name)).fetchall())


def _show_task_graph(
    connection: psycopg.Connection[dict[str, Any]], dag_id: str, run_id: str
) -> None:
    title(f"Task graph of {dag_id}")
    parameters = {"dag_id": dag_id, "run_id": run_id}
    tasks = {
        row["task_id"]: f" {MARKS.get(row['state'], '·')}{_remarks(row)}"
        for row in connection.execute(_sql("task_states"), parameters)
    }
    edges = [
        (row["from_id"], row["to_id"]) for row in connection.execute(_sql("task_edges"), parameters)
    ]
    print("\n".join(task_graph.draw(tasks, edges)))


def _remarks(row: dict[str, Any]) -> str:
    remarks = []
    if (row["tries"] or 1) > 1:
        remarks.append(f"{row['tries']} tries")
    if row["instances"] > 1:
        remarks.append(f"{row['instances']} mapped tasks")
    return f" ({', '.join(remarks)})" if remarks else ""


def _show_sizes(events: Iterable[dict[str, Any]]) -> None:
    sizes: dict[str, list[Sizes]] = defaultdict(list)
    for event in events:
        sizes[event["kind"]].append(_sizes(event["event"], event["record_bytes"]))
    title("Bytes per event; on Kafka with all that OpenLineage's transport and ours send with it")
    rows = [_size_row(kind, some) for kind, some in sizes.items()]
    print_table([*rows, _size_row("all", list(itertools.chain.from_iterable(sizes.values())))])


def _sizes(event: dict[str, Any], record_bytes: int) -> Sizes:
    # What OpenLineage's own Kafka transport sends as the value, by default uncompressed.
    plain = json.dumps(event, sort_keys=True)
    theirs, ours = json_record(event, plain), our_record(event)
    return len(plain), record_bytes, batch_size([theirs], "none"), batch_size([ours], "zstd")


def _size_row(kind: str, sizes: list[Sizes]) -> dict[str, Any]:
    plain, avro, plain_batch, avro_batch = (
        sum(each) / len(sizes) for each in zip(*sizes, strict=True)
    )
    return {
        "event": kind,
        "stored": str(len(sizes)).rjust(6),
        "JSON": f"{plain:5,.0f}",
        "Avro": f"{avro:5,.0f}",
        "on Kafka: JSON": f"{plain_batch:14,.0f}",
        "Avro, zstd": f"{avro_batch:10,.0f}",
        "times smaller": f"{plain_batch / avro_batch:.1f}",
    }


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows as psql would."""
    if not rows:
        print("(no rows)")
        return
    cells = [list(rows[0]), *([_text(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    print("\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]]))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _stay(running: Pipeline, api: Api, run_ids: Mapping[str, str]) -> None:
    title("Everything keeps running until Ctrl-C")
    failed = f"{FAILING}/{quote(run_ids[FAILING])}"
    print(f"  failed run  {api.url}/#/dag-runs/by-airflow/{failed}")
    print(f"  Airflow     {running.airflow.settings.url}  (no login is asked for; tabs: Lineage)")
    print(f"  API         {api.url}/docs  (Marquez's, for its web UI and clients)")
    print(f"  PostgreSQL  psql '{running.database_url}'")
    print(f"  Kafka       {running.bootstrap_servers}  topic {running.topic}")
    print(f"  logs        {running.consumer.log.parent.parent}", flush=True)
    while True:
        running.airflow.check()
        running.consumer.check()
        api.service.check()
        time.sleep(1)


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text().strip()
