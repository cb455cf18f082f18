"""Writes what a batch's events say of runs, jobs, datasets and facets: one statement a table.

Every statement merges, so that neither the order of events nor their repetition matters. The
caller holds the store's lock and the transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consumer.rows.keys import key_of
from consumer.rows.rows import NO_JOB, Io, Rows
from consumer.sql import query
from consumer.store.database import Connection

IoIds = dict[str, dict[Io, int]]


@dataclass(frozen=True)
class Ids:
    """The store's ids by key."""

    runs: Mapping[str | None, int]
    jobs: Mapping[str | None, int]
    datasets: Mapping[str | None, int]


def write_derived(connection: Connection, rows: Rows) -> Ids:
    """Merge the rows of a batch and return the ids of its runs, jobs and datasets."""
    ids = Ids(
        runs=_known(
            connection,
            "runs/insert",
            "runs/ids",
            rows.runs,
            ("run_id",),
            [(run_id,) for run_id in rows.runs.values()],
        ),
        jobs=_known(
            connection,
            "jobs/insert",
            "jobs/ids",
            rows.jobs,
            ("namespace", "name"),
            rows.jobs.values(),
        ),
        datasets=_known(
            connection,
            "datasets/insert",
            "datasets/ids",
            rows.datasets,
            ("namespace", "name"),
            rows.datasets.values(),
        ),
    )
    io_ids = _write_io(connection, rows, ids)
    _write_graphs(connection, rows)
    _write_column_lineage(connection, rows, ids)
    moved = _write_runs(connection, rows, ids)
    changed = _write_facets(connection, rows, ids, io_ids)
    _refresh(connection, changed, moved)
    return ids


def _known(
    connection: Connection,
    insert: str,
    select: str,
    keys: Iterable[str],
    columns: tuple[str, ...],
    values: Iterable[tuple[str, ...]],
) -> dict[str | None, int]:
    """Return the ids of keys, after inserting those that are new."""
    ordered = list(keys)
    parameters = {"key": ordered} | _columns(columns, values)
    if not ordered:
        return {}
    connection.execute(query(insert), parameters)
    found = connection.execute(query(select), {"key": ordered}).fetchall()
    return dict(zip(ordered, (row[0] for row in found), strict=True))


def _write_io(connection: Connection, rows: Rows, ids: Ids) -> IoIds:
    """Return the ids of what runs and jobs read and write, by owner of their facets."""
    found: IoIds = {"run_io": {}, "job_io": {}}
    if not rows.job_io:
        return found
    edges = [(ids.jobs[io.owner], ids.datasets[io.dataset], io.is_output) for io in rows.job_io]
    names = ("job_id", "dataset_id", "is_output")
    times = _columns(("first_event_at", "last_event_at"), rows.job_io.values())
    connection.execute(query("jobs/merge_io"), _columns(names, edges) | times)
    answer = connection.execute(query("jobs/io_ids"), _columns(names, edges)).fetchall()
    found["job_io"] = {io: row[0] for io, row in zip(rows.job_io, answer, strict=True)}
    if rows.run_io:
        reads = [(ids.runs[io.owner], ids.datasets[io.dataset], io.is_output) for io in rows.run_io]
        parameters = _columns(("run_id", "dataset_id", "is_output"), reads)
        connection.execute(query("runs/insert_io"), parameters)
        answer = connection.execute(query("runs/io_ids"), parameters).fetchall()
        found["run_io"] = {io: row[0] for io, row in zip(rows.run_io, answer, strict=True)}
    return found


def _write_graphs(connection: Connection, rows: Rows) -> None:
    _send(
        connection,
        "graphs/insert_task_nodes",
        ("value_hash", "kind", "node_id", "task_group", "operator")
        + ("label", "is_setup", "is_teardown"),
        [(value, *node) for value, graph in rows.task_graphs.items() for node in graph.nodes],
    )
    _send(
        connection,
        "graphs/insert_task_edges",
        ("value_hash", "from_kind", "from_id", "to_kind", "to_id", "label"),
        [(value, *edge) for value, graph in rows.task_graphs.items() for edge in graph.edges],
    )


def _write_column_lineage(connection: Connection, rows: Rows, ids: Ids) -> None:
    _send(
        connection,
        "graphs/insert_column_edges",
        ("value_hash", "field", "input_dataset_id", "input_field")
        + ("type", "subtype", "description", "masking"),
        [
            (value, edge.field, ids.datasets[key_of(edge.namespace, edge.name)], *edge[3:])
            for value, edges in rows.column_edges.items()
            for edge in edges
        ],
    )
    _send(
        connection,
        "graphs/merge_column_lineage",
        ("dataset_id", "job_id", "event_time", "event_hash", "value_hash", "is_deleted"),
        [
            (ids.datasets[dataset], 0 if job == NO_JOB else ids.jobs[job], *version)
            for (dataset, job), version in rows.column_lineage.items()
        ],
    )


def _write_runs(connection: Connection, rows: Rows, ids: Ids) -> list[int]:
    """Merge what events say of runs; return the ids of runs whose first event is another now."""
    answer = _send(
        connection,
        "runs/merge",
        ("run_id", "job_rank", "job_id", "event_time", "event_hash")
        + ("event_type", "is_dag_run", "task_graph"),
        [
            (ids.runs[claim.run], claim.job_rank, ids.jobs[claim.job], *claim[3:])
            for claim in rows.run_claims
        ],
    )
    return [run for run, is_moved in answer if is_moved]


def _write_facets(
    connection: Connection, rows: Rows, ids: Ids, io_ids: IoIds
) -> dict[str, set[int]]:
    """Merge facets; return the ids of those whose facets changed, by kind of owner."""
    _send(connection, "facets/insert_values", ("hash", "value"), rows.values.items())
    owners: dict[str, Mapping[Any, int]] = {
        **{"run": ids.runs, "job": ids.jobs, "dataset": ids.datasets},
        **io_ids,
    }
    answer = _send(
        connection,
        "facets/merge",
        ("owner", "owner_id", "name", "event_time", "event_hash", "value_hash", "is_deleted"),
        [
            (owner, owners[owner][key], name, *version)
            for (owner, key, name), version in rows.facets.items()
        ],
    )
    changed: dict[str, set[int]] = {owner: set() for owner in owners}
    for owner, owner_id, _ in answer:
        changed[owner].add(owner_id)
    return changed


def _refresh(connection: Connection, changed: Mapping[str, set[int]], moved: list[int]) -> None:
    """Set the columns that come from facets, and carry pipeline run ids through families."""
    for owner, refresh in (("job", "jobs/refresh"), ("dataset", "datasets/refresh")):
        if changed[owner]:
            connection.execute(query(refresh), {"ids": sorted(changed[owner])})
    relinked: set[int] = set()
    if changed["run"]:
        answer = connection.execute(query("runs/refresh"), {"ids": sorted(changed["run"])})
        for run, old_parent, is_relinked in answer:
            if is_relinked:
                relinked.update((run,) if old_parent is None else (run, old_parent))
    parameters = {"relinked": sorted(relinked), "moved": moved}
    if relinked or moved:
        connection.execute(query("runs/propagate_pipeline_run_id"), parameters)


def _send(
    connection: Connection, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """Run a statement whose parameters are columns of rows; return its answer, if it has one."""
    parameters = _columns(columns, rows)
    if not parameters[columns[0]]:
        return []
    cursor = connection.execute(query(name), parameters)
    return cursor.fetchall() if cursor.description else []


def _columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return dict(zip(names, columns or [[] for _ in names], strict=True))
