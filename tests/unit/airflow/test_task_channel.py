"""A task's channel is asked only where that cannot disturb the task."""

from collections.abc import Callable
from typing import Any

import pytest

from openlineage_avro.airflow import task_channel

InProcess = type("InProcessSupervisorComms", (), {})


@pytest.mark.parametrize("channel", [None, object(), InProcess()])
@pytest.mark.parametrize("task_is_over", [False, True])
def test_a_thread_of_the_task_may_always_ask(
    airflow: Callable[..., None], channel: Any, task_is_over: bool
) -> None:
    airflow(channel, openlineage__execute_in_thread="True")
    assert task_channel.exists() == (channel is not None)
    assert task_channel.may_be_asked(task_is_over=task_is_over)


@pytest.mark.parametrize(
    ("channel", "when_over"), [(None, True), (object(), True), (InProcess(), False)]
)
def test_a_fork_may_ask_when_the_task_is_over_and_its_supervisor_is_another_process(
    airflow: Callable[..., None], channel: Any, when_over: bool
) -> None:
    airflow(channel)
    assert not task_channel.may_be_asked(task_is_over=False)
    assert task_channel.may_be_asked(task_is_over=True) == when_over


def test_outside_airflow_there_is_no_channel(airflow: Callable[..., None]) -> None:
    assert not task_channel.exists()
