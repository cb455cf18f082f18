"""Processes that look like Airflow's, without Airflow."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from openlineage_avro.airflow import host, task_channel


class Conf:
    """Airflow's settings, as far as they are asked."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = settings

    def get(self, section: str, key: str, *, fallback: Any) -> Any:
        return self._settings.get(f"{section}.{key}", fallback)

    def getboolean(self, section: str, key: str, *, fallback: bool) -> bool:
        return str(self.get(section, key, fallback=fallback)).lower() == "true"


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make this process one of Airflow's, with settings and a task's channel."""
    for name in (host.CONFIGURATION, host.STATS, task_channel.RUNNER):
        monkeypatch.delitem(sys.modules, name, raising=False)

    def make(channel: Any = None, **settings: str) -> None:
        named = {key.replace("__", "."): value for key, value in settings.items()}
        _module(monkeypatch, host.CONFIGURATION, conf=Conf(named), AIRFLOW_HOME="/home/airflow")
        _module(monkeypatch, host.STATS, Stats="stats")
        _module(monkeypatch, task_channel.RUNNER, SUPERVISOR_COMMS=channel)

    return make


def _module(monkeypatch: pytest.MonkeyPatch, name: str, **members: Any) -> None:
    module = ModuleType(name)
    vars(module).update(members)
    monkeypatch.setitem(sys.modules, name, module)
