"""The shapes of what requests say: members that are not known are ignored, as Marquez does."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Said(BaseModel):
    """A JSON object of a request, with members in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class NamespaceMeta(Said):
    """Who owns a namespace, and what it is for."""

    owner_name: str
    description: str | None = None


class SourceMeta(Said):
    """Where datasets physically are."""

    type: str
    connection_url: str
    description: str | None = None


class TagMeta(Said):
    """What a tag means."""

    description: str | None = None


class FieldMeta(Said):
    """A field of a dataset."""

    name: str
    type: str | None = None
    tags: list[str] = []
    description: str | None = None


class DatasetMeta(Said):
    """What a dataset is like, and (run_id) which run made it so."""

    type: str = "DB_TABLE"
    physical_name: str | None = None
    source_name: str = "default"
    schema_location: str | None = None
    fields: list[FieldMeta] | None = None
    tags: list[str] = []
    description: str | None = None
    run_id: UUID | None = None


class DatasetRef(Said):
    """A dataset by its name."""

    namespace: str
    name: str


class JobMeta(Said):
    """What a job is like, and (run_id) of which run it is told."""

    type: str = "BATCH"
    inputs: list[DatasetRef] = []
    outputs: list[DatasetRef] = []
    location: str | None = None
    context: dict[str, Any] = {}
    description: str | None = None
    run_id: UUID | None = None


class RunMeta(Said):
    """A run that is to be made."""

    id: UUID | None = None
    nominal_start_time: datetime | None = None
    nominal_end_time: datetime | None = None
    args: dict[str, str] = {}
