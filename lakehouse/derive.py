"""Turns records of the topic into rows of the tables; pure, without I/O and without Spark.

Events are read by the consumer's own decoder and rows, so that both stores mean the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.canonical import canonical_json
from consumer.decode.decode import Decoded, Rejection, decode
from consumer.decode.text import storable_text
from consumer.rows.graph import Dataset, Job, Node
from consumer.rows.keys import is_own_key
from consumer.rows.rows import Io, Rows, rows_of
from consumer.rows.runs import END_STATES, OWN, RunRow
from lakehouse.tables import (
    COLUMN_FACETS,
    DEAD_LETTERS,
    EDGES,
    EVENTS,
    RUN_IO,
    RUNS,
    Table,
)
from openlineage_avro.event.access import at
from openlineage_avro.event.kinds import DATASET_EVENT, RUN_EVENT
from openlineage_avro.schema_registry import SchemaOf

# A table's rows, each with the values of its columns in their order.
TableRows = dict[str, list[tuple[Any, ...]]]

# Of the states of runs that have not ended; those that have are ranked by END_STATES.
RUNNING, OTHER = 0, -1


class KafkaRecord(NamedTuple):
    """A record of a topic; `time` is its timestamp."""

    topic: str
    partition: int
    offset: int
    time: datetime
    key: bytes | None
    value: bytes | None


def derive(records: Iterable[KafkaRecord], schema_of: SchemaOf) -> TableRows:
    """Return what some records add to each table, by its name; a table's rows may share a key.

    Records without a value add nothing. Raises the RegistryProblem of `schema_of`.
    """
    found: TableRows = defaultdict(list)
    events = []
    for record in records:
        if record.value is None:
            continue
        content = decode(record.value, schema_of)
        if isinstance(content, Rejection):
            found[DEAD_LETTERS.name].append(_row(DEAD_LETTERS, _dead_letter(record, content)))
        else:
            events.append(content)
            found[EVENTS.name].append(_row(EVENTS, _event(record, content)))
    rows = rows_of(events)
    for table, derived in (
        (RUNS, _runs(rows)),
        (RUN_IO, _run_io(rows)),
        (EDGES, _edges(rows)),
        (COLUMN_FACETS, _column_facets(rows)),
    ):
        found[table.name] = [_row(table, each) for each in derived]
    return found


def _row(table: Table, values: dict[str, Any]) -> tuple[Any, ...]:
    """Return a row's values in the order of the table's columns; null what is not given."""
    return tuple(map(values.get, table.columns))


def _dead_letter(record: KafkaRecord, rejection: Rejection) -> dict[str, Any]:
    return {
        "reason": storable_text(rejection.reason),
        "key": record.key,
        "value": record.value,
        **_place(record, rejection.framing),
    }


def _place(record: KafkaRecord, framing: str) -> dict[str, Any]:
    return {
        "framing": framing,
        "record_time": record.time,
        "topic": record.topic,
        "partition": record.partition,
        "record_offset": record.offset,
    }


def _event(record: KafkaRecord, decoded: Decoded) -> dict[str, Any]:
    event, kind = decoded.event, decoded.kind
    job = None if kind == DATASET_EVENT else event["job"]
    dataset = event["dataset"] if kind == DATASET_EVENT else None
    return {
        "event_id": str(decoded.hash),
        "kind": kind,
        "event_type": decoded.type,
        "event_time": decoded.time,
        "run_id": _run_id(event["run"]["runId"]) if kind == RUN_EVENT else None,
        "job_namespace": _text(at(job, "namespace")),
        "job_name": _text(at(job, "name")),
        "dataset_namespace": _text(at(dataset, "namespace")),
        "dataset_name": _text(at(dataset, "name")),
        "producer": _text(event.get("producer")),
        "event": decoded.json if decoded.is_exact else canonical_json(event),
        "record_bytes": len(record.value or b""),
        **_place(record, decoded.framing),
    }


def _text(value: Any) -> str | None:
    return storable_text(value) if isinstance(value, str) else None


def _run_id(text: str) -> str:
    return text.lower() if is_own_key(text) else storable_text(text)


def _runs(rows: Rows) -> Iterator[dict[str, Any]]:
    for row in rows.runs.values():
        namespace, name = rows.jobs[row.job] if row.job else (None, None)
        dag_run = _dag_run(rows, row)
        yield {
            **{column: getattr(row, column, None) for column in RUNS.columns},
            "run_id": _name(row),
            "job_namespace": namespace,
            "job_name": name,
            "parent_run_id": _name_of(rows, row.parent_run_id),
            "root_run_id": _name_of(rows, row.root_run_id),
            "upstream_run_id": _name_of(rows, row.upstream_run_id),
            "own_pipeline_run_id": row.pipeline_run_id,
            "dag_id": dag_run.dag_id or (name if row.is_dag_run else None),
            "airflow_run_id": dag_run.airflow_run_id,
            **_state(row),
        }


def _dag_run(rows: Rows, row: RunRow) -> RunRow:
    """Return the row that has a run's dag_id and airflow_run_id: a task's parent, or its own."""
    is_of_parent = row.task_id is not None and row.dag_id is None
    return rows.runs.get(row.parent_run_id, row) if is_of_parent and row.parent_run_id else row


def _state(row: RunRow) -> dict[str, Any]:
    if row.end_state:
        return {"state": row.end_state, "state_rank": END_STATES[row.end_state]}
    if row.job_rank < OWN:
        return {}
    return (
        {"state": "RUNNING", "state_rank": RUNNING}
        if row.is_running
        else {"state": "OTHER", "state_rank": OTHER}
    )


def _name(row: RunRow) -> str:
    return row.run_id or str(row.id)


def _name_of(rows: Rows, run: UUID | None) -> str | None:
    """Return a run's id; whoever names a run as a relative has made a row of it, too."""
    return _name(rows.runs[run]) if run else None


