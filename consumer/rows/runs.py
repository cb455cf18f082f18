"""What events say of runs: of their own, of its parent and of its root.

Rows merge: of two rows of a run `RunRow.merge` makes the one that both of their events make,
whatever their order, as lineage_store.runs does (queries/runs/merge.sql).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.decode import Decoded
from consumer.decode.text import storable_text
from consumer.decode.times import NotATime, parse_time
from consumer.rows.keys import is_own_key, key_of, run_key
from openlineage_avro.event.access import at, list_of, object_of
from openlineage_avro.event.parent import parent_of
from openlineage_avro.event.pipeline_run_id import DEFAULT_NAME, FACET_KEY, usable_id

# Who says which job a run is of: nobody, the run that has it as its root or parent, or its own.
NOBODY, ROOT, PARENT, OWN = -1, 0, 1, 2
# Of terminal states at the same instant the greatest holds; none is less than any.
END_STATES = {"COMPLETE": 1, "ABORT": 2, "FAIL": 3}
RUNNING_TYPES = ("START", "RUNNING")
INTEGER_LIMIT = 2**31


@dataclass(slots=True)
class RunRow:
    """A row of lineage_store.runs as some events make it; `job` is a key of a job."""

    id: UUID
    run_id: str | None
    job_rank: int
    job: UUID | None
    first_event_at: datetime | None = None
    last_event_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    end_state: str | None = None
    is_running: bool = False
    is_dag_run: bool = False
    parent_run_id: UUID | None = None
    root_run_id: UUID | None = None
    parent_event_at: datetime | None = None
    upstream_run_id: UUID | None = None
    nominal_start_time: datetime | None = None
    nominal_end_time: datetime | None = None
    error_event_at: datetime | None = None
    error_message: str | None = None
    pipeline_rank: int | None = None
    pipeline_event_at: datetime | None = None
    pipeline_run_id: str | None = None
    dag_id: str | None = None
    airflow_run_id: str | None = None
    task_id: str | None = None
    map_index: int | None = None
    try_number: int | None = None
    task_settings: UUID | None = None

    def merge(self, other: "RunRow") -> None:
        """Add what another row of the same run says."""
        if other._job_claim() > self._job_claim():
            self.job_rank, self.job = other.job_rank, other.job
        if other._ending() > self._ending():
            self.ended_at, self.end_state = other.ended_at, other.end_state
        for members in _LATEST:
            said, known = getattr(other, members[0]), getattr(self, members[0])
            if said is None or (known is not None and known > said):
                continue
            if known is None or said > known or _key(other, members) > _key(self, members):
                for name in members:
                    setattr(self, name, getattr(other, name))
        for name in _LEAST:
            said, known = getattr(other, name), getattr(self, name)
            if said is not None and (known is None or said < known):
                setattr(self, name, said)
        for name in _GREATEST:
            said, known = getattr(other, name), getattr(self, name)
            if said is not None and (known is None or said > known):
                setattr(self, name, said)
        self.is_running |= other.is_running
        self.is_dag_run |= other.is_dag_run

    def _job_claim(self) -> tuple[Any, ...]:
        # Only the run's own events have a time: it is that of the latest.
        return (self.job_rank, *_sortable(self.last_event_at), *_sortable(self.job))

    def _ending(self) -> tuple[Any, ...]:
        return (*_sortable(self.ended_at), END_STATES.get(self.end_state or "", 0))


# Members that are taken together, from the row where they are greatest in this order.
_LATEST = (
    ("parent_event_at", "parent_run_id", "root_run_id"),
    ("error_event_at", "error_message"),
    ("pipeline_rank", "pipeline_event_at", "pipeline_run_id"),
)
_LEAST = ("first_event_at", "started_at")
_GREATEST = (
    *("last_event_at", "upstream_run_id", "nominal_start_time", "nominal_end_time"),
    *("dag_id", "airflow_run_id", "task_id", "map_index", "try_number", "task_settings"),
)
COLUMNS = tuple(each.name for each in fields(RunRow))


class TaskSettings(NamedTuple):
    """A row of lineage_store.task_settings: what Airflow's task is and where it runs."""

    hash: UUID  # of the rest, which many tasks have in common
    operator_class_path: str | None
    operator_class: str | None
    queue: str | None
    pool: str | None


