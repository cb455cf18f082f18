"""Ids of the nodes of graphs: job:namespace:name, dataset:namespace:name, datasetField:...:field.

Namespaces and names may hold colons, so an id may be read in several ways. The first is Marquez's:
colons before `//` or a digit (postgres://host:5432) belong to the namespace. The store knows which
of them exists.
"""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Literal, NamedTuple
from uuid import UUID

Kind = Literal["job", "dataset", "datasetField"]
MEMBERS: dict[Kind, int] = {"job": 2, "dataset": 2, "datasetField": 3}
# An id of more colons has its first reading only: their number grows with the square.
MOST_COLONS = 12

_VERSION = re.compile(r"#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z", re.IGNORECASE)
_WITHIN_NAMESPACE = re.compile(r":(?=//|\d)")


class NodeId(NamedTuple):
    """A job, a dataset or a field of one; `version` where a version of it is meant."""

    kind: Kind
    namespace: str
    name: str
    field: str | None = None
    version: UUID | None = None

    def __str__(self) -> str:
        """Return the id as Marquez writes it."""
        parts = (self.kind, self.namespace, self.name, self.field)
        version = "" if self.version is None else f"#{self.version}"
        return ":".join(part for part in parts if part is not None) + version


def job_id(namespace: str, name: str) -> str:
    """Return the id of a job's node."""
    return f"job:{namespace}:{name}"


def dataset_id(namespace: str, name: str) -> str:
    """Return the id of a dataset's node."""
    return f"dataset:{namespace}:{name}"


def field_id(namespace: str, name: str, field: str) -> str:
    """Return the id of the node of a dataset's field."""
    return f"datasetField:{namespace}:{name}:{field}"


def readings(text: str) -> list[NodeId]:
    """Return what an id may mean, the likeliest first; nothing where it is none."""
    prefix, _, rest = text.partition(":")
    kind = next((each for each in MEMBERS if each == prefix), None)
    if kind is None:
        return []
    found = _VERSION.search(rest)
    version = UUID(found[1]) if found else None
    rest = rest[: found.start()] if found else rest
    return [
        NodeId(kind, namespace, name, field[0] if field else None, version)
        for namespace, name, *field in _splits(rest, MEMBERS[kind])
    ]


def _splits(text: str, members: int) -> Iterator[tuple[str, ...]]:
    """Yield the ways to split at some of the colons, none of the parts empty; each once."""
    colons = [place for place, letter in enumerate(text) if letter == ":"]
    within = {match.start() for match in _WITHIN_NAMESPACE.finditer(text)}
    likely = tuple(place for place in colons if place not in within)[: members - 1]
    ways = [likely] if len(likely) == members - 1 else []
    if len(colons) <= MOST_COLONS:
        # The longest namespaces first: names have colons less often.
        ways += [way for way in reversed([*combinations(colons, members - 1)]) if way != likely]
    for way in ways:
        ends = (*way, len(text))
        begins = (0, *(place + 1 for place in way))
        parts = tuple(text[begin:end] for begin, end in zip(begins, ends, strict=True))
        if all(parts):
            yield parts
