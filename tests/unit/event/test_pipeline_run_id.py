"""The pipeline_run_id is found wherever an event may have it, and mirrored without harm."""

import copy
import json
from typing import Any

import pytest

from openlineage_avro.event.pipeline_run_id import (
    FACET_KEY,
    SCHEMA_URL,
    pipeline_run_id_of,
    with_pipeline_run_id,
)
from tests.support.corpus import all_events
from tests.support.pipeline_run_ids import CASES, bare, conf, ours, tags


def event(facets: Any) -> dict[str, Any]:
    run = {"runId": "r", "facets": facets}
    return {"producer": "p", "run": run, "job": {"namespace": "n", "name": "j"}}


def tags_of(found: dict[str, Any]) -> list[Any]:
    return list(found["run"]["facets"]["tags"]["tags"])


@pytest.mark.parametrize(
    ("facets", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_an_event_has_an_id_by_the_rule_or_stays_as_it_is(
    facets: Any, expected: str | None
) -> None:
    given = event(facets)
    assert pipeline_run_id_of(given) == expected
    assert (with_pipeline_run_id(given) is given) == (expected is None)


@pytest.mark.parametrize(
    "facets",
    [ours("one"), bare("one"), conf("airflowDagRun", "one"), conf("airflow", "one"), tags("one")],
)
def test_it_is_mirrored(facets: dict[str, Any]) -> None:
    given = event(facets)
    before = copy.deepcopy(given)
    found = with_pipeline_run_id(given)
    assert pipeline_run_id_of(found) == "one"
    assert [tag["value"] for tag in tags_of(found) if tag["key"] == "pipeline_run_id"] == ["one"]
    assert given == before
    assert with_pipeline_run_id(found) == found


@pytest.mark.parametrize("facets", [conf("airflowDagRun", "one"), conf("airflow", "one")])
def test_an_id_from_conf_gets_our_facet(facets: dict[str, Any]) -> None:
    found = with_pipeline_run_id(event(facets))["run"]["facets"][FACET_KEY]
    assert (found["pipelineRunId"], found["source"]) == ("one", "conf")
    assert (found["_producer"], found["_schemaURL"]) == ("p", SCHEMA_URL)


def test_other_tags_stay() -> None:
    other = {"key": "openlineage_client_version", "value": "1", "source": "OPENLINEAGE_CLIENT"}
    facets = {**ours("one"), "tags": {"_producer": "c", "_schemaURL": "u", "tags": [other]}}
    found = with_pipeline_run_id(event(facets))
    assert tags_of(found) == [
        other,
        {"key": "pipeline_run_id", "value": "one", "source": "INTEGRATION"},
    ]
    assert found["run"]["facets"]["tags"]["_producer"] == "c"


def test_the_configured_name_is_looked_for_in_conf() -> None:
    given = event({"airflowDagRun": {"dagRun": {"conf": {"batch": 17, "pipeline_run_id": "x"}}}})
    assert pipeline_run_id_of(given, "batch") == "17"


@pytest.mark.parametrize("facets", ["text", [], 5])
def test_facets_that_are_none_stay_as_they_are(facets: Any) -> None:
    given = event(facets)
    assert with_pipeline_run_id(given) is given


def test_a_facet_of_ours_that_is_null_counts_as_missing() -> None:
    facets = {FACET_KEY: None, **conf("airflow", "one")}
    found = with_pipeline_run_id(event(facets))["run"]["facets"]
    assert found[FACET_KEY]["pipelineRunId"] == "one"


@pytest.mark.parametrize("given", [{}, {"run": None}, {"run": []}, {"job": {}}, {"dataset": {}}])
def test_whatever_is_not_a_run_stays_as_it_is(given: dict[str, Any]) -> None:
    assert with_pipeline_run_id(given) is given


def test_real_events_keep_all_they_have() -> None:
    for given in all_events():
        found = with_pipeline_run_id(given)
        if found is not given:
            facets = {**found["run"]["facets"]}
            for name, facet in given["run"]["facets"].items():
                if name != "tags":
                    assert facets[name] == facet
            assert json.dumps(found["job"]) == json.dumps(given["job"])
