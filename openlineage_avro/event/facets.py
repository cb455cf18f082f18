"""Where an event has facets: the one walk over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from openlineage_avro.event.access import list_of, object_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Members of an event that own facets: one of each, or many.
SINGLE_OWNERS, LISTED_OWNERS = ("run", "job", "dataset"), ("inputs", "outputs")
# Members of an owner that hold facets by name.
CONTAINERS = ("facets", "inputFacets", "outputFacets")


class Facet(NamedTuple):
    """A facet's place: `where` is the event's member that owns it, such as run or inputs."""

    where: str
    container: dict[str, Any]
    name: str


def owners_of(event: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of the event that may have facets, with the member it stands in."""
    for where in SINGLE_OWNERS:
        if isinstance(event.get(where), dict):
            yield where, event[where]
    for where in LISTED_OWNERS:
        for owner in list_of(event.get(where)):
            if isinstance(owner, dict):
                yield where, owner


def containers_of(owner: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each object of facets by name that an owner has."""
    for name in CONTAINERS:
        if container := object_of(owner.get(name)):
            yield container


def facets_of(event: dict[str, Any]) -> Iterator[Facet]:
    """Yield every facet of the event."""
    for where, owner in owners_of(event):
        for container in containers_of(owner):
            for name in container:
                yield Facet(where, container, name)
