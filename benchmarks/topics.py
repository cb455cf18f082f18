"""Fills topics with the events of a day (benchmarks/day.py), on every core."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from benchmarks.day import day
from benchmarks.stage import Record, send
from openlineage_avro import encode
from openlineage_avro.event.access import at

Event = dict[str, Any]
PART = 1_000  # events that one process makes at a time


def as_json(event: Event) -> bytes:
    """Return an event as OpenLineage's own transport sends it."""
    return json.dumps(event).encode()


FORMS: dict[str, Callable[[Event], bytes]] = {"Avro": encode, "JSON": as_json}


def events(count: int, first: int = 0) -> Iterator[Event]:
    """Yield `count` events, those after the first `first`: for the same numbers the same ones."""
    return chain.from_iterable(day(size, start, start) for start, size in _parts(count, first))


def _parts(count: int, first: int) -> Iterator[tuple[int, int]]:
    """Yield where each part starts, which is its seed, too, and its size."""
    for start in range(first, first + count, PART):
        yield start, min(PART, first + count - start)


def fill(servers: str, topic: str, form: str, count: int, first: int = 0) -> None:
    """Send what `events` yields to a topic, in its order, in one of FORMS."""
    orders = [(form, *part) for part in _parts(count, first)]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        send(servers, topic, chain.from_iterable(pool.imap(_part, orders)))


def _part(order: tuple[str, int, int]) -> list[Record]:
    form, start, size = order
    return [_record(event, FORMS[form]) for event in day(size, start, start)]


def _record(event: Event, write: Callable[[Event], bytes]) -> Record:
    """Return an event's record.

    The key is the pipeline run, not the DAG as is usual: the captured DAGs are too few to fall
    evenly on the partitions. So several consumers meet on the same jobs: the harder case.
    """
    run = at(event, "run", "facets", "parent", "root", "run") or event["run"]
    return run["runId"].encode(), write(event)
