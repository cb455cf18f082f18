"""One process of a host drains at a time, and a dead one is replaced."""

import time
from pathlib import Path

import pytest

from openlineage_avro.delivery.drain import Lease
from openlineage_avro.delivery.spool import Spool
from tests.support.clock import an_hour_ahead


def lease(folder: Path) -> Lease:
    """Return a lease as another process would have it."""
    return Lease(Spool(folder, "a:1", "topic"))


def test_only_one_holds_it(tmp_path: Path) -> None:
    with lease(tmp_path).held(10) as one:
        assert one
        with lease(tmp_path).held(10) as other:
            assert not other
        with lease(tmp_path).held(10) as again:
            assert not again  # who did not get it released nothing
    with lease(tmp_path).held(10) as after:
        assert after


def test_it_is_released_when_draining_fails(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), lease(tmp_path).held(10):
        raise TimeoutError
    with lease(tmp_path).held(10) as after:
        assert after


def test_a_clock_that_was_set_back_does_not_prolong_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_hour_ahead(monkeypatch):
        assert lease(tmp_path).held(10).__enter__()
    with lease(tmp_path).held(10) as after:
        assert after


def test_it_ends_by_itself_when_its_holder_was_killed(tmp_path: Path) -> None:
    dead = lease(tmp_path).held(1.0)
    assert dead.__enter__()
    with lease(tmp_path).held(10) as early:
        assert not early
    time.sleep(1.05)
    with lease(tmp_path).held(10) as late:
        assert late
