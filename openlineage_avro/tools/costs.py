"""What messages cost: bytes as JSON and as Avro, by event type and by facet."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openlineage_avro.codec.codec import encode
from openlineage_avro.event.facets import LISTED_OWNERS, containers_of, owners_of
from openlineage_avro.event.kinds import event_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BAR = 30


@dataclass
class Cost:
    """How often something was seen, and its bytes in all."""

    count: int = 0
    json: int = 0
    avro: int = 0

    def add(self, json_bytes: int, avro_bytes: int) -> None:
        """Count one more."""
        self.count += 1
        self.json += json_bytes
        self.avro += avro_bytes


class Costs:
    """Costs of events by their type, and of what they are made of."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.by_type: dict[str, Cost] = defaultdict(Cost)
        self.by_facet: dict[str, Cost] = defaultdict(Cost)

    def add(self, event: dict[str, Any]) -> None:
        """Count an event and its facets.

        The JSON is what OpenLineage's transports send. The Avro bytes of a facet are those that
        the message is shorter without it.
        """
        whole, size = len(encode(event)), _json_size(event)
        self.by_type[event_type(event) or "no event"].add(size, whole)
        rest = Cost(1, size, whole)
        for where, part, facets in _measured_parts(event):
            with_all = len(encode(part))
            for key in list(facets):
                facet = facets.pop(key)
                cost = (_json_size(facet) + len(json.dumps(key)) + 4, with_all - len(encode(part)))
                facets[key] = facet
                self.by_facet[f"{where} {key}"].add(*cost)
                rest.json -= cost[0]
                rest.avro -= cost[1]
        self.by_facet["all else"].add(rest.json, rest.avro)

    def lines(self) -> Iterable[str]:
        """Yield the tables, widest costs first, with bars that compare Avro with JSON."""
        yield from _table("event type", self.by_type)
        yield ""
        yield from _table("facet", self.by_facet)


def _table(title: str, costs: dict[str, Cost]) -> Iterable[str]:
    width = max([len(title), *map(len, costs)])
    yield f"{title:{width}} {'count':>8} {'JSON':>9} {'Avro':>9}   bytes in all; # Avro, - JSON"
    most = max((cost.json for cost in costs.values()), default=1) or 1
    for name, cost in sorted(costs.items(), key=lambda item: -item[1].json):
        means = f"{cost.json / cost.count:9.0f} {cost.avro / cost.count:9.0f}"
        bar = _bar(cost.avro, cost.json, most)
        yield f"{name:{width}} {cost.count:8} {means}   {bar}"


def _bar(avro: int, json_bytes: int, most: int) -> str:
    filled = round(BAR * max(avro, 0) / most)
    return "#" * filled + "-" * (max(1, round(BAR * json_bytes / most)) - filled)


def _json_size(value: Any) -> int:
    return len(json.dumps(value))


def _measured_parts(
    event: dict[str, Any],
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield each object of facets with the smallest part of the event that it is measured in."""
    without_datasets = {**event, **{member: [] for member in LISTED_OWNERS}}
    for where, owner in owners_of(event):
        alone = {"producer": event.get("producer"), where: [owner]}
        part = alone if where in LISTED_OWNERS else without_datasets
        for facets in containers_of(owner):
            yield where, part, facets
