"""What the events of one run say of it, in the order of their times."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from consumer.api.catalog.versions import DatasetName
from consumer.api.times import iso, short_iso
from consumer.decode.json_value import json_of
from consumer.decode.times import NotATime, parse_time
from openlineage_avro.event.access import at, list_of, object_of

Facets = dict[str, Any]
NOMINAL_TIMES = ("nominalStartTime", "nominalEndTime")
SIDES = {"inputs": "inputFacets", "outputs": "outputFacets"}


class Use(NamedTuple):
    """An event that names a dataset as an input or output."""

    dataset: DatasetName
    time: datetime
    schema: str  # the text of its fields, and of what became of it
    described: Mapping[str, Any]


@dataclass
class RunEvents:
    """The events of a run."""

    bodies: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)

    def add(self, time: datetime, body: str) -> None:
        """Add the next event."""
        self.bodies.append((time, json_of(body)))

    @property
    def run_facets(self) -> Facets:
        """The facets of the run: of each name the latest."""
        facets = merged(at(body, "run", "facets") for _, body in self.bodies)
        if "parent" in facets:
            facets["parent"] = _plain(facets["parent"])
        if "nominalTime" in facets:
            facets["nominalTime"] = _in_utc(facets["nominalTime"])
        return facets

    @property
    def job_facets(self) -> Facets:
        """The facets of the run's job: of each name the latest."""
        return merged(at(body, "job", "facets") for _, body in self.bodies)

    @property
    def arguments(self) -> dict[str, str]:
        """What Marquez calls the arguments: the nominal time and the parent, as first told."""
        for _, body in self.bodies[:1]:
            return dict(_arguments(object_of(at(body, "run", "facets"))))
        return {}

    def uses(self, side: str) -> Iterator[Use]:
        """Yield the inputs or outputs of each event; `side` is a key of SIDES."""
        for time, body in self.bodies:
            for each in list_of(body.get(side)):
                namespace, name = at(each, "namespace"), at(each, "name")
                if isinstance(namespace, str) and isinstance(name, str):
                    facets = object_of(each.get("facets"))
                    yield Use(DatasetName(namespace, name), time, schema_text(facets), each)


def schema_text(facets: Mapping[str, Any]) -> str:
    """Return the text that tells one schema and state of a dataset from another."""
    fields = at(facets, "schema", "fields")
    state = at(facets, "lifecycleStateChange", "lifecycleStateChange")
    return json.dumps([fields, state], sort_keys=True)


def merged(facets: Iterable[Any]) -> Facets:
    """Return the facets of several events as one object: of each name the last."""
    found: Facets = {}
    for each in facets:
        found |= {name: facet for name, facet in object_of(each).items() if facet is not None}
    return found


def _plain(parent: Any) -> Any:
    """Return facet parent without the facets of the parent and its job: they tell them."""
    return {
        key: {name: each for name, each in member.items() if name != "facets"}
        if key in ("job", "run") and isinstance(member, dict)
        else member
        for key, member in object_of(parent).items()
    }


def _in_utc(nominal: Any) -> Any:
    """Return facet nominalTime with its times as the API writes all times."""
    return {
        key: _utc(value, iso) if key in NOMINAL_TIMES else value
        for key, value in object_of(nominal).items()
    }


def _utc(time: Any, text: Callable[[datetime], str]) -> Any:
    """Return a time of a facet as `text` writes it; what is no time as it is."""
    try:
        return text(parse_time(time)) if isinstance(time, str) else time
    except NotATime:
        return time


def _arguments(facets: Facets) -> Iterator[tuple[str, str]]:
    for key, path in (
        ("nominal_start_time", ("nominalTime", NOMINAL_TIMES[0])),
        ("nominal_end_time", ("nominalTime", NOMINAL_TIMES[1])),
        ("run_id", ("parent", "run", "runId")),
        ("name", ("parent", "job", "name")),
        ("namespace", ("parent", "job", "namespace")),
    ):
        if isinstance(value := at(facets, *path), str):
            yield key, _utc(value, short_iso) if path[-1] in NOMINAL_TIMES else value
