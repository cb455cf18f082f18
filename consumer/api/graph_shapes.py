"""The shapes of Marquez's answers about graphs, events, searches and statistics.

Source: https://github.com/MarquezProject/marquez/blob/main/spec/openapi.yml and what its server
answers.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from consumer.api.shapes import DatasetData, Id, JobData, RunState, Shape
from consumer.api.times import Time


class Edge(Shape):
    """From one node to another, by their ids."""

    origin: str
    destination: str


class GraphJob(JobData):
    """A job as a node of a graph has it."""

    current_run_uuid: str | None


class JobNode(Shape):
    id: str
    type: Literal["JOB"]
    data: GraphJob
    in_edges: list[Edge]
    out_edges: list[Edge]


class DatasetNode(Shape):
    id: str
    type: Literal["DATASET"]
    data: DatasetData
    in_edges: list[Edge]
    out_edges: list[Edge]


class Lineage(Shape):
    graph: list[Annotated[JobNode | DatasetNode, Field(discriminator="type")]]


class SourceField(Shape):
    """A field that another one comes from."""

    namespace: str
    dataset: str
    dataset_version: Id
    field: str
    transformation_description: str | None
    transformation_type: str | None


class FieldData(SourceField):
    """A field of a dataset, and what it comes from."""

    field_type: str
    input_fields: list[SourceField]


class FieldNode(Shape):
    """Of `in_edges` the origin is this node and the destination the field that it comes from."""

    id: str
    type: Literal["DATASET_FIELD"]
    data: FieldData
    in_edges: list[Edge]
    out_edges: list[Edge]


class ColumnLineage(Shape):
    graph: list[FieldNode]


class RunJob(Shape):
    namespace: str
    name: str
    version: Id | None


class RunTimes(Shape):
    id: str
    start: Time | None
    end: Time | None
    status: RunState


class RunInput(Shape):
    """A version of a dataset that a run read, and the run that wrote it."""

    namespace: str
    name: str
    version: Id
    produced_by_run_id: str


class UpstreamRun(Shape):
    job: RunJob
    run: RunTimes
    inputs: list[RunInput]


class RunLineage(Shape):
    runs: list[UpstreamRun]


class Events(Shape):
    """OpenLineage's run events, as they were sent."""

    events: list[dict[str, Any]]
    total_count: int


class SearchResult(Shape):
    type: Literal["JOB", "DATASET"]
    name: str
    updated_at: Time
    namespace: str
    node_id: str


class SearchResults(Shape):
    total_count: int
    results: list[SearchResult]


class Interval(Shape):
    start_interval: Time
    end_interval: Time


class EventCounts(Interval):
    """How many run events of each type tell of a time in the interval."""

    fail: int = 0
    start: int = 0
    complete: int = 0
    abort: int = 0


class Count(Interval):
    """How many there were at the end of the interval."""

    count: int
