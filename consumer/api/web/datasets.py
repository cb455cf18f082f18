"""A dataset: its schema, names, owners, jobs, writes, checks and what depends on it."""

from consumer.api.shapes import Name, Shape
from consumer.api.times import Time


class KnownName(Name):
    """One of the dataset's names."""

    is_main: bool
    last_named_at: Time | None


class SchemaField(Shape):
    """A field of the schema that holds now."""

    position: int
    name: str | None
    type: str | None
    description: str | None


class SchemaChange(Shape):
    """A field that was added, removed or whose type changed."""

    changed_at: Time
    change: str
    field: str
    type_before: str | None
    type_after: str | None


class Owner(Shape):
    """Somebody who owns the dataset."""

    name: str
    type: str | None


class FieldTag(Shape):
    """A tag of the dataset, or of one of its fields."""

    key: str | None
    value: str | None
    field: str | None


class UsingJob(Name):
    """A job that writes or reads the dataset."""

    direction: str  # output: it writes; input: it reads
    job_type: str | None
    latest_run_id: str | None
    latest_state: str | None
    last_event_at: Time


class Write(Shape):
    """A run that wrote the dataset."""

    run_id: str
    job_namespace: str | None
    job_name: str | None
    state: str | None
    at: Time | None
    rows: int | None
    bytes: int | None


class Check(Shape):
    """The latest result of a quality check."""

    assertion: str | None
    column: str | None
    success: bool | None  # null: it was skipped
    severity: str | None
    at: Time
    run_id: str
    job_namespace: str | None
    job_name: str | None


class Dependent(Name):
    """A job or dataset that depends on the dataset."""

    depth: int
    kind: str
    owners: list[str]
    last_at: Time | None
    last_state: str | None
    runs_in_30_days: int | None


class DatasetPage(Name):
    """All that a dataset's page shows."""

    description: str | None
    state: str | None  # of facet lifecycleStateChange: CREATE, DROP, ...
    state_at: Time | None
    names: list[KnownName]
    fields: list[SchemaField]
    changes: list[SchemaChange]
    owners: list[Owner]
    tags: list[FieldTag]
    jobs: list[UsingJob]
    written: list[Write]
    checks: list[Check]
    impact: list[Dependent]
