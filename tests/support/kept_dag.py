"""Which DAG is kept from some users of the tests' Airflow."""

KEPT = "complex_failure_dag"
