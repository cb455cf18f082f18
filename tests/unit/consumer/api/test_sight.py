"""What a user of Airflow may see."""

import pytest

from consumer.api.sight import Sight

SIGHT = Sight("airflow", frozenset({"orders", "a.dotted.id"}))


@pytest.mark.parametrize(
    "row",
    [
        {"dag_id": "orders", "job_namespace": "airflow"},
        {"job_name": "orders.load", "job_namespace": "airflow"},
        {"job_name": "orders.group.load"},
        {"job_name": "a.dotted.id.load", "job_namespace": "airflow"},
        {"kind": "job", "namespace": "airflow", "name": "orders.load"},
        {"kind": "dataset", "namespace": "airflow", "name": "secret"},
        {"kind": "job", "namespace": "dbt", "name": "secret"},
        {"job_name": "secret", "job_namespace": "another Airflow"},
        {"dag_id": None, "job_name": None},
        {"depth": 1},
    ],
)
def test_the_jobs_of_permitted_dags_and_of_others_than_airflow_are_seen(
    row: dict[str, object],
) -> None:
    assert SIGHT.sees(row)


@pytest.mark.parametrize(
    "row",
    [
        {"dag_id": "secret", "job_namespace": "airflow"},
        {"dag_id": "secret"},
        {"job_name": "orders_of_others.load", "job_namespace": "airflow"},
        {"job_name": "a.dotted", "job_namespace": "airflow"},
        {"kind": "job", "namespace": "airflow", "name": "secret"},
        {"kind": "run", "namespace": "airflow", "name": "secret.load"},
        {"dag_id": "orders", "job_name": "secret", "job_namespace": "airflow"},
    ],
)
def test_what_names_the_job_of_another_dag_is_not_seen(row: dict[str, object]) -> None:
    assert not SIGHT.sees(row)
