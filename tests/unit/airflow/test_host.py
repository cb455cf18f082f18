"""Airflow is asked where it is, and only then."""

from collections.abc import Callable

import pytest

from openlineage_avro.airflow import host


def test_without_airflow_there_is_nothing(
    airflow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_HOME")
    assert (host.home(), host.configured("a", "b"), host.is_on("a", "b"), host.stats()) == (
        *(None, None, False, None),
    )
    monkeypatch.setenv("AIRFLOW_HOME", "/from/environment")
    assert host.home() == "/from/environment"


def test_what_airflow_knows_is_told(airflow: Callable[..., None]) -> None:
    airflow(openlineage__disabled="True", openlineage_avro__name="x", openlineage_avro__empty="")
    assert (host.home(), host.stats()) == ("/home/airflow", "stats")
    assert host.is_on("openlineage", "disabled")
    assert not host.is_on("openlineage", "other")
    assert host.configured("openlineage_avro", "name") == "x"
    assert host.configured("openlineage_avro", "empty") is None
