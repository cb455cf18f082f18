"""What the demo does when things go wrong: one line that names the fix, nothing left running."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from demo.task_graph import draw
from services import kafka
from services.errors import DemoError
from services.process import Service
from services.state import free_ports, only_one, place_for_nobody, port


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    leftovers = _processes_of(tmp_path)
    for each in leftovers:
        each.kill()
    assert leftovers == []


def _processes_of(folder: Path) -> list[psutil.Process]:
    """Return the processes whose command line or environment names `folder`."""
    places = {str(folder), str(place_for_nobody(folder / "postgres"))}
    return [
        each
        for each in psutil.process_iter(["cmdline"])
        if any(place in word for word in each.info["cmdline"] or [] for place in places)
    ]


def _demo(state: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL",)}
    return subprocess.Popen(
        [sys.executable, "-m", "demo", "--exit", "--state", str(state), *arguments],
        env={**clean, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _error(state: Path, *arguments: str, **environment: str) -> str:
    demo = _demo(state, *arguments, **environment)
    _, error = demo.communicate(timeout=120)
    assert demo.returncode == 1
    assert len(error.splitlines()) == 1, error
    return error


def test_a_port_in_use_is_named(state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        used = other.getsockname()[1]
        error = _error(state, "--kafka-port", str(used))
    assert (
        error == f"error: port {used} for kafka is in use: stop what listens there, or choose"
        " another\n"
    )


def test_a_second_demo_names_the_first(state: Path) -> None:
    with only_one(state, "the demo"):
        assert f"already running as process {os.getpid()}" in _error(state)


def test_a_wrong_database_url_is_said(state: Path, kafka_bootstrap_servers: str) -> None:
    [unused] = free_ports(1)
    url = f"postgresql://nobody:hidden@127.0.0.1:{unused}/none"
    error = _error(state, DATABASE_URL=url, KAFKA_BOOTSTRAP_SERVERS=kafka_bootstrap_servers)
    assert "DATABASE_URL cannot be used" in error
    assert "hidden" not in error


def test_an_unreachable_kafka_is_said(state: Path, postgres_url: str) -> None:
    [unused] = free_ports(1)
    servers = f"127.0.0.1:{unused}"
    error = _error(state, KAFKA_BOOTSTRAP_SERVERS=servers, DATABASE_URL=postgres_url)
    assert f"no Kafka answers on {servers}: start it, or unset KAFKA_BOOTSTRAP_SERVERS" in error


def test_a_service_that_dies_is_named_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").write_text("version=1\ncluster.id=another\nnode.id=7\n")
    with pytest.raises(DemoError, match=rf"kafka ended with status .*log: {tmp_path}/kafka.log"):
        kafka.start(tmp_path, free_ports(1)[0])


def test_ctrl_c_stops_everything_that_was_started(state: Path) -> None:
    demo = _demo(state)
    assert demo.stdout is not None
    while "Kafka answers" not in demo.stdout.readline():
        assert demo.poll() is None, demo.communicate()
    assert len(_processes_of(state)) > 2
    demo.send_signal(signal.SIGINT)
    output, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert "Stopped" in output


def test_what_a_killed_run_left_behind_is_stopped(tmp_path: Path) -> None:
    first = Service("sleeper", ["sleep", "1000"], tmp_path)
    with Service("sleeper", ["sleep", "1000"], tmp_path) as second:
        first.wait(10)
        assert first.died()
        assert not second.died()


def test_a_process_that_took_over_the_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "sleeper.pid").write_text(f"{os.getpid()} 1.0")
    with Service("sleeper", ["sleep", "1000"], tmp_path) as service:
        assert not service.died()


def test_a_service_that_ignores_the_request_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.process.STOP_SECONDS", 0.2)
    service = Service("deaf", ["sh", "-c", "trap '' TERM; echo ready; sleep 1000 & wait"], tmp_path)
    service.wait_until(lambda: "ready" in service.log.read_text(), 10)
    service.stop()
    time.sleep(0.1)
    assert service.died()


def test_ports_stay_the_same_from_run_to_run(tmp_path: Path) -> None:
    first = port(tmp_path, "kafka")
    assert port(tmp_path, "kafka") == first
    with socket.create_server(("127.0.0.1", first)):
        assert port(tmp_path, "kafka") != first


def test_a_task_graph_is_drawn_once() -> None:
    tasks = {"a": " 1", "b": " 2", "c": " 3", "d": ""}
    edges = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]
    assert draw(tasks, edges) == ["a 1", "├─ b 2", "│  └─ d", "└─ c 3", "   └─ d (see above)"]
