"""Ten thousand events leave no thread, socket or file behind, whatever happens to the line."""

import threading
from pathlib import Path

import pytest

from tests.support.emitting import (
    emit_until_nothing_waits,
    eventually,
    make_transport,
    read_records,
    run_event,
)
from tests.support.tcp_proxy import TcpProxy

EVENTS, BREAK_EVERY = 10_000, 1_000


@pytest.mark.slow
def test_nothing_is_left_open_after_ten_thousand_events(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=1)
    transport.emit(run_event())
    before = _open()
    for number in range(EVENTS):
        if number % BREAK_EVERY == 0:
            kafka_proxy.cut()
        transport.emit(run_event(f"job-{number}"))
    eventually(lambda: _expect_no_more_than(before))
    emit_until_nothing_waits(transport, default_spool)
    assert transport.close(5)
    records = read_records(kafka_proxy.address, new_topic)
    names = {record.key.decode() for record in records}
    assert {f"run:ns/job-{number}" for number in range(EVENTS)} <= names


def _open() -> tuple[int, int]:
    """Return the numbers of this process's threads and open files, without the proxy's."""
    threads = [each for each in threading.enumerate() if each.name.startswith(("kafka", "openl"))]
    return len(threads), len(list(Path("/proc/self/fd").iterdir()))


def _expect_no_more_than(before: tuple[int, int]) -> None:
    threads, files = _open()
    assert threads <= before[0]
    assert files <= before[1]
