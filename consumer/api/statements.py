"""What requests say of datasets, jobs and runs, as OpenLineage events that say the same."""

from datetime import datetime, timezone
from typing import Any

from consumer.api.changes import DatasetMeta, JobMeta, RunMeta
from consumer.api.times import iso
from consumer.query.reader import Row
from openlineage_avro.event.access import at

PRODUCER = "https://github.com/openlineage-avro/openlineage-avro#api"
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
FACETS = "https://openlineage.io/spec/facets/"
# The facet of a run that was made and not started yet.
CREATED = "openlineage_avro_created"

Event = dict[str, Any]


def dataset_event(namespace: str, name: str, meta: DatasetMeta, url: str) -> Event:
    """Return the event that a dataset is so; `url` is where its source is."""
    return _event("DatasetEvent") | {"dataset": _dataset(namespace, name, meta, url)}


def dataset_of_run_event(run: Row, namespace: str, name: str, meta: DatasetMeta, url: str) -> Event:
    """Return the event that a run wrote a dataset which is so."""
    return run_event(run, "OTHER") | {"outputs": [_dataset(namespace, name, meta, url)]}


def job_event(namespace: str, name: str, meta: JobMeta) -> Event:
    """Return the event that a job is so."""
    return _event("JobEvent") | {"job": _job(namespace, name, meta), **_io(meta)}


def job_of_run_event(run: Row, namespace: str, name: str, meta: JobMeta) -> Event:
    """Return the event that the job of a run is so."""
    return run_event(run, "OTHER") | {"job": _job(namespace, name, meta), **_io(meta)}


def new_run_event(job: Row, run_id: str, meta: RunMeta) -> Event:
    """Return the event that a run of a job was made; `job` is a row of lineage_api.jobs."""
    facets: dict[str, Any] = {CREATED: _facet(None, args=meta.args)}
    if meta.nominal_start_time:
        times = {"nominalStartTime": iso(meta.nominal_start_time)}
        if meta.nominal_end_time:
            times["nominalEndTime"] = iso(meta.nominal_end_time)
        facets["nominalTime"] = _facet("1-0-1/NominalTimeRunFacet", **times)
    return _event("RunEvent") | {
        "eventType": "OTHER",
        "run": {"runId": run_id, "facets": facets},
        "job": {"namespace": job["namespace"], "name": job["own_name"]},
    }


def run_event(run: Row, event_type: str, time: datetime | None = None) -> Event:
    """Return the event that something befell a run: START, COMPLETE, FAIL, ABORT or OTHER.

    `run` is what api/runs/told answers.
    """
    described: dict[str, Any] = {"runId": run["run_id"]}
    if run["parent_name"] is not None:
        described["facets"] = {
            "parent": _facet(
                "1-1-0/ParentRunFacet",
                run={"runId": run["parent_run_id"]},
                job={"namespace": run["parent_namespace"], "name": run["parent_name"]},
            )
        }
    job = {"namespace": run["job_namespace"], "name": run["job_name"]}
    return _event("RunEvent", time) | {"eventType": event_type, "run": described, "job": job}


def is_created(facets: dict[str, Any]) -> bool:
    """Tell whether the facets of a run are those of one that was made by `new_run_event`."""
    return CREATED in facets


def arguments_of(facets: dict[str, Any]) -> dict[str, str]:
    """Return the arguments that a run was made with."""
    arguments = at(facets, CREATED, "args")
    return arguments if isinstance(arguments, dict) else {}


def _event(kind: str, time: datetime | None = None) -> Event:
    return {
        "eventTime": iso(time or datetime.now(timezone.utc)),
        "producer": PRODUCER,
        "schemaURL": SPEC + kind,
    }


def _facet(schema: str | None, **members: Any) -> dict[str, Any]:
    name = schema.rsplit("/", 1)[1] if schema else ""
    url = f"{FACETS}{schema}.json#/$defs/{name}" if schema else SPEC + "RunFacet"
    return {"_producer": PRODUCER, "_schemaURL": url, **members}


def _dataset(namespace: str, name: str, meta: DatasetMeta, url: str) -> dict[str, Any]:
    facets = {"dataSource": _facet("1-0-1/DatasourceDatasetFacet", name=meta.source_name, uri=url)}
    if meta.fields is not None:
        fields = [
            {
                key: value
                for key in ("name", "type", "description")
                if (value := getattr(each, key)) is not None
            }
            for each in meta.fields
        ]
        facets["schema"] = _facet("1-1-1/SchemaDatasetFacet", fields=fields)
    if meta.description is not None:
        facets["documentation"] = _facet(
            "1-0-1/DocumentationDatasetFacet", description=meta.description
        )
    return {"namespace": namespace, "name": name, "facets": facets}


def _job(namespace: str, name: str, meta: JobMeta) -> dict[str, Any]:
    facets = {}
    if meta.type.upper() == "STREAM":
        kind = {"processingType": "STREAMING", "integration": "API", "jobType": "JOB"}
        facets["jobType"] = _facet("2-0-3/JobTypeJobFacet", **kind)
    if meta.description is not None:
        facets["documentation"] = _facet(
            "1-0-1/DocumentationJobFacet", description=meta.description
        )
    if meta.location is not None:
        facets["sourceCodeLocation"] = _facet(
            "1-0-1/SourceCodeLocationJobFacet", type="url", url=meta.location
        )
    if isinstance(query := meta.context.get("sql"), str):
        facets["sql"] = _facet("1-0-1/SQLJobFacet", query=query)
    return {"namespace": namespace, "name": name, "facets": facets}


def _io(meta: JobMeta) -> dict[str, Any]:
    return {
        "inputs": [each.model_dump() for each in meta.inputs],
        "outputs": [each.model_dump() for each in meta.outputs],
    }
