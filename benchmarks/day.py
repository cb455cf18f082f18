"""Clones a day of Airflow events from captured ones, with ids, times and durations of its own."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.support import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = ("airflow-events", "airflow")  # our own DAGs, and a larger installation's

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# only times with a fraction: the others are dates that a DAG states, the same every day
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d(:|%3A)\d\d(:|%3A)\d\d\.\d{6}")
_DURATION = re.compile(r'(?<=": )\d+\.\d{4,6}(?=[,}])')


def sources() -> list[str]:
    """Return which of the captured files are at hand."""
    return [name for name in SOURCES if name in corpus.names()]


def day(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield `count` events: whole pipeline runs, each drawn from all that were captured."""
    rng = random.Random(seed)
    runs = _pipeline_runs()
    while count > 0:
        for event in _cloned(rng.choice(runs), rng)[:count]:
            count -= 1
            yield event


def _pipeline_runs() -> list[list[str]]:
    """Return the captured events as JSON texts, those of one root run together."""
    runs: dict[str, list[str]] = defaultdict(list)
    for name in sources():
        for text in corpus.lines(name):
            run = json.loads(text)["run"]
            root = run["facets"].get("parent", {}).get("root", {}).get("run", run)
            runs[root["runId"]].append(text)
    return list(runs.values())


def _cloned(texts: list[str], rng: random.Random) -> list[dict[str, Any]]:
    shift = timedelta(days=rng.randrange(1, 300), seconds=rng.randrange(86_400))
    made: dict[str, str] = {}

    def uuid(match: re.Match[str]) -> str:
        if match[0] not in made:
            made[match[0]] = _fresh_uuid(match[0], shift, rng)
        return made[match[0]]

    def time(match: re.Match[str]) -> str:
        plain = match[0].replace("%3A", ":")
        if plain not in made:
            jitter = timedelta(microseconds=rng.randrange(10**6))
            moved = datetime.fromisoformat(plain) + shift + jitter
            made[plain] = moved.isoformat(timespec="microseconds")
        return made[plain].replace(":", match[1])

    def duration(match: re.Match[str]) -> str:
        return f"{float(match[0]) * rng.uniform(0.5, 2):.6f}"

    return [
        json.loads(_DURATION.sub(duration, _TIME.sub(time, _UUID.sub(uuid, text))))
        for text in texts
    ]


def _fresh_uuid(old: str, shift: timedelta, rng: random.Random) -> str:
    """Return another UUID of the same version; of version 7, with its time moved."""
    number = int(old.replace("-", ""), 16)
    keep = 0xF000_C000_0000_0000_0000  # version and variant
    fresh = (number & keep) | (rng.getrandbits(128) & ~keep)
    if old[14] == "7":
        milliseconds = (number >> 80) + shift // timedelta(milliseconds=1)
        fresh = (fresh & ((1 << 80) - 1)) | (milliseconds << 80)
    text = f"{fresh:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
