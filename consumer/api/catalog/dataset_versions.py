"""Finds the versions of a dataset: what runs wrote, and what was read before any had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consumer.api.catalog.datasets import END_OF_TIME, fields_of, source_name, source_of
from consumer.api.catalog.run_events import RunEvents, schema_text
from consumer.api.catalog.runs import find_events, find_runs, written
from consumer.api.catalog.tags import Tags, tags_of
from consumer.api.catalog.versions import DatasetName, dataset_version, schema_version
from consumer.api.shapes import DatasetVersion, Facets, Field, Name, Run
from consumer.query.reader import Row, Snapshot
from openlineage_avro.event.access import at, object_of

EVERY = 1_000  # runs that are looked at for a version's id


@dataclass
class Version:
    """A version of a dataset, and which run wrote it; the facets are those of its event."""

    id: UUID
    created_at: datetime
    run: UUID | None
    facets: Facets


def dataset_versions(
    snapshot: Snapshot, dataset: Row, limit: int, offset: int
) -> tuple[list[DatasetVersion], int]:
    """Return a page of the versions of a dataset, the newest first, and how many there are.

    `dataset` is a row of lineage_api.datasets. Where many runs wrote it, those beyond the page are
    taken to have written one version each.
    """
    versions, count = _versions(snapshot, dataset, offset + limit)
    return _shown(snapshot, dataset, versions, offset, offset + limit), count


def find_version(snapshot: Snapshot, dataset: Row, version: UUID) -> DatasetVersion | None:
    """Return a version of a dataset by its id; one of the latest, where it has very many."""
    versions, _ = _versions(snapshot, dataset, EVERY)
    for index, each in enumerate(versions):
        if each.id == version:
            (found,) = _shown(snapshot, dataset, versions, index, index + 1)
            return found
    return None


def _versions(snapshot: Snapshot, dataset: Row, limit: int) -> tuple[list[Version], int]:
    """Return the latest versions of a dataset, at least `limit`, and how many there are."""
    told = snapshot.row("api/datasets/first_read", dataset_id=dataset["source_id"])
    rows = snapshot.rows("api/datasets/writers", dataset_id=dataset["source_id"], limit=limit)
    assert told is not None
    runs = [row["id"] for row in rows]
    events = find_events(snapshot, runs)
    name = source_name(dataset)
    versions = [version for run in runs for version in _written(events[run], run, name)]
    count = told["writers"] - len(runs) + len(versions)
    since = told["first_read_at"] or (None if runs else dataset["first_event_at"])
    if since is not None:
        count += 1
        if told["writers"] == len(runs):
            versions.append(Version(dataset_version(name, None), since, None, {}))
    return sorted(versions, key=lambda version: version.created_at, reverse=True), count


def _written(events: RunEvents, run: UUID, name: DatasetName) -> Iterator[Version]:
    seen = set()
    for use, version in written(events, run):
        if use.dataset == name and version not in seen:
            seen.add(version)
            yield Version(version, use.time, run, object_of(use.described.get("facets")))


def _shown(
    snapshot: Snapshot, dataset: Row, versions: Sequence[Version], start: int, end: int
) -> list[DatasetVersion]:
    """Return some of the versions as they are shown: each with its facets as they stood last."""
    page = versions[start:end]
    superseded = [END_OF_TIME, *(version.created_at for version in versions)][start:end]
    facets: list[Facets] = [{} for _ in page]
    for row in snapshot.rows(
        "api/datasets/facets_before", dataset_id=dataset["source_id"], times=superseded
    ):
        facets[row["number"] - 1][row["name"]] = row["value"]
    runs = find_runs(snapshot, [version.run for version in page if version.run])
    tags = tags_of(snapshot, [dataset["source_id"]])
    return [
        _shape(dataset, version, held, runs.get(version.run) if version.run else None, tags)
        for version, held in zip(page, facets, strict=True)
    ]


def _shape(
    dataset: Row, version: Version, facets: Facets, run: Run | None, tags: Tags
) -> DatasetVersion:
    name = source_name(dataset)
    own = version.facets if version.run else facets
    return DatasetVersion(
        id=Name(namespace=dataset["namespace"], name=dataset["name"]),
        type="DB_TABLE",
        name=dataset["name"],
        physical_name=name.name,
        created_at=version.created_at,
        version=version.id,
        namespace=dataset["namespace"],
        source_name=source_of(facets),
        fields=[Field(**each) for each in fields_of(own, tags, dataset["source_id"])],
        tags=tags[dataset["source_id"], ""],
        lifecycle_state=_state(own),
        description=dataset["description"],
        current_schema_version=schema_version(name, schema_text(own)),
        created_by_run=run,
        facets=facets,
    )


def _state(facets: Facets) -> Any:
    return at(facets, "lifecycleStateChange", "lifecycleStateChange") or ""
