"""Finds datasets by their names or ids, as they are now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from consumer.api.catalog.jobs import facets_of
from consumer.api.catalog.tags import Tags, tags_of
from consumer.api.catalog.versions import DatasetName, dataset_version
from consumer.api.shapes import (
    ColumnOrigin,
    Dataset,
    Facets,
    InputField,
)
from consumer.query.reader import Row, Snapshot
from consumer.rows.keys import key_of
from openlineage_avro.event.access import at, list_of, object_of

DEFAULT_SOURCE = "default"
END_OF_TIME = datetime.max.replace(tzinfo=timezone.utc)


def rows_by_names(snapshot: Snapshot, names: Iterable[tuple[str, str]]) -> list[Row]:
    """Return the rows of lineage_api.datasets for (namespace, name), each under its used name."""
    keys = [key_of(*name) for name in names]
    return snapshot.rows("api/datasets/by_names", keys=keys) if keys else []


def rows_by_ids(snapshot: Snapshot, ids: Iterable[int]) -> list[Row]:
    """Return the rows of lineage_api.datasets for ids of lineage_store.datasets."""
    return snapshot.rows("api/datasets/by_ids", ids=list(ids))


def datasets(snapshot: Snapshot, rows: Sequence[Row]) -> list[Dataset]:
    """Return datasets as they are listed, in the order of their rows."""
    facets, tags = facets_and_tags(snapshot, rows)
    unwritten = unwritten_among(snapshot, rows)
    writers = writers_now(snapshot, [row["source_key"] for row in rows])
    return [
        _dataset(row, writer, facets[row["source_id"]], tags, unwritten)
        for row, writer in zip(rows, writers, strict=True)
    ]


def source_name(row: Row) -> DatasetName:
    """Return the name that events used last for the dataset of a row."""
    return DatasetName(row["source_namespace"], row["source_name"])


def _dataset(
    row: Row, writer: UUID | None, facets: Facets, tags: Tags, unwritten: set[int]
) -> Dataset:
    members = members_of(row, facets, tags, unwritten)
    is_unwritten = row["source_id"] in unwritten
    shown = {} if is_unwritten else facets
    return Dataset(
        **members,
        current_version=None if is_unwritten else dataset_version(source_name(row), writer),
        column_lineage=list(column_origins(shown)) or None,
        facets=shown,
        deleted=row["lifecycle_state"] == "DROP",
    )


def facets_and_tags(snapshot: Snapshot, rows: Sequence[Row]) -> tuple[dict[int, Facets], Tags]:
    """Return the facets and tags of datasets, by the ids of the names that events use for them."""
    ids = [row["source_id"] for row in rows]
    return facets_of(snapshot, "dataset", ids), tags_of(snapshot, ids)


def unwritten_among(snapshot: Snapshot, rows: Sequence[Row]) -> set[int]:
    """Return which datasets have no version yet: no run that wrote them completed or read them."""
    ids = [row["source_id"] for row in rows]
    begun = {row["dataset_id"] for row in snapshot.rows("api/datasets/begun", ids=ids)}
    asked = [row for row in rows if row["source_id"] in begun]
    writers = writers_now(snapshot, [row["source_key"] for row in asked])
    return {row["source_id"] for row, writer in zip(asked, writers, strict=True) if not writer}


def writers_now(snapshot: Snapshot, keys: Sequence[UUID]) -> list[UUID | None]:
    """Return the run that wrote each of some datasets last; None where none has."""
    if not keys:
        return []
    times = [END_OF_TIME] * len(keys)
    rows = snapshot.rows("api/datasets/writers_at", keys=list(keys), times=times)
    found = {row["number"]: row["id"] for row in rows}
    return [found.get(number) for number in range(1, len(keys) + 1)]


def fields_of(facets: Facets, tags: Tags, dataset_id: int) -> list[dict[str, Any]]:
    """Return the fields that facet schema names: the members of each as a Field."""
    return [
        {
            "name": each["name"],
            "type": _text(each.get("type")),
            "tags": tags[dataset_id, each["name"]],
            "description": _text(each.get("description")),
        }
        for each in list_of(at(facets.get("schema"), "fields"))
        if isinstance(at(each, "name"), str)
    ]


def source_of(facets: Facets) -> str:
    """Return the source that facet dataSource names."""
    return _text(at(facets.get("dataSource"), "name")) or DEFAULT_SOURCE


def column_origins(facets: Facets) -> Iterator[ColumnOrigin]:
    """Yield where the columns come from that facet columnLineage names."""
    for name, described in object_of(at(facets.get("columnLineage"), "fields")).items():
        kind, description = (
            at(described, "transformationType"),
            at(described, "transformationDescription"),
        )
        yield ColumnOrigin(
            name=name,
            input_fields=[
                InputField(
                    namespace=each["namespace"],
                    dataset=each["name"],
                    field=each["field"],
                    transformation_description=_text(description),
                    transformation_type=_text(kind),
                )
                for each in list_of(at(described, "inputFields"))
                if all(isinstance(at(each, key), str) for key in ("namespace", "name", "field"))
            ],
            transformation_description=_text(description),
            transformation_type=_text(kind),
        )


def members_of(row: Row, facets: Facets, tags: Tags, unwritten: set[int]) -> dict[str, Any]:
    """Return the members of DatasetData for a row of lineage_api.datasets.

    `unwritten` is what `unwritten_among` returned.
    """
    is_unwritten = row["source_id"] in unwritten
    return {
        "id": {"namespace": row["namespace"], "name": row["name"]},
        "type": "DB_TABLE",
        "name": row["name"],
        "physicalName": row["source_name"],
        "createdAt": row["first_event_at"],
        "updatedAt": row["last_event_at"],
        "namespace": row["namespace"],
        "sourceName": source_of(facets),
        "fields": [] if is_unwritten else fields_of(facets, tags, row["source_id"]),
        "tags": tags[row["source_id"], ""],
        "lastModifiedAt": None,
        "description": row["description"],
        "lastLifecycleState": None if is_unwritten else row["lifecycle_state"] or "",
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
