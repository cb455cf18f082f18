"""That pytest-xdist keeps together what tests/conftest.py wants together."""

import os

import pytest


def test_a_file_stays_in_one_process(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith(f"@{request.path}")
