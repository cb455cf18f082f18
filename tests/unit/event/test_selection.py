"""Facets are left out and cut as the settings say, and only then."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openlineage_avro.codec.codec import decode, encode
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.event.selection import within_budget
from tests.support.corpus import all_events

FACET = {"_producer": "p", "_schemaURL": "u"}


def config(**settings: Any) -> AvroKafkaConfig:
    return AvroKafkaConfig.from_dict({"bootstrap_servers": "kafka:9092", **settings})


def event() -> dict[str, Any]:
    names = ("parent", "openlineageAvro_pipelineRun", "airflow", "airflowState", "nominalTime")
    return {
        "run": {"runId": "r", "facets": {name: dict(FACET) for name in names}},
        "job": {"namespace": "n", "name": "j", "facets": {"sql": {**FACET, "query": "x" * 500}}},
        "inputs": [
            {
                "namespace": "n",
                "name": "d",
                "facets": {"schema": dict(FACET)},
                "inputFacets": {"dataQualityMetrics": dict(FACET)},
            }
        ],
    }


def names(found: dict[str, Any]) -> set[str]:
    [dataset] = found["inputs"]
    parts = (found["run"]["facets"], found["job"]["facets"])
    return {name for part in (*parts, dataset["facets"], dataset["inputFacets"]) for name in part}


ALL = names(event())
KEPT = {"parent", "openlineageAvro_pipelineRun"}


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({}, ALL),
        ({"facets_allow": ["schema", "sql"]}, KEPT | {"schema", "sql"}),
        ({"facets_deny": "airflow*,parent"}, ALL - {"airflow", "airflowState"}),
        ({"facets_allow": "airflow*", "facets_deny": "airflowState"}, KEPT | {"airflow"}),
        ({"facets_allow": []}, KEPT),
    ],
)
def test_only_wanted_facets_are_left(settings: dict[str, Any], left: set[str]) -> None:
    given = event()
    assert names(within_budget(given, config(**settings))) == left
    assert given == event()


def test_a_facet_above_the_limit_says_how_large_it_was() -> None:
    size = len(json.dumps(event()["job"]["facets"]["sql"], separators=(",", ":")))
    found = within_budget(event(), config(facet_max_bytes=400))
    assert found["job"]["facets"]["sql"] == {**FACET, "openlineageAvro_cut": {"bytes": size}}
    assert found["run"] == event()["run"]


@given(st.sampled_from(all_events()), st.integers(min_value=100, max_value=3000))
def test_what_is_left_can_be_sent(found: dict[str, Any], limit: int) -> None:
    cut = within_budget(found, config(facet_max_bytes=limit, facets_deny=["airflow*"]))
    assert decode(encode(cut)) == cut
    assert within_budget(cut, config(facet_max_bytes=limit)) == cut
