"""The command `api` serves in one process or several, and ends when it is told to."""

import signal

import pytest
import requests

from services.state import free_ports
from tests.support.emitting import read_records
from tests.support.storing import Consumer, event, wait_until


@pytest.mark.parametrize("workers", [1, 2])
def test_it_serves_until_it_is_stopped(
    consumer: Consumer, kafka_bootstrap_servers: str, workers: int
) -> None:
    (port,) = free_ports(1)
    base = f"http://127.0.0.1:{port}"
    running = consumer.start("api", "--port", str(port), "--workers", str(workers))

    def is_ready() -> bool:
        assert running.poll() is None
        try:
            return requests.get(f"{base}/ready", timeout=30).ok
        except requests.ConnectionError:
            return False

    wait_until(is_ready, 120)
    for number in range(10):
        answer = requests.post(f"{base}/api/v1/lineage", json=event(number), timeout=30)
        assert answer.status_code == 201, answer.text
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0, said
    assert "Traceback" not in said
    assert len(read_records(kafka_bootstrap_servers, consumer.topic)) == 10
