"""A DAG whose params name its pipeline run."""

from airflow.sdk import DAG, task

with DAG(dag_id="params_dag", schedule=None, params={"pipeline_run_id": "given-in-params"}):

    @task
    def only() -> None:
        """Do nothing."""

    only()
