"""Thousands of mutated real events come back as they were."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from openlineage_avro import decode, encode
from tests.support import corpus, golden
from tests.support.equality import same

MUTATIONS = 25_000

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.0, 0.0, -0.0, 2**31, 2**63, -(2**63) - 1, 10**30, 1e400),
    *("", "1-0-0", "Z", "null", "\0", "é\U0001f600", "\udc00", "UNKNOWN", "success", "a" * 300),
    *([], {}, [None], [{}], {"": {}}, {"_producer": "p"}, {"runId": "r"}, [[[]]], [1, "a", None]),
)
KEYS = ("", "extra", "custom", "raw", "isTask", "rootIsParent", "log_url_base", "tasks", "facets")


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) in a JSON value."""
    found: list[tuple[Any, Any]] = []
    todo = [value]
    while todo:
        item = todo.pop()
        keys = list(item) if isinstance(item, dict) else range(len(item))
        found.extend((item, key) for key in keys)
        todo.extend(item[key] for key in keys if isinstance(item[key], (dict, list)))
    return found


def mutate(event: dict[str, Any], rng: random.Random) -> None:
    """Change an event in one to three places."""
    places = _places(event)
    for container, key in rng.choices(places, k=rng.randrange(1, 4)) if places else ():
        try:
            _mutate(container, key, rng.choice(places), rng)
        except (KeyError, IndexError):
            continue  # an earlier change took this place away


def _mutate(container: Any, key: Any, other: tuple[Any, Any], rng: random.Random) -> None:
    kind = rng.randrange(6)
    if kind == 0:
        del container[key]
    elif kind == 1:
        container[key] = copy.deepcopy(rng.choice(VALUES))
    elif kind == 2 and isinstance(container, dict):
        name = rng.choice((*KEYS, str(other[1])))
        container[name] = copy.deepcopy(rng.choice(VALUES))
    elif kind == 3 and isinstance(container, dict):
        container[str(other[1])] = container.pop(key)
    elif kind == 4:
        container[key] = copy.deepcopy(other[0][other[1]])
    elif isinstance(container[key], str):
        text = container[key]
        cut = rng.randrange(len(text) + 1)
        container[key] = text[:cut] + rng.choice(("", "0", "-", "Z", "/")) + text[cut + 1 :]


def sources() -> list[str]:
    """Return texts of small events, so that mutations of each kind are many."""
    texts = [json.dumps(event) for event in golden.events()]
    texts += [line for name in corpus.names() for line in corpus.lines(name)]
    return [text for text in texts if len(text) < 8_000] or texts


@pytest.mark.slow
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_mutated_events_come_back(seed: int) -> None:
    rng = random.Random(seed)
    texts = sources()
    for _ in range(MUTATIONS // 4):
        event = json.loads(rng.choice(texts))
        mutate(event, rng)
        message = encode(event)
        assert same(decode(message), event), json.dumps(event)[:2000]
