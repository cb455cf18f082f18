"""The run facet that ties a pipeline's runs together, made inside Airflow for each task event."""

from typing import Any

import attr
from openlineage.client.generated.base import RunFacet

from openlineage_avro.airflow import host, task_channel
from openlineage_avro.event.pipeline_run_id import FACET_KEY, SCHEMA_URL, name_of_id, usable_id

# What a template may use: nothing of it is asked from the task's supervisor.
TEMPLATE_NAMES = (
    *("dag", "dag_run", "run_id", "params", "ds", "ds_nodash", "ts", "ts_nodash", "logical_date"),
    *("data_interval_start", "data_interval_end"),
)


@attr.define
class OpenlineageAvroPipelineRunRunFacet(RunFacet):
    """The id that all runs of one pipeline share, and its source: conf, xcom, params, template."""

    # The id is no secret, though Airflow may take a value of this name for one.
    _additional_skip_redact = ["pipelineRunId", "source"]  # noqa: RUF012 - attrs would make it a field

    pipelineRunId: str  # noqa: N815 - OpenLineage's spelling
    source: str

    @staticmethod
    def _get_schema() -> str:
        return SCHEMA_URL


def pipeline_run_id(task_instance: Any, ti_state: Any) -> dict[str, RunFacet] | None:
    """Return the facet for a task event, or None where the id is not known yet.

    Looked for under the name set as `[openlineage_avro] pipeline_run_id_name` (default
    pipeline_run_id): in dag_run.conf, in the XComs of the task itself, in the DAG's params; at
    last `[openlineage_avro] pipeline_run_id_template` is rendered with TEMPLATE_NAMES.
    Any task may push it; the consumer gives it to all other runs of the pipeline. To be named in
    `[openlineage] custom_run_facets` as openlineage_avro.facets.pipeline_run_id.
    """
    name = name_of_id()
    context = task_instance.get_template_context()
    found = (
        _facet((getattr(context.get("dag_run"), "conf", None) or {}).get(name), "conf")
        or _facet(_from_xcom(task_instance, ti_state, name), "xcom")
        or _facet((context.get("params") or {}).get(name), "params")
        or _facet(_from_template(context), "template")
    )
    return {FACET_KEY: found} if found else None


def _facet(value: Any, source: str) -> OpenlineageAvroPipelineRunRunFacet | None:
    found = usable_id(value)
    if found is None:
        return None
    return OpenlineageAvroPipelineRunRunFacet(pipelineRunId=found, source=source)


def _from_template(context: Any) -> Any:
    template = host.configured("openlineage_avro", "pipeline_run_id_template")
    if not template:
        return None
    known = {name: context[name] for name in TEMPLATE_NAMES if name in context}
    return context["task"].render_template(template, known)


def _from_xcom(task_instance: Any, ti_state: Any, name: str) -> Any:
    """Read the task's own XCom, where that cannot disturb the task."""
    is_over = getattr(ti_state, "value", ti_state) != "running"
    if not task_channel.may_be_asked(task_is_over=is_over):
        return None
    return task_instance.xcom_pull(task_ids=task_instance.task_id, key=name)
