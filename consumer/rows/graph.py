"""The rows of a batch about names of datasets and edges between jobs and datasets."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from consumer.rows.facet_graphs import ColumnEdge
from consumer.rows.merging import Latest, Span


class Job(NamedTuple):
    """A job, by its key."""

    job: UUID


class Dataset(NamedTuple):
    """A name of a dataset, by its key."""

    dataset: UUID


class Lane(NamedTuple):
    """A way through a job to one dataset; or to the job itself (None)."""

    job: UUID
    dataset: UUID | None


Node = Job | Dataset | Lane


class EdgeKind(str, Enum):
    """Names of lineage_store.edge_kind, but for inputs and outputs, which are `Io` rows."""

    LINEAGE = "lineage"
    COLUMNS = "columns"
    DEPENDENCY = "dependency"
    TRIGGER = "trigger"


class Edge(NamedTuple):
    """Data flows, or control goes, from `origin` to `target`, says `stated_by`."""

    origin: Node
    target: Node
    kind: EdgeKind
    stated_by: Job | Dataset
    dependency_type: str = ""


class LinkKind(str, Enum):
    """Names of lineage_store.link_kind."""

    SYMLINK = "symlink"
    RENAME = "rename"


class Link(NamedTuple):
    """Two names of one dataset: `owner` says so of `other`."""

    owner: UUID
    other: UUID
    kind: LinkKind


class Statement(NamedTuple):
    """When a facet was last stated, and when deleted; None: not in this batch."""

    stated_at: datetime | None = None
    deleted_at: datetime | None = None

    def at(self, time: datetime, is_deleted: bool) -> "Statement":
        """Return this, and that the facet was stated or deleted at a time."""
        if is_deleted:
            return Statement(self.stated_at, max(self.deleted_at or time, time))
        return Statement(max(self.stated_at or time, time), self.deleted_at)


class FacetOwner(NamedTuple):
    """Whose facet, of which name."""

    owner: Job | Dataset
    facet: str


class Lifecycle(NamedTuple):
    """A facet lifecycleStateChange; the greatest (time, hash) holds."""

    event_time: datetime
    event_hash: UUID
    state: str


class ColumnFacet(NamedTuple):
    """What a job's facet `lineage` says of a dataset's columns; no job: the dataset's own facet."""

    dataset: UUID
    job: UUID | None


@dataclass
class Graph:
    """What a batch says of names and edges; values by the hash of the facet they are from."""

    edges: dict[Edge, Span] = field(default_factory=dict)
    statements: dict[FacetOwner, Statement] = field(default_factory=dict)
    links: dict[Link, Span] = field(default_factory=dict)
    named: dict[UUID, Span] = field(default_factory=dict)
    lifecycles: dict[UUID, Lifecycle] = field(default_factory=dict)
    column_facets: dict[ColumnFacet, Latest] = field(default_factory=dict)
    column_edges: dict[UUID, list[ColumnEdge]] = field(default_factory=dict)
    columns: dict[UUID, list[str]] = field(default_factory=dict)

    def state(self, owner: FacetOwner, time: datetime, is_deleted: bool) -> None:
        """Note that a facet was stated, or deleted, at a time."""
        known = self.statements.get(owner, Statement())
        self.statements[owner] = known.at(time, is_deleted)
