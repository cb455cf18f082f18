"""Reads the names and the edges that facets state beside inputs and outputs.

Tolerant: what is not in the shape that producers are known to send is left out; the facet itself
is stored whole elsewhere. Sources: OpenLineage's spec of the facets symlinks 1-0-1,
lifecycleStateChange 1-0-1, lineage 1-0-0, columnLineage 1-2-0 and jobDependencies 1-0-1.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from consumer.decode.decode import Decoded
from consumer.decode.text import storable_text
from consumer.rows.facet_graphs import column_edges
from consumer.rows.graph import (
    Dataset,
    Edge,
    EdgeKind,
    FacetOwner,
    Job,
    Lifecycle,
    Link,
    LinkKind,
)
from consumer.rows.lineage_facet import add_dataset_facet, add_job_facet
from consumer.rows.merging import widen
from consumer.rows.names import Names, named_dataset, named_job
from openlineage_avro.event.access import at, list_of, object_of
from openlineage_avro.event.kinds import DATASET_EVENT, RUN_EVENT

LONGEST_TYPE = 200  # of jobDependencies' dependency_type: it is part of a unique key
RENAME = "RENAME"
SYMLINKS = "symlinks"
COLUMN_LINEAGE = "columnLineage"


def add_edges(rows: Names, decoded: Decoded) -> None:
    """Add all that an event says of names and edges, but for inputs and outputs themselves."""
    event = decoded.event
    if decoded.kind == DATASET_EVENT:
        described = event["dataset"]
        key = _add_dataset(rows, decoded, described)
        facet = at(described, "facets", COLUMN_LINEAGE)
        if isinstance(facet, dict):
            _add_columns_as_edges(rows, decoded, Dataset(key), facet)
        return
    job = Job(rows.job(event["job"]["namespace"], event["job"]["name"]))
    facet = at(event["job"], "facets", "lineage")
    if isinstance(facet, dict):
        add_job_facet(rows, decoded, job, facet)
    if decoded.kind == RUN_EVENT:
        _add_control(rows, decoded, job, object_of(event["run"].get("facets")))
    for side in ("inputs", "outputs"):
        for each in list_of(event.get(side)):
            _add_dataset(rows, decoded, each)


def _add_dataset(rows: Names, decoded: Decoded, described: dict[str, Any]) -> UUID:
    """Add what is said of a dataset that an event uses a name of; return the name's key."""
    key = rows.dataset(described["namespace"], described["name"])
    widen(rows.graph.named, key, decoded.time)
    facets = described.get("facets")
    if isinstance(facets, dict):
        if "symlinks" in facets:
            _add_symlinks(rows, decoded, key, object_of(facets["symlinks"]))
        if "lifecycleStateChange" in facets:
            _add_lifecycle(rows, decoded, key, object_of(facets["lifecycleStateChange"]))
        if isinstance(facet := facets.get("lineage"), dict):
            add_dataset_facet(rows, decoded, Dataset(key), facet)
    return key


def _add_symlinks(rows: Names, decoded: Decoded, key: UUID, facet: dict[str, Any]) -> None:
    is_deleted = facet.get("_deleted") is True
    rows.graph.state(FacetOwner(Dataset(key), SYMLINKS), decoded.time, is_deleted)
    for each in [] if is_deleted else list_of(facet.get("identifiers")):
        other = named_dataset(rows, each)
        if other is not None and other.dataset != key:
            widen(rows.graph.links, Link(key, other.dataset, LinkKind.SYMLINK), decoded.time)


def _add_lifecycle(rows: Names, decoded: Decoded, key: UUID, facet: dict[str, Any]) -> None:
    state = facet.get("lifecycleStateChange")
    if not isinstance(state, str):
        return
    lifecycle = Lifecycle(decoded.time, decoded.hash, storable_text(state))
    known = rows.graph.lifecycles.get(key)
    if known is None or known[:2] <= lifecycle[:2]:
        rows.graph.lifecycles[key] = lifecycle
    previous = named_dataset(rows, facet.get("previousIdentifier"))
    if state == RENAME and previous is not None and previous.dataset != key:
        widen(rows.graph.links, Link(key, previous.dataset, LinkKind.RENAME), decoded.time)


def _add_columns_as_edges(
    rows: Names, decoded: Decoded, dataset: Dataset, facet: dict[str, Any]
) -> None:
    """Where no job stands between them, columns that come from columns join their datasets."""
    is_deleted = facet.get("_deleted") is True
    rows.graph.state(FacetOwner(dataset, COLUMN_LINEAGE), decoded.time, is_deleted)
    for edge in [] if is_deleted else column_edges(facet):
        origin = Dataset(rows.dataset(edge.namespace, edge.name))
        if origin != dataset:
            _add(rows, decoded, Edge(origin, dataset, EdgeKind.COLUMNS, dataset))


def _add_control(rows: Names, decoded: Decoded, job: Job, facets: dict[str, Any]) -> None:
    """Add which jobs a run waited for, who waits for it, and who started a DAG run.

    The parent of a DAG run is the task that triggered it (Airflow's TriggerDagRunOperator).
    """
    if "airflowDagRun" in facets:
        parent = named_job(rows, at(facets, "parent", "job"))
        if parent is not None and parent != job:
            _add(rows, decoded, Edge(parent, job, EdgeKind.TRIGGER, job))
    if "jobDependencies" in facets:
        facet = object_of(facets["jobDependencies"])
        for other, kind in _dependencies(rows, facet.get("upstream")):
            _add(rows, decoded, Edge(other, job, EdgeKind.DEPENDENCY, job, kind))
        for other, kind in _dependencies(rows, facet.get("downstream")):
            _add(rows, decoded, Edge(job, other, EdgeKind.DEPENDENCY, job, kind))


def _dependencies(rows: Names, described: Any) -> Iterator[tuple[Job, str]]:
    """Yield the jobs of one side of jobDependencies, and of which type the dependency is."""
    for each in map(object_of, list_of(described)):
        other = named_job(rows, each.get("job"))
        if other is not None:
            kind = each.get("dependency_type")
            yield other, storable_text(kind)[:LONGEST_TYPE] if isinstance(kind, str) else ""


def _add(rows: Names, decoded: Decoded, edge: Edge) -> None:
    widen(rows.graph.edges, edge, decoded.time)
