"""Processes without Airflow's masker, and with it."""

import sys
from collections.abc import Iterator

import pytest

from openlineage_avro.airflow.masker import MODULES
from tests.support.masking import SECRET, airflow_masker


@pytest.fixture(autouse=True)
def no_masker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside Airflow, whatever other tests have imported."""
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch, no_masker: None) -> Iterator[None]:
    """Airflow's masker is there, and knows SECRET."""
    monkeypatch.setitem(sys.modules, MODULES[1], airflow_masker)
    airflow_masker.reset_secrets_masker()
    airflow_masker.mask_secret(SECRET)
    yield
    airflow_masker.reset_secrets_masker()
