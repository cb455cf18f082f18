"""Counters count in the process and reach Airflow's metrics, which may fail without harm."""

import os
import sys
import types
from typing import Any

import pytest

from openlineage_avro.delivery.counters import NAMES, PREFIX, Metrics


class Stats:
    """Notes what is counted, as Airflow's own client would send it."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, int]] = []

    def incr(self, name: str, count: int) -> None:
        self.counted.append((name, count))


@pytest.fixture
def stats(monkeypatch: pytest.MonkeyPatch) -> Stats:
    module: Any = types.ModuleType("airflow.providers.common.compat.sdk")
    module.Stats = Stats()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    found = module.Stats
    assert isinstance(found, Stats)
    return found


def test_what_is_counted_reaches_airflow(stats: Stats) -> None:
    metrics = Metrics()
    metrics.count("sent")
    metrics.count("avro_bytes", 7)
    metrics.count("drained", 0)
    assert metrics.read() == {**dict.fromkeys(NAMES, 0), "sent": 1, "avro_bytes": 7}
    assert stats.counted == [(f"{PREFIX}.sent", 1), (f"{PREFIX}.avro_bytes", 7)]


def test_airflows_trouble_with_metrics_is_not_ours(
    stats: Stats, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("no statsd")

    monkeypatch.setattr(stats, "incr", fail)
    metrics = Metrics()
    metrics.count("sent")
    assert metrics.read()["sent"] == 1


def test_a_child_counts_for_itself() -> None:
    from openlineage_avro.delivery.counters import METRICS

    METRICS.count("failed")
    child = os.fork()
    if child == 0:
        os._exit(METRICS.read()["failed"])
    assert os.waitpid(child, 0)[1] == 0
    METRICS.reset()
