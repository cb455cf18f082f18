"""Ids of versions: what is the same has the same, from call to call and from store to store."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from consumer.rows.keys import key_of


class DatasetName(NamedTuple):
    """A dataset that a run reads or writes."""

    namespace: str
    name: str


def job_version(
    namespace: str,
    name: str,
    location: str | None,
    inputs: Iterable[DatasetName],
    outputs: Iterable[DatasetName],
) -> UUID:
    """Return the version of a job that reads and writes these, from a program at this place."""
    parts = ["job version", namespace, name, location or ""]
    for side, datasets in (("inputs", inputs), ("outputs", outputs)):
        parts.append(side)
        for dataset in sorted(datasets):
            parts += dataset
    return key_of(*parts)


def dataset_version(dataset: DatasetName, run: UUID | None, earlier: str | None = None) -> UUID:
    """Return the version of a dataset that a run wrote; of one only read, that without a run.

    A run that told several schemas one after the other wrote several versions: `earlier` is the
    text of the schema of one that is not its last.
    """
    parts = ("dataset version", *dataset, str(run or ""))
    return key_of(*parts) if earlier is None else key_of(*parts, earlier)


def schema_version(dataset: DatasetName, fields: str) -> UUID:
    """Return the version of a schema, of which `fields` is the text."""
    return key_of("schema version", *dataset, fields)
