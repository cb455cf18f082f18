"""A pipeline run: all its runs, across DAGs and what runs below their tasks."""

from fastapi import APIRouter

from consumer.api.context import Store
from consumer.api.errors import not_found
from consumer.api.prefixes import WEB
from consumer.api.raw_path import Segment
from consumer.api.shapes import Name
from consumer.api.web.pipeline_runs import PipelineRun
from consumer.query.reader import Row

router = APIRouter(prefix=WEB, tags=["web"])

MOST_STEPS = 5000


@router.get("/pipeline-runs/{pipeline_run_id}")
def get_pipeline_run(store: Store, pipeline_run_id: Segment) -> PipelineRun:
    """Return a pipeline run."""
    with store.snapshot() as snapshot:
        found = snapshot.row("web/pipeline_runs/find", pipeline_run_id=pipeline_run_id)
        if found is None:
            raise not_found("Pipeline run", pipeline_run_id)
        steps = snapshot.rows(
            "web/pipeline_runs/timeline", pipeline_run_id=pipeline_run_id, limit=MOST_STEPS
        )
        if not steps:  # none of those that may be seen
            raise not_found("Pipeline run", pipeline_run_id)
        used = snapshot.rows("web/pipeline_runs/datasets", pipeline_run_id=pipeline_run_id)
    inputs, outputs = _names(used, is_output=False), _names(used, is_output=True)
    return PipelineRun.model_validate(
        {**found, "steps": steps, "inputs": inputs, "outputs": outputs}
    )


def _names(used: list[Row], is_output: bool) -> list[Name]:
    """Return each dataset once, though several jobs may use it."""
    names = {(row["namespace"], row["name"]) for row in used if row["is_output"] is is_output}
    return [Name(namespace=namespace, name=name) for namespace, name in sorted(names)]
