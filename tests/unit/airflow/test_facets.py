"""The facet takes the pipeline's id from where it is first, and XComs only when that is safe."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from openlineage_avro import facets

KEY = "openlineageAvro_pipelineRun"


class TaskInstance:
    """A task's instance whose template context and XCom are given."""

    task_id = "t"

    def __init__(self, *, conf: Any = None, xcom: Any = None, **context: Any) -> None:
        task = SimpleNamespace(render_template=lambda text, known: text.format(**known))
        self._context = {"dag_run": SimpleNamespace(conf=conf), "task": task, **context}
        self._xcom = xcom

    def get_template_context(self) -> dict[str, Any]:
        return self._context

    def xcom_pull(self, *, task_ids: str, key: str) -> Any:
        assert (task_ids, key) == ("t", "pipeline_run_id")
        return self._xcom


def found(instance: TaskInstance, state: Any) -> tuple[str, str] | None:
    made: Any = facets.pipeline_run_id(instance, state)
    return made and (made[KEY].pipelineRunId, made[KEY].source)


PARAMS = {"params": {"pipeline_run_id": "from params"}}


@pytest.mark.parametrize(
    ("instance", "running", "over"),
    [
        (TaskInstance(conf={"pipeline_run_id": 7}, xcom="x"), ("7", "conf"), ("7", "conf")),
        (TaskInstance(conf={}, xcom="x", **PARAMS), ("from params", "params"), ("x", "xcom")),
        (TaskInstance(run_id="r"), ("id of r", "template"), ("id of r", "template")),
    ],
)
def test_it_is_taken_from_the_first_place_that_may_be_asked(
    airflow: Callable[..., None],
    instance: TaskInstance,
    running: tuple[str, str],
    over: tuple[str, str],
) -> None:
    airflow(object(), openlineage_avro__pipeline_run_id_template="id of {run_id}")
    assert (
        found(instance, "running") == found(instance, SimpleNamespace(value="running")) == running
    )
    assert found(instance, "success") == over


def test_in_a_thread_the_xcom_is_read_while_the_task_runs(airflow: Callable[..., None]) -> None:
    airflow(object(), openlineage__execute_in_thread="True")
    assert found(TaskInstance(xcom="x"), "running") == ("x", "xcom")


def test_without_an_id_there_is_no_facet(airflow: Callable[..., None]) -> None:
    airflow(object())
    assert found(TaskInstance(), "success") is None
