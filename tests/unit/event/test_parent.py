"""The parent facet is found under both of its names, by everything that looks for it."""

from typing import Any

import pytest

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.event.parent import parent_of
from openlineage_avro.event.selection import within_budget
from openlineage_avro.record.key import message_key
from openlineage_avro.record.truncation import truncated

RUN_ID = "01a20339-894d-7b84-89f7-346e57304397"
PARENT = {"run": {"runId": RUN_ID}, "job": {"namespace": "ns", "name": "nightly" * 200}}


def event(name: str, **facets: Any) -> dict[str, Any]:
    """Return an event whose parent stands under a name."""
    return {
        "eventTime": "2026-01-01T00:00:00Z",
        "producer": "p",
        "run": {"runId": RUN_ID, "facets": {name: PARENT, **facets}},
        "job": {"namespace": "ns", "name": "job"},
    }


@pytest.mark.parametrize(
    ("facets", "expected"),
    [
        ({}, {}),
        ({"parent": PARENT}, PARENT),
        ({"parentRun": PARENT}, PARENT),
        ({"parent": PARENT, "parentRun": {"run": {"runId": "x"}}}, PARENT),
        ({"parent": None, "parentRun": PARENT}, PARENT),
        ({"parent": "text", "parentRun": PARENT}, PARENT),
        ({"parent": {}, "parentRun": []}, {}),
    ],
)
def test_which_of_both_counts(facets: dict[str, Any], expected: dict[str, Any]) -> None:
    assert parent_of(facets) == expected


@pytest.mark.parametrize("name", ["parent", "parentRun"])
def test_it_stays_and_gives_the_key(name: str) -> None:
    given = event(name, other={"x": "y" * 5000})
    assert message_key(given) == "run:ns/" + PARENT["job"]["name"]
    budget = AvroKafkaConfig.from_dict(
        {"bootstrap_servers": "kafka:9092", "facets_deny": "*", "facet_max_bytes": 100}
    )
    assert within_budget(given, budget)["run"]["facets"] == {name: PARENT}
    assert truncated(given, 3000)["run"]["facets"][name] == PARENT
