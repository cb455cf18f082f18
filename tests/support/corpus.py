"""Real OpenLineage events for tests and benchmarks, by the name of the file that holds them.

`tests/data/*.ndjson.gz` belongs to the repository; `../shared/corpus/*.ndjson` is used, too, where
it is at hand.
"""

from __future__ import annotations

import gzip
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

Event = dict[str, Any]

REPOSITORY = Path(__file__).parent.parent.parent
PLACES = (
    (REPOSITORY / "tests" / "data", "*.ndjson.gz"),
    (REPOSITORY.parent / "shared" / "corpus", "*.ndjson"),
)


@lru_cache(maxsize=1)
def files() -> dict[str, Path]:
    """Return the files at hand by their name without endings."""
    found = (path for folder, pattern in PLACES for path in sorted(folder.glob(pattern)))
    return {path.name.split(".")[0]: path for path in found}


def names() -> list[str]:
    """Return the names that `events` takes."""
    return list(files())


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the JSON texts of a file's events."""
    path = files()[name]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return tuple(data.decode().splitlines())


def events(name: str) -> list[Event]:
    """Return fresh copies of a file's events."""
    return [json.loads(line) for line in lines(name)]


def all_events() -> list[Event]:
    """Return fresh copies of every event at hand."""
    return [event for name in names() for event in events(name)]
