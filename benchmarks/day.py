"""Clones days of Airflow events from captured ones, with ids, times and durations of its own."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.support import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    Template = list[str]  # a text cut into pieces: every second one differs from clone to clone

EVENTS_A_DAY = 20_000
SOURCES = ("airflow-events", "airflow")  # our own DAGs, and a larger installation's

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# only times with a fraction: the others are dates that a DAG states, the same every day
_TIME = r"\d{4}-\d\d-\d\dT\d\d(?::|%3A)\d\d(?::|%3A)\d\d\.\d{6}"
_DURATION = r'(?<=": )\d+\.\d{4,6}(?=[,}])'
_VARYING = re.compile(f"({_UUID}|{_TIME}|{_DURATION})")


def sources() -> list[str]:
    """Return which of the captured files are at hand."""
    return [name for name in SOURCES if name in corpus.names()]


def day(count: int, seed: int = 1, before: int = 0) -> Iterator[dict[str, Any]]:
    """Yield `count` events: whole pipeline runs, each drawn from all that were captured.

    A day has EVENTS_A_DAY; more make more days. Those that come after `before` others are so much
    later. They are made as they are asked for: many days take no more memory than one.
    """
    rng = random.Random(seed)
    runs = _pipeline_runs()
    made = 0
    while made < count:
        run = rng.choice(runs)[: count - made]
        clone = _Clone(rng, timedelta(days=(before + made) / EVENTS_A_DAY))
        made += len(run)
        for template in run:
            yield json.loads(clone.text(template))


@cache
def _pipeline_runs() -> list[list[Template]]:
    """Return the captured events as templates, those of one root run together."""
    runs: dict[str, list[Template]] = defaultdict(list)
    for name in sources():
        for text in corpus.lines(name):
            run = json.loads(text)["run"]
            root = run["facets"].get("parent", {}).get("root", {}).get("run", run)
            runs[root["runId"]].append(_VARYING.split(text))
    return list(runs.values())


class _Clone:
    """One more pipeline run: the same id or time becomes the same in each of its events."""

    def __init__(self, rng: random.Random, shift: timedelta) -> None:
        self._rng = rng
        self._shift = shift + timedelta(seconds=rng.randrange(600))
        self._made: dict[str, str] = {}

    def text(self, template: Template) -> str:
        pieces = template.copy()
        pieces[1::2] = [self._fresh(piece) for piece in template[1::2]]
        return "".join(pieces)

    def _fresh(self, old: str) -> str:
        if "-" not in old:
            return f"{float(old) * self._rng.uniform(0.5, 2):.6f}"
        if old not in self._made:
            self._made[old] = self._time(old) if "T" in old else self._uuid(old)
        return self._made[old]

    def _time(self, old: str) -> str:
        plain = old.replace("%3A", ":")
        if plain != old:
            return self._fresh(plain).replace(":", "%3A")
        jitter = timedelta(microseconds=self._rng.randrange(10**6))
        moved = datetime.fromisoformat(plain) + self._shift + jitter
        return moved.isoformat(timespec="microseconds")

    def _uuid(self, old: str) -> str:
        """Return another UUID of the same version; of version 7, with its time moved."""
        number = int(old.replace("-", ""), 16)
        keep = 0xF000_C000_0000_0000_0000  # version and variant
        fresh = (number & keep) | (self._rng.getrandbits(128) & ~keep)
        if old[14] == "7":
            milliseconds = (number >> 80) + self._shift // timedelta(milliseconds=1)
            fresh = (fresh & ((1 << 80) - 1)) | (milliseconds << 80)
        text = f"{fresh:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
