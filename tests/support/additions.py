"""Takes out of an event what the transport adds on its way, and nothing else."""

from typing import Any

from openlineage_avro.event.pipeline_run_id import DEFAULT_NAME, FACET_KEY, TAG_SOURCE


def without_additions(event: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a received event as OpenLineage's client gave it to its transports.

    The transport adds a run tag to events with a pipeline_run_id, and our facet to DAG events.
    """
    facets = dict(event.get("run", {}).get("facets") or {})
    if not facets:
        return event
    if "airflowDagRun" in facets:
        facets.pop(FACET_KEY, None)
    if "tags" in facets:
        ours = {"key": DEFAULT_NAME, "source": TAG_SOURCE}
        tags = [tag for tag in facets["tags"]["tags"] if not ours.items() <= tag.items()]
        facets["tags"] = {**facets["tags"], "tags": tags}
    return {**event, "run": {**event["run"], "facets": facets}}
