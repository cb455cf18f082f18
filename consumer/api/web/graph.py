"""The graph around a job or dataset, and columns."""

from consumer.api.shapes import Name, Shape
from consumer.api.times import Time


class LineageNode(Name):
    """A job or dataset; ids are kind:namespace:name."""

    id: str
    kind: str  # job or dataset
    depth: int  # edges on the shortest way from where the graph starts; negative upstream
    job_type: str | None
    integration: str | None
    latest_run_id: str | None
    latest_state: str | None
    latest_event_at: Time | None
    owners: list[str]


class LineageEdge(Shape):
    """An edge in the direction of the data."""

    from_id: str
    to_id: str
    kind: str  # input, output, lineage, columns, dependency, trigger
    is_indirect: bool  # what is read filters, joins or sorts; no column is made of it
    last_event_at: Time | None


class LineageGraph(Shape):
    """Jobs and datasets around the first node, and how they are joined."""

    start: str
    total: int  # nodes there are; more than `nodes` has where there were too many
    nodes: list[LineageNode]
    edges: list[LineageEdge]


class Column(Shape):
    """A column of a dataset."""

    field: str
    type: str | None


class DatasetColumns(Name):
    """The columns of one dataset."""

    columns: list[Column]


class ColumnList(Shape):
    """The columns of some datasets."""

    datasets: list[DatasetColumns]


class ColumnStep(Name):
    """A column on the way from or to another."""

    field: str
    depth: int  # negative upstream
    via: str  # the column before it, as namespace:name:field
    type: str | None  # DIRECT or INDIRECT
    subtype: str | None
    masking: bool | None


class ColumnPath(Shape):
    """Where a column comes from, and what depends on it."""

    steps: list[ColumnStep]
