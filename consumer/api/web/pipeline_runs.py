"""A pipeline run: everything under one pipeline_run_id, in time."""

from consumer.api.shapes import Name, Shape
from consumer.api.times import Time


class PipelineStep(Shape):
    """A run of the pipeline run."""

    run_id: str
    job_namespace: str | None
    job_name: str | None
    parent_run_id: str | None
    state: str | None
    started_at: Time | None
    ended_at: Time | None
    seconds: float | None
    dag_id: str | None
    is_dag_run: bool
    task_id: str | None
    map_index: int | None
    try_number: int | None
    error: str | None


class PipelineRun(Shape):
    """A pipeline run with all its runs, in the order in which they began."""

    pipeline_run_id: str
    state: str | None
    runs: int
    dag_runs: int
    failed_runs: int
    running_runs: int
    first_event_at: Time | None
    last_event_at: Time | None
    seconds: float | None
    inputs: list[Name]
    outputs: list[Name]
    steps: list[PipelineStep]
