"""A DAG run: its task graph, its tasks with their tries, what they read and wrote."""

from consumer.api.shapes import Shape
from consumer.api.times import Time


class DagRunSummary(Shape):
    """A DAG run in a list."""

    run_id: str
    job_namespace: str | None
    dag_id: str
    airflow_run_id: str | None
    state: str | None  # COMPLETE, FAIL, ABORT, RUNNING; null where only its tasks are known
    pipeline_run_id: str | None
    started_at: Time | None
    ended_at: Time | None
    seconds: float | None
    tasks: int
    failed_tasks: int
    silent_tasks: int
    failed_task: str | None  # the one that failed last
    error: str | None


class DagRunList(Shape):
    """The latest DAG runs, those that failed first."""

    dag_runs: list[DagRunSummary]


class Try(Shape):
    """One try of a task, a run of its own."""

    run_id: str
    try_number: int | None
    state: str | None
    started_at: Time | None
    ended_at: Time | None
    error: str | None
    stack_trace: str | None


class TaskDataset(Shape):
    """What a task read or wrote."""

    direction: str  # input or output
    namespace: str
    name: str
    rows: int | None
    bytes: int | None
    files: int | None


class TaskInstance(Shape):
    """A task instance of a DAG run, with all its tries."""

    task_id: str
    map_index: int | None
    state: str | None  # in Airflow's words: success, failed, running, skipped, upstream_failed
    state_source: str  # own events or airflowState
    operator: str | None
    run_id: str | None  # of the last try
    started_at: Time | None
    ended_at: Time | None
    seconds: float | None
    tries: list[Try]
    datasets: list[TaskDataset]
    critical_wait: float | None  # seconds before it began; null off the critical path
    is_critical: bool


class GraphNode(Shape):
    """A task or a group of tasks in the DAG's graph."""

    kind: str  # task or group
    id: str
    group: str | None
    label: str | None
    operator: str | None
    is_setup: bool | None
    is_teardown: bool | None


class GraphEdge(Shape):
    """One task after another."""

    from_id: str
    to_id: str
    label: str | None


class StaleNode(Shape):
    """What misses the output of a task that did not succeed; at depth 0 the output itself."""

    depth: int
    kind: str
    namespace: str
    name: str
    owners: list[str]
    tasks: list[str]  # the tasks that should have written
    last_at: Time | None


class DagRun(Shape):
    """A DAG run with all that its page shows."""

    run_id: str
    job_namespace: str | None
    dag_id: str
    airflow_run_id: str | None
    state: str | None
    pipeline_run_id: str | None
    started_at: Time | None
    ended_at: Time | None
    last_event_at: Time | None
    seconds: float | None
    nominal_start_time: Time | None
    error: str | None
    nodes: list[GraphNode]
    edges: list[GraphEdge]
    tasks: list[TaskInstance]
    stale: list[StaleNode]
