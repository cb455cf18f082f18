"""That facets are answered with every digit of their numbers, whatever has to be written."""

import json
from decimal import Decimal
from typing import Any

import pytest
import requests

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.told import PRODUCER, dataset, run_id_of, told

# Most of them neither a float nor 64 bits hold.
NUMBERS = ["0.1234567890123456789012", "9" * 40, "-1.10", "4.1E18", "1e400", "1e-400", "7" * 4400]
NAMES = [f"n{index}" for index in range(len(NUMBERS))]
RUN = run_id_of("run")


@pytest.fixture
def stored(store: Store) -> None:
    """Store a run with a facet of numbers, and its job and output with the same."""
    facet = {name: f"number {name}" for name in NAMES}
    event = told("j", 1, outputs=[dataset("t", "a", numbers=facet)], run="run")
    event["run"]["facets"]["numbers"] = PRODUCER | facet
    event["job"]["facets"]["numbers"] = PRODUCER | facet
    text = json.dumps(event)
    for name, number in zip(NAMES, NUMBERS, strict=True):
        text = text.replace(f'"number {name}"', number)
    put(store, [text])


def numbers_in(answer: requests.Response) -> list[Decimal]:
    """Return the numbers of the facet that an answer holds."""
    assert answer.ok, answer.text
    found: dict[str, Decimal] = {}

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found.update({name: value for name, value in pairs if name in NAMES})
        return dict(pairs)

    json.loads(answer.text, object_pairs_hook=object_of, parse_float=Decimal, parse_int=Decimal)
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize(
    "path",
    [
        *(f"/jobs/runs/{RUN}", f"/jobs/runs/{RUN}/facets", f"/jobs/runs/{RUN}/facets?type=job"),
        *("/jobs", "/namespaces/jobs/jobs", "/namespaces/jobs/jobs/j"),
        *("/namespaces/jobs/jobs/j/runs", "/namespaces/jobs/jobs/j/versions"),
        *("/namespaces/data/datasets", "/namespaces/data/datasets/t"),
        "/namespaces/data/datasets/t/versions",
        "/lineage?nodeId=job:jobs:j",
    ],
)
@pytest.mark.usefixtures("stored")
def test_facets_have_every_digit(api: Client, path: str) -> None:
    assert numbers_in(api.get(path)) == list(map(Decimal, NUMBERS))