class Named(NamedTuple):
    """A run as a facet names it, {run: {runId}, job: {namespace, name}}; no job where one lacks."""

    run_id: str
    namespace: str | None
    name: str | None


class Relative(NamedTuple):
    """A run that a facet names as the parent or root of another, or upstream of it (`rank`)."""

    named: Named
    rank: int
    is_dag_run: bool = False
    dag_id: str | None = None
    airflow_run_id: str | None = None


def relatives_of(facets: dict[str, Any]) -> tuple[Named | None, Named | None]:
    """Return what a run's facets say of its parent and of its root.

    Source: facet parent (1-2-0).
    """
    parent = parent_of(facets)
    return named(parent), named(parent.get("root"))


def upstream_of(facets: dict[str, Any]) -> list[Named]:
    """Return the runs that a run's facet jobDependencies (1-0-1) names as upstream."""
    upstream = list_of(at(facets, "jobDependencies", "upstream"))
    return [found for each in upstream if (found := named(each))]


def named(value: Any) -> Named | None:
    """Return the run that a part of a facet names; None where there is none."""
    run_id = at(value, "run", "runId")
    if not isinstance(run_id, str) or not run_id:
        return None
    job = object_of(value.get("job"))
    namespace, name = job.get("namespace"), job.get("name")
    if isinstance(namespace, str) and isinstance(name, str):
        return Named(run_id, namespace, name)
    return Named(run_id, None, None)


def own_row(decoded: Decoded, job: UUID, parent: Named | None, root: Named | None) -> RunRow:
    """Return what a RunEvent says of its own run, which is of the job with this key.

    `parent` and `root` are its relatives_of.
    """
    described, time, kind = decoded.event["run"], decoded.time, decoded.type
    facets = object_of(described.get("facets"))
    row = RunRow(
        **_identity(described["runId"]),
        job_rank=OWN,
        job=job,
        first_event_at=time,
        last_event_at=time,
        is_running=kind in RUNNING_TYPES,
    )
    if kind == "START":
        row.started_at = time
    elif kind in END_STATES:
        row.ended_at, row.end_state = time, kind
    if parent:
        row.parent_event_at, row.parent_run_id = time, run_key(parent.run_id)
        row.root_run_id = run_key(root.run_id) if root else None
    if facets:
        _add_pipeline(row, facets, time)
        _add_facets(row, facets, time)
    _add_airflow(row, facets, decoded.event["job"], parent)
    return row


def relative_row(relative: Relative, job: UUID | None) -> RunRow:
    """Return what a facet says of another run, which is of the job with this key."""
    return RunRow(
        **_identity(relative.named.run_id),
        job_rank=NOBODY if job is None else relative.rank,
        job=job,
        is_dag_run=relative.is_dag_run,
        dag_id=relative.dag_id,
        airflow_run_id=relative.airflow_run_id,
    )


def task_settings_of(facets: dict[str, Any]) -> TaskSettings | None:
    """Return what a run's facet airflow says of its task; None where that is nothing.

    Source: providers-openlineage, AirflowRunFacet; of Airflow 2 taskInstance has the pool.
    """
    facet = facets.get("airflow")
    task = at(facet, "task")
    said = (
        _text(task, "operator_class_path"),
        _text(task, "operator_class"),
        _text(task, "queue"),
        _text(at(facet, "taskInstance"), "pool") or _text(task, "pool"),
    )
    return TaskSettings(key_of(*(each or "" for each in said)), *said) if any(said) else None


def is_of_airflow(job: dict[str, Any], kind: str) -> bool:
    """Tell whether facet jobType says that a job is a DAG or a TASK (`kind`) of Airflow."""
    job_type = at(job.get("facets"), "jobType")
    return (at(job_type, "integration"), at(job_type, "jobType")) == ("AIRFLOW", kind)


def _identity(run_id: str) -> dict[str, Any]:
    text = None if is_own_key(run_id) else storable_text(run_id)
    return {"id": run_key(run_id), "run_id": text}


