"""The Iceberg tables: their columns, named as in schema lineage, and how rows of one key merge.

Whatever the order of the events and however often they come, the merged row is the same: values
are the least, the greatest, or those of the greatest group (as in consumer/rows/runs.py). So a
micro-batch may be stored again, in part or whole, and changes nothing.
"""

from typing import NamedTuple

NAMESPACE = "lineage"


class Group(NamedTuple):
    """Columns whose values are taken together from the row where `by`, in this order, is greatest.

    `by` has all of `columns`; nothing is less than something.
    """

    columns: tuple[str, ...]
    by: tuple[str, ...]


class Table(NamedTuple):
    """A table; `columns` are names with their types in Spark SQL."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    day: str | None = None  # the time whose days are the partitions
    least: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def merges(self) -> bool:
        """Whether rows change once they are there."""
        return bool(self.least or self.groups)


def _greatest(*columns: str) -> tuple[Group, ...]:
    return tuple(Group((column,), (column,)) for column in columns)


def _whole(*columns: str) -> Group:
    return Group(columns, columns)


_PLACE = {
    "framing": "string",
    "record_time": "timestamp",
    "topic": "string",
    "partition": "int",
    "record_offset": "bigint",
}

EVENTS = Table(
    "events",
    {
        "event_id": "string",
        "kind": "string",
        "event_type": "string",
        "event_time": "timestamp",
        "run_id": "string",
        "job_namespace": "string",
        "job_name": "string",
        "dataset_namespace": "string",
        "dataset_name": "string",
        "producer": "string",
        "event": "string",
        "record_bytes": "int",
        **_PLACE,
        "stored_at": "timestamp",
    },
    key=("event_time", "event_id"),
    day="event_time",
)

RUNS = Table(
    "runs",
    {
        "run_id": "string",
        "job_namespace": "string",
        "job_name": "string",
        "state": "string",
        "started_at": "timestamp",
        "ended_at": "timestamp",
        "own_pipeline_run_id": "string",
        "parent_run_id": "string",
        "root_run_id": "string",
        "nominal_start_time": "timestamp",
        "nominal_end_time": "timestamp",
        "error_message": "string",
        "is_dag_run": "boolean",
        "dag_id": "string",
        "airflow_run_id": "string",
        "task_id": "string",
        "map_index": "int",
        "try_number": "int",
        "first_event_at": "timestamp",
        "last_event_at": "timestamp",
        # What the others are merged by.
        "upstream_run_id": "string",
        "job_rank": "int",
        "state_rank": "int",
        "parent_event_at": "timestamp",
        "error_event_at": "timestamp",
        "pipeline_rank": "int",
        "pipeline_event_at": "timestamp",
    },
    key=("run_id",),
    day="first_event_at",
    least=("started_at", "first_event_at"),
    groups=(
        Group(
            ("job_rank", "job_namespace", "job_name"),
            ("job_rank", "last_event_at", "job_namespace", "job_name"),
        ),
        _whole("ended_at", "state_rank", "state"),
        _whole("parent_event_at", "parent_run_id", "root_run_id"),
        _whole("error_event_at", "error_message"),
        _whole("pipeline_rank", "pipeline_event_at", "own_pipeline_run_id"),
        *_greatest("last_event_at", "upstream_run_id", "nominal_start_time", "nominal_end_time"),
        *_greatest("is_dag_run", "dag_id", "airflow_run_id", "task_id", "map_index", "try_number"),
    ),
)

RUN_IO = Table(
    "run_io",
    {
        "run_id": "string",
        "namespace": "string",
        "name": "string",
        "is_output": "boolean",
        "rows": "bigint",
        "bytes": "bigint",
        "files": "bigint",
        "last_event_at": "timestamp",
    },
    key=("run_id", "namespace", "name", "is_output"),
    day="last_event_at",
    groups=_greatest("rows", "bytes", "files", "last_event_at"),
)

EDGES = Table(
    "edges",
    {
        "from_kind": "string",
        "from_namespace": "string",
        "from_name": "string",
        "to_kind": "string",
        "to_namespace": "string",
        "to_name": "string",
        "edge": "string",
        "dependency_type": "string",
        "first_event_at": "timestamp",
        "last_event_at": "timestamp",
    },
    key=("from_kind", "from_namespace", "from_name", "to_kind", "to_namespace", "to_name")
    + ("edge", "dependency_type"),
    least=("first_event_at",),
    groups=_greatest("last_event_at"),
)

# The facet columnLineage that holds for what a job wrote; no job: the dataset's own event said it.
COLUMN_FACETS = Table(
    "column_facets",
    {
        "namespace": "string",
        "name": "string",
        "job_namespace": "string",
        "job_name": "string",
        "event_time": "timestamp",
        "event_id": "string",
        "is_deleted": "boolean",
        "columns": "array<struct<field: string, input_namespace: string, input_name: string,"
        " input_field: string, type: string, subtype: string>>",
    },
    key=("namespace", "name", "job_namespace", "job_name"),
    groups=(_whole("event_time", "event_id", "is_deleted", "columns"),),
)

DEAD_LETTERS = Table(
    "dead_letters",
    {
        "reason": "string",
        **_PLACE,
        "key": "binary",
        "value": "binary",
        "rejected_at": "timestamp",
    },
    key=("topic", "partition", "record_offset"),
    day="record_time",
)

# In the order in which they are written: who sees an event's run sees the event.
TABLES = (EVENTS, DEAD_LETTERS, RUNS, RUN_IO, EDGES, COLUMN_FACETS)
