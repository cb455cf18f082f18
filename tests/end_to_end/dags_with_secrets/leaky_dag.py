"""A DAG that lets secrets slip wherever a DAG can; the secrets themselves come from the test."""

import os

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, BaseHook, task

with DAG(dag_id="leaky_dag", schedule=None):

    @task
    def log_in() -> None:
        """Learn a password only now, and fail with it in the message."""
        found = BaseHook.get_connection("leaky_place")
        raise RuntimeError(
            f"{found.login} cannot log in with {found.password} at {found.get_uri()}"
        )

    PythonOperator(
        task_id="call",
        python_callable=print,
        op_kwargs={"sep": " ", "end": "\n"},
        doc=f"postgresql://me:{os.environ['LEAKY_IN_URL']}@warehouse/db",
        params={"db": {"password": os.environ["LEAKY_IN_PARAMS"]}},
    )

    log_in()