def _add_pipeline(row: RunRow, facets: dict[str, Any], time: datetime) -> None:
    """Add the pipeline run that the event names; of several places the first.

    The same places as the transport knows (openlineage_avro/event/pipeline_run_id.py).
    """
    for rank, find in enumerate(_PIPELINE_RUN_IDS, 1):
        if usable := usable_id(find(facets)):
            row.pipeline_rank, row.pipeline_event_at = -rank, time
            row.pipeline_run_id = storable_text(usable)
            return


def _tag(facets: dict[str, Any]) -> Any:
    for tag in list_of(at(facets, "tags", "tags")):
        if at(tag, "key") == DEFAULT_NAME and usable_id(at(tag, "value")):
            return tag["value"]
    return None


# Where a pipeline run may be named: the first of these that does so counts.
_PIPELINE_RUN_IDS: tuple[Callable[[dict[str, Any]], Any], ...] = (
    lambda facets: at(facets, FACET_KEY, "pipelineRunId"),
    lambda facets: at(facets, DEFAULT_NAME, DEFAULT_NAME),
    lambda facets: at(facets, "airflowDagRun", "dagRun", "conf", DEFAULT_NAME),
    lambda facets: at(facets, "airflow", "dagRun", "conf", DEFAULT_NAME),
    _tag,
)


def _add_facets(row: RunRow, facets: dict[str, Any], time: datetime) -> None:
    if "errorMessage" in facets and (message := _text(facets["errorMessage"], "message")):
        row.error_event_at, row.error_message = time, message
    if "jobDependencies" in facets:
        keys = (run_key(upstream.run_id) for upstream in upstream_of(facets))
        row.upstream_run_id = max(keys, default=None)
    if "nominalTime" in facets:
        row.nominal_start_time = _time(facets["nominalTime"], "nominalStartTime")
        row.nominal_end_time = _time(facets["nominalTime"], "nominalEndTime")


def _add_airflow(
    row: RunRow, facets: dict[str, Any], job: dict[str, Any], parent: Named | None
) -> None:
    """Add what Airflow's facets say, or where there are none, facet jobType and the job's name.

    Source: providers-openlineage, AirflowRunFacet and AirflowDagRunFacet.
    """
    if isinstance(facet := facets.get("airflow"), dict):
        row.dag_id = _text(facet.get("dag"), "dag_id")
        row.airflow_run_id = _text(facet.get("dagRun"), "run_id")
        row.task_id = _text(facet.get("task"), "task_id")
        row.map_index = _integer(facet.get("taskInstance"), "map_index")
        row.try_number = _integer(facet.get("taskInstance"), "try_number")
    elif isinstance(facet := facets.get("airflowDagRun"), dict):
        row.is_dag_run = True
        dag_run = facet.get("dagRun")
        row.dag_id = _text(dag_run, "dag_id") or _text(facet.get("dag"), "dag_id")
        row.airflow_run_id = _text(dag_run, "run_id")
    elif is_of_airflow(job, "DAG"):
        row.is_dag_run = True
    elif parent and parent.name is not None and is_of_airflow(job, "TASK"):
        # Its job has the name DAG.TASK.
        row.dag_id = storable_text(parent.name)
        row.task_id = storable_text(job["name"].removeprefix(f"{parent.name}."))


def _text(owner: Any, name: str) -> str | None:
    found = owner.get(name) if isinstance(owner, dict) else None
    if isinstance(found, str):
        return storable_text(found)
    return str(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def _integer(owner: Any, name: str) -> int | None:
    found = owner.get(name) if isinstance(owner, dict) else None
    if not isinstance(found, int) or isinstance(found, bool):
        return None
    return found if -INTEGER_LIMIT <= found < INTEGER_LIMIT else None


def _time(owner: Any, name: str) -> datetime | None:
    found = at(owner, name)
    if not isinstance(found, str):
        return None
    try:
        return parse_time(found)
    except NotATime:
        return None


def _key(row: RunRow, members: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(part for name in members for part in _sortable(getattr(row, name)))


def _sortable(value: Any) -> tuple[bool, Any]:
    """Return what compares with any other: nothing is less than something."""
    return (False, 0) if value is None else (True, value)
