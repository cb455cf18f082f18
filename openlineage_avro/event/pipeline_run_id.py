"""Finds the id that a pipeline's runs share in any event, and writes it where others look for it.

It may be in our facet (see facets.py), in a facet of the bare name, in dag_run.conf (Airflow's
DAG and task events carry it), or in a run tag.
"""

from __future__ import annotations

from typing import Any

from openlineage_avro.airflow import host
from openlineage_avro.event.access import at, list_of, object_of

DEFAULT_NAME = "pipeline_run_id"
FACET_KEY = "openlineageAvro_pipelineRun"
SCHEMA_URL = (
    "https://github.com/openlineage-avro/openlineage-avro/raw/v0.1.0/schemas/json/1-0-0/"
    "OpenlineageAvroPipelineRunRunFacet.json#/$defs/OpenlineageAvroPipelineRunRunFacet"
)
TAGS_URL = "https://openlineage.io/spec/facets/1-0-0/TagsRunFacet.json#/$defs/TagsRunFacet"
TAG_SOURCE = "INTEGRATION"  # one of those that are usual
_AIRFLOW_FACETS = ("airflowDagRun", "airflow")


def name_of_id(given: str | None = None) -> str:
    """Return the name the id has in XComs, conf and params: `given`, Airflow's setting, default."""
    return given or host.configured("openlineage_avro", "pipeline_run_id_name") or DEFAULT_NAME


def pipeline_run_id_of(event: dict[str, Any], name: str | None = None) -> str | None:
    """Return the id an event (a JSON object) has itself, or None; `name` as for name_of_id."""
    facets = _facets(event)
    return (
        usable_id(at(facets, FACET_KEY, "pipelineRunId"))
        or usable_id(at(facets, DEFAULT_NAME, DEFAULT_NAME))
        or _from_conf(facets, name_of_id(name))
        or _from_tag(facets)
    )


def with_pipeline_run_id(event: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    """Return the event, or a copy in which our facet and a run tag hold the id that it has."""
    found = pipeline_run_id_of(event, name)
    if found is None:
        return event
    facets = dict(_facets(event))
    if facets.get(FACET_KEY) is None and _from_conf(facets, name_of_id(name)) == found:
        facets[FACET_KEY] = _facet(event, SCHEMA_URL, pipelineRunId=found, source="conf")
    if _from_tag(facets) is None:
        given = object_of(facets.get("tags")) or _facet(event, TAGS_URL)
        tag = {"key": DEFAULT_NAME, "value": found, "source": TAG_SOURCE}
        facets["tags"] = {**given, "tags": [*list_of(given.get("tags")), tag]}
    return {**event, "run": {**event["run"], "facets": facets}}


def usable_id(value: Any) -> str | None:
    """Return an id as text; None for what is not text or a whole number, or is empty."""
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        return None
    return str(value)


def _from_conf(facets: dict[str, Any], name: str) -> str | None:
    for facet in _AIRFLOW_FACETS:
        if found := usable_id(at(facets, facet, "dagRun", "conf", name)):
            return found
    return None


def _from_tag(facets: dict[str, Any]) -> str | None:
    for tag in list_of(at(facets, "tags", "tags")):
        if at(tag, "key") == DEFAULT_NAME and (found := usable_id(at(tag, "value"))):
            return found
    return None


def _facet(event: dict[str, Any], schema_url: str, **members: Any) -> dict[str, Any]:
    return {"_producer": event.get("producer"), "_schemaURL": schema_url, **members}


def _facets(event: dict[str, Any]) -> dict[str, Any]:
    return object_of(at(event, "run", "facets"))
