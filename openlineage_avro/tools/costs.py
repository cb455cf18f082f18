"""What messages cost: bytes as JSON and as Avro, by event type and by facet."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openlineage_avro.codec.codec import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

BAR = 30


@dataclass
class Cost:
    """How often something was seen, and its bytes in all."""

    count: int = 0
    json: int = 0
    avro: int = 0

    def add(self, json_bytes: int, avro_bytes: int) -> None:
        """Counts one more."""
        self.count += 1
        self.json += json_bytes
        self.avro += avro_bytes


class Costs:
    """Costs of events by their type, and of what they are made of."""

    def __init__(self) -> None:
        """Starts with nothing seen."""
        self.by_type: dict[str, Cost] = defaultdict(Cost)
        self.by_facet: dict[str, Cost] = defaultdict(Cost)

    def add(self, event: dict[str, Any]) -> None:
        """Counts an event and its facets.

        The JSON is what OpenLineage's transports send. The Avro bytes of a facet are those that
        the message is shorter without it.
        """
        whole, size = len(encode(event)), _json_size(event)
        self.by_type[_event_type(event)].add(size, whole)
        rest = Cost(1, size, whole)
        for where, part, facets in _owners(event):
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
        """Yields the tables, widest costs first, with bars that compare Avro with JSON."""
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


def _event_type(event: dict[str, Any]) -> str:
    if "run" in event:
        return str(event.get("eventType") or "no eventType")
    return "DATASET" if "dataset" in event else "JOB"


def _owners(event: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yields each object of facets with the smallest part of the event that it is measured in."""
    datasets = [key for key in ("inputs", "outputs") if isinstance(event.get(key), list)]
    without_datasets = {**event, **{key: [] for key in datasets}}
    for where in ("run", "job", "dataset"):
        yield from _facets(where, without_datasets, event.get(where))
    for where in datasets:
        for dataset in event[where]:
            part = {"producer": event.get("producer"), where: [dataset]}
            yield from _facets(where, part, dataset)


def _facets(
    where: str, part: dict[str, Any], owner: Any
) -> Iterable[tuple[str, dict[str, Any], dict[str, Any]]]:
    for kind in ("facets", "inputFacets", "outputFacets"):
        facets = owner.get(kind) if isinstance(owner, dict) else None
        if isinstance(facets, dict):
            yield where, part, facets
