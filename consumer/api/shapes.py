"""The shapes of Marquez's API, version 1: what each answer holds.

Members are written in camel case, nulls are written out, times as consumer/api/times.py says.
Source: https://github.com/MarquezProject/marquez/blob/main/spec/openapi.yml and what its server
answers.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from consumer.api.times import Time

RunState = Literal["NEW", "RUNNING", "COMPLETED", "ABORTED", "FAILED"]
DatasetType = Literal["DB_TABLE", "STREAM"]
JobType = Literal["BATCH", "STREAM", "SERVICE"]
Facets = dict[str, Any]
Id = Annotated[UUID, PlainSerializer(str, return_type=str)]


class Shape(BaseModel):
    """What is written as a JSON object with members in camel case."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True, extra="forbid"
    )


class Name(Shape):
    """What a job or dataset is called."""

    namespace: str
    name: str


class VersionId(Name):
    """A version of a job or dataset."""

    version: Id


class Namespace(Shape):
    name: str
    created_at: Time
    updated_at: Time
    owner_name: str
    description: str | None
    is_hidden: bool


class Namespaces(Shape):
    namespaces: list[Namespace]


class Source(Shape):
    type: str
    name: str
    created_at: Time
    updated_at: Time
    connection_url: str
    description: str | None


class Sources(Shape):
    sources: list[Source]


class Tag(Shape):
    name: str
    description: str | None


class Tags(Shape):
    tags: list[Tag]


class Field(Shape):
    name: str
    type: str | None
    tags: list[str]
    description: str | None


class DatasetVersionRef(Shape):
    """A version of a dataset that a run read or wrote."""

    dataset_version_id: VersionId
    facets: Facets


class Run(Shape):
    id: str
    created_at: Time
    updated_at: Time
    nominal_start_time: Time | None
    nominal_end_time: Time | None
    state: RunState
    started_at: Time | None
    ended_at: Time | None
    duration_ms: int | None
    args: dict[str, Any]
    job_version: VersionId | None
    input_dataset_versions: list[DatasetVersionRef]
    output_dataset_versions: list[DatasetVersionRef]
    facets: Facets


class Runs(Shape):
    runs: list[Run]
    total_count: int


class RunFacets(Shape):
    run_id: str
    facets: Facets


class JobData(Shape):
    """A job as a node of a graph has it."""

    id: Name
    type: JobType
    name: str
    simple_name: str
    parent_job_name: str | None
    parent_job_uuid: Id | None
    created_at: Time
    updated_at: Time
    namespace: str
    inputs: list[Name]
    outputs: list[Name]
    location: str | None
    description: str | None
    latest_run: Run | None


class Job(JobData):
    latest_runs: list[Run] | None  # not empty: the web UI's dashboard would stay blank
    facets: Facets
    current_version: Id | None
    labels: list[str]
    tags: list[str]


class Jobs(Shape):
    jobs: list[Job]
    total_count: int


class JobVersion(Shape):
    id: VersionId
    name: str
    created_at: Time
    version: Id
    namespace: str
    location: str | None
    inputs: list[Name]
    outputs: list[Name]
    latest_run: Run | None


class JobVersions(Shape):
    versions: list[JobVersion]


class DatasetData(Shape):
    """A dataset as a node of a graph has it."""

    id: Name
    type: DatasetType
    name: str
    physical_name: str
    created_at: Time
    updated_at: Time
    namespace: str
    source_name: str
    fields: list[Field]
    tags: list[str]
    last_modified_at: Time | None
    description: str | None
    last_lifecycle_state: str | None


class InputField(Shape):
    namespace: str
    dataset: str
    field: str
    transformation_description: str | None
    transformation_type: str | None


class ColumnOrigin(Shape):
    """What a column of a dataset comes from."""

    name: str
    input_fields: list[InputField]
    transformation_description: str | None = None
    transformation_type: str | None = None


class Dataset(DatasetData):
    current_version: Id | None
    column_lineage: list[ColumnOrigin] | None
    facets: Facets
    deleted: bool


class Datasets(Shape):
    datasets: list[Dataset]
    total_count: int


class DatasetVersion(Shape):
    id: Name
    type: DatasetType
    name: str
    physical_name: str
    created_at: Time
    version: Id
    namespace: str
    source_name: str
    fields: list[Field]
    tags: list[str]
    lifecycle_state: str | None
    description: str | None
    current_schema_version: Id | None
    created_by_run: Run | None
    facets: Facets


class DatasetVersions(Shape):
    versions: list[DatasetVersion]
    total_count: int