def _run_io(rows: Rows) -> Iterator[dict[str, Any]]:
    for io, told in rows.run_io.items():
        namespace, name = rows.datasets[io.dataset]
        yield {
            "run_id": _name(rows.runs[io.owner]),
            "namespace": namespace,
            "name": name,
            "is_output": io.is_output,
            "last_event_at": told.last_event_at,
            **told.counts._asdict(),
        }


def _edges(rows: Rows) -> Iterator[dict[str, Any]]:
    for io, span in rows.job_io.items():
        origin, target, edge = _ends(io)
        yield _edge(rows, origin, target, edge, "") | _span(*span)
    for stated, span in rows.graph.edges.items():
        ends = (stated.origin, stated.target)
        if all(isinstance(end, (Job, Dataset)) for end in ends):
            yield _edge(rows, *ends, stated.kind.value, stated.dependency_type) | _span(*span)


def _ends(io: Io) -> tuple[Node, Node, str]:
    job, dataset = Job(io.owner), Dataset(io.dataset)
    return (job, dataset, "output") if io.is_output else (dataset, job, "input")


def _span(first: datetime, last: datetime) -> dict[str, Any]:
    return {"first_event_at": first, "last_event_at": last}


def _edge(rows: Rows, origin: Node, target: Node, edge: str, kind: str) -> dict[str, Any]:
    described: dict[str, Any] = {"edge": edge, "dependency_type": kind}
    for end, node in (("from", origin), ("to", target)):
        names = rows.jobs if isinstance(node, Job) else rows.datasets
        described[f"{end}_kind"] = "job" if isinstance(node, Job) else "dataset"
        described[f"{end}_namespace"], described[f"{end}_name"] = names[node[0]]
    return described


def _column_facets(rows: Rows) -> Iterator[dict[str, Any]]:
    for (dataset, job), latest in rows.column_lineage.items():
        namespace, name = rows.datasets[dataset]
        job_namespace, job_name = rows.jobs[job] if job else (None, None)
        edges = rows.column_edges[latest.value]
        yield {
            "namespace": namespace,
            "name": name,
            "job_namespace": job_namespace,
            "job_name": job_name,
            "event_time": latest.event_time,
            "event_id": str(latest.event_hash),
            "is_deleted": latest.is_deleted,
            "columns": [
                {
                    "field": edge.field,
                    "input_namespace": edge.namespace,
                    "input_name": edge.name,
                    "input_field": edge.input_field,
                    "type": edge.type,
                    "subtype": edge.subtype,
                }
                for edge in edges
            ],
        }
