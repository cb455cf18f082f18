"""A linear pipeline that succeeds and names its own pipeline run: push id, extract, report."""

import time
import uuid

from airflow.providers.common.compat.sdk import DAG, task

with DAG(
    dag_id="simple_success_dag",
    description="Three tasks in a row; the first one names the pipeline run",
    schedule=None,
    catchup=False,
    tags=["openlineage-avro", "sample"],
    default_args={"owner": "data-platform"},
):

    @task
    def push_pipeline_run_id(ti=None, dag_run=None) -> str:
        """Name this pipeline run, unless whoever triggered it did."""
        identifier = (dag_run.conf or {}).get("pipeline_run_id") or str(uuid.uuid4())
        ti.xcom_push(key="pipeline_run_id", value=identifier)
        return identifier

    @task
    def extract(pipeline_run_id: str) -> int:
        """Pretend to read something."""
        print(f"extracting for pipeline run {pipeline_run_id}")
        time.sleep(0.2)
        return 42

    @task
    def report(rows: int) -> None:
        """Say how much was read."""
        print(f"{rows} rows")

    report(extract(push_pipeline_run_id()))
