"""Reads the facet `lineage` of jobs and datasets (OpenLineage spec 1-0-0).

On a job it says which inputs each output comes from: it replaces the cross product of the job's
inputs and outputs, and each dataset that it names as a target has a lane of its own through the
job. Its fields are edges between columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from consumer.decode.canonical import canonical_json, hash_of
from consumer.decode.decode import Decoded
from consumer.decode.text import storable_text
from consumer.rows.facet_graphs import ColumnEdge, transformations_of
from consumer.rows.graph import ColumnFacet, Dataset, Edge, EdgeKind, FacetOwner, Job, Lane, Node
from consumer.rows.merging import Latest, keep_latest, widen
from consumer.rows.names import Names, named_dataset, named_job
from openlineage_avro.event.access import list_of, object_of

LINEAGE = "lineage"


@dataclass
class _Columns:
    """The columns of one target, and what they come from."""

    names: list[str] = field(default_factory=list)
    edges: list[ColumnEdge] = field(default_factory=list)
    said: list[Any] = field(default_factory=list)


def add_job_facet(rows: Names, decoded: Decoded, job: Job, facet: dict[str, Any]) -> None:
    """Add the lanes, the edges from job to job, and the columns of a job's facet."""
    owner, is_deleted = FacetOwner(job, LINEAGE), facet.get("_deleted") is True
    if is_deleted:
        rows.graph.state(owner, decoded.time, is_deleted)
        return
    columns: dict[Dataset, _Columns] = {}
    names_datasets = False
    for entry in map(object_of, list_of(facet.get("entries"))):
        if entry.get("type") == "DATASET" and (target := named_dataset(rows, entry)):
            _add_lane(rows, decoded, job, target, entry)
            _add_columns(rows, columns.setdefault(target, _Columns()), entry)
            names_datasets = True
        elif entry.get("type") == "JOB":
            names_datasets |= _add_job_entry(rows, decoded, job, entry)
    for target, said in columns.items():
        _keep_columns(rows, decoded, ColumnFacet(target.dataset, job.job), said)
    if names_datasets:  # else it does not replace what the job's inputs and outputs say
        rows.graph.state(owner, decoded.time, is_deleted)


def add_dataset_facet(
    rows: Names, decoded: Decoded, dataset: Dataset, facet: dict[str, Any]
) -> None:
    """Add the edges that lead to a dataset, and its columns'."""
    is_deleted = facet.get("_deleted") is True
    rows.graph.state(FacetOwner(dataset, LINEAGE), decoded.time, is_deleted)
    if is_deleted:
        return
    for source in _sources(facet):
        origin = _source(rows, source)
        if origin is not None and origin != dataset:
            _add(rows, decoded, origin, dataset, dataset)
    columns = _Columns()
    _add_columns(rows, columns, facet)
    _keep_columns(rows, decoded, ColumnFacet(dataset.dataset, None), columns)


def _add_lane(
    rows: Names, decoded: Decoded, job: Job, target: Dataset, entry: dict[str, Any]
) -> None:
    """Add the way of data through a job to one dataset."""
    lane, own = Lane(job.job, target.dataset), Lane(job.job, None)
    origins = [_source(rows, source, job) for source in _sources(entry)]
    if job in origins:
        _add(rows, decoded, own, target, job)
    others = [origin for origin in origins if origin not in (None, job)]
    if others or job not in origins:
        _add(rows, decoded, lane, target, job)
    for origin in others:
        if origin is not None:
            _add(rows, decoded, origin, lane, job)


def _add_job_entry(rows: Names, decoded: Decoded, job: Job, entry: dict[str, Any]) -> bool:
    """Add what leads to a job: to the event's own where the entry names none.

    Tell whether the event's own job has a dataset as its source.
    """
    target, reads_datasets = named_job(rows, entry) or job, False
    for source in _sources(entry):
        origin = _source(rows, source, job)
        if isinstance(origin, Dataset) and target == job:
            _add(rows, decoded, origin, Lane(job.job, None), job)
            reads_datasets = True
        elif origin is not None and origin != target:
            _add(rows, decoded, origin, target, job)
    return reads_datasets


def _sources(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the sources of a target and of its fields."""
    yield from map(object_of, list_of(entry.get("inputs")))
    for each in object_of(entry.get("fields")).values():
        yield from map(object_of, list_of(object_of(each).get("inputs")))


def _source(rows: Names, source: dict[str, Any], job: Job | None = None) -> Dataset | Job | None:
    """Return what a source names; a JOB without a name is the event's own."""
    if source.get("type") == "JOB":
        return named_job(rows, source) or job
    return named_dataset(rows, source)


def _add(
    rows: Names, decoded: Decoded, origin: Node, target: Node, stated_by: Job | Dataset
) -> None:
    edge = Edge(origin, target, EdgeKind.LINEAGE, stated_by)
    widen(rows.graph.edges, edge, decoded.time)


def _add_columns(rows: Names, columns: _Columns, entry: dict[str, Any]) -> None:
    """Add the edges of columns: a source with a field beside `fields` is of the whole dataset."""
    fields = object_of(entry.get("fields"))
    columns.said += [entry.get("inputs"), fields]
    columns.edges += _column_edges(rows, None, entry.get("inputs"))
    for name, described in fields.items():
        column = storable_text(name)
        columns.names.append(column)
        columns.edges += _column_edges(rows, column, object_of(described).get("inputs"))


def _column_edges(rows: Names, column: str | None, inputs: Any) -> Iterator[ColumnEdge]:
    for each in map(object_of, list_of(inputs)):
        input_field = each.get("field")
        if each.get("type") == "JOB" or not isinstance(input_field, str):
            continue
        if named_dataset(rows, each) is None:
            continue
        for transformation in transformations_of(each, {}):
            yield ColumnEdge.of(column, each, transformation)


def _keep_columns(rows: Names, decoded: Decoded, key: ColumnFacet, columns: _Columns) -> None:
    """Keep what the latest facet says, also where that is nothing."""
    value = hash_of(canonical_json(columns.said))
    version = Latest(decoded.time, decoded.hash, value, False)
    keep_latest(rows.graph.column_facets, key, version)
    rows.graph.column_edges.setdefault(value, columns.edges)
    rows.graph.columns.setdefault(value, columns.names)
