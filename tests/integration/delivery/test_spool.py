"""What Kafka does not take waits on disk, in order, and is sent once Kafka is back."""

import json
import logging
import os
import resource
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient
from openlineage.client.event_v2 import RunEvent

from openlineage_avro import decode
from openlineage_avro.errors import DeliveryError
from services.state import free_ports
from tests.support.emitting import (
    COMMAND,
    emit_until_nothing_waits,
    environment_of,
    event_with,
    eventually,
    expect,
    make_transport,
    names_on,
    read_records,
    run_command,
    run_event,
    status_of,
)
from tests.support.tcp_proxy import TcpProxy


@pytest.mark.parametrize("fault", ["refuse", "silence"])
def test_what_kafka_does_not_take_is_sent_with_a_later_event(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path, fault: str
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=1)
    getattr(kafka_proxy, fault)()
    for name in "abc":
        transport.emit(run_event(name))
    assert status_of(default_spool).waiting == 3
    kafka_proxy.restore()
    emit_until_nothing_waits(transport, default_spool)
    transport.close(5)
    assert set("abc") | {"again"} == set(names_on(kafka_proxy.address, new_topic))


def test_the_log_says_that_an_event_waits(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "openlineage_avro.transport")
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=0.5)
    kafka_proxy.refuse()
    transport.emit(run_event("daily.load"))
    transport.close(1)
    [line] = [each.message for each in caplog.records if "OpenLineage event" in each.message]
    assert line.startswith("OpenLineage event OTHER of daily.load: ")
    assert line.endswith(f" of JSON, waiting for topic {new_topic}")


def test_events_of_a_key_keep_their_order(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=1)
    transport.emit(_numbered(0))
    kafka_proxy.refuse()
    for number in range(1, 1200):  # more than fit into one batch
        transport.emit(_numbered(number))
    kafka_proxy.restore()
    emit_until_nothing_waits(transport, default_spool)
    transport.close(5)
    events = [decode(each.value) for each in read_records(kafka_proxy.address, new_topic)]
    numbers = [e["run"]["facets"]["n"]["n"] for e in events if e["job"]["name"] != "again"]
    # A batch whose acknowledgement came too late is sent again: what came first is in order.
    assert list(dict.fromkeys(numbers)) == list(range(1200))


def _numbered(number: int) -> RunEvent:
    return event_with({"n": {"n": number}})


def test_after_a_failure_no_process_of_the_host_waits_for_kafka(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=2)
    kafka_proxy.silence()
    transport.emit(run_event())
    assert status_of(default_spool).failures == 1
    children = [_emitting(kafka_proxy.address, new_topic, count=50) for _ in range(3)]
    for child in children:
        output, _ = child.communicate(timeout=60)
        # Fifty tries, or even one, would take longer than the deadline of two seconds.
        assert child.returncode == 0, output
        assert float(output) < 2
    assert status_of(default_spool).waiting == 151
    transport.close(0)


def _emitting(servers: str, topic: str, count: int) -> "subprocess.Popen[str]":
    """Start a process that emits events and prints the seconds its first one took."""
    program = (
        "import sys, time\n"
        "from tests.support.emitting import make_transport, run_event\n"
        "transport = make_transport(sys.argv[1], sys.argv[2], delivery_timeout=2)\n"
        "start = time.monotonic()\n"
        "transport.emit(run_event())\n"
        "print(time.monotonic() - start)\n"
        "for _ in range(int(sys.argv[3]) - 1):\n"
        "    transport.emit(run_event())\n"
        "transport.close(5)\n"
    )
    arguments = [sys.executable, "-c", program, servers, topic, str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_many_processes_keep_events_at_once_and_lose_none(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    kafka_proxy.refuse()
    children = [_emitting(kafka_proxy.address, new_topic, count=100) for _ in range(8)]
    for child in children:
        child.communicate(timeout=100)
    assert [child.returncode for child in children] == [0] * 8
    assert status_of(default_spool).waiting == 800
    kafka_proxy.restore()
    drained = run_command(kafka_proxy.address, new_topic, "drain")
    assert drained.returncode == 0, drained.stderr
    records = read_records(kafka_proxy.address, new_topic)
    assert len(records) == len({record.value for record in records}) == 800


def test_the_command_line_shows_and_drains_what_waits(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=0.5)
    kafka_proxy.refuse()
    for _ in range(3):
        transport.emit(run_event())
    transport.close(1)
    shown = run_command(kafka_proxy.address, new_topic, "spool", "status", "--json")
    status = json.loads(shown.stdout.splitlines()[-1])
    assert (shown.returncode, status["waiting"], status["topic"]) == (1, 3, new_topic)
    failed = run_command(kafka_proxy.address, new_topic, "drain")
    assert failed.returncode == 1
    assert f"topic {new_topic} on {kafka_proxy.address}: ConnectionRefusedError: " in failed.stderr
    kafka_proxy.restore()
    drained = run_command(kafka_proxy.address, new_topic, "drain")
    assert (drained.returncode, drained.stderr) == (0, "")
    assert "3 records sent" in drained.stdout
    assert "noop" not in drained.stdout  # of a transport that nobody uses
    shown = run_command(kafka_proxy.address, new_topic, "spool", "status")
    assert shown.returncode == 0
    assert "0 waiting" in shown.stdout
    assert "noop" not in shown.stdout + shown.stderr


def test_what_waits_for_an_address_that_no_setting_names_is_told_and_sent(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    nowhere = f"127.0.0.1:{free_ports(1)[0]}"
    transport = make_transport(nowhere, new_topic, delivery_timeout=0.5)
    transport.emit(run_event("moved"))
    transport.close(1)
    told = run_command(kafka_proxy.address, new_topic, "drain")
    assert told.returncode == 1
    assert f"1 records wait for topic {new_topic} on {nowhere}, which no setting" in told.stderr
    sent = run_command(kafka_proxy.address, new_topic, "drain", "--from", nowhere)
    assert (sent.returncode, sent.stderr) == (0, "")
    assert names_on(kafka_proxy.address, new_topic) == ["moved"]


def test_a_following_drain_sends_what_comes_until_it_is_stopped(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=0.5)
    kafka_proxy.refuse()
    transport.emit(run_event("waits"))
    transport.close(1)
    arguments = [COMMAND, "drain", "--follow"]
    environment = environment_of(kafka_proxy.address, new_topic)
    following = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL)
    try:
        kafka_proxy.restore()
        eventually(lambda: expect(status_of(default_spool).waiting == 0), seconds=60)
        assert following.poll() is None
    finally:
        following.send_signal(signal.SIGTERM)
        assert following.wait(timeout=60) == 0
    assert names_on(kafka_proxy.address, new_topic) == ["waits"]


def test_a_record_kafka_will_never_take_is_put_aside(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic)
    _limit_messages(kafka_proxy.address, new_topic, 15_000)
    with pytest.raises(DeliveryError, match=r"MessageTooLarge.*put aside"):
        transport.emit(run_event(secrets.token_urlsafe(20_000)))  # a name is never cut
    assert status_of(default_spool).refused == 1
    _limit_messages(kafka_proxy.address, new_topic, 1_000_000)
    transport.emit(run_event("small"))
    transport.close(5)
    assert names_on(kafka_proxy.address, new_topic) == ["small"]
    assert run_command(kafka_proxy.address, new_topic, "drain", "--refused").returncode == 0
    assert len(names_on(kafka_proxy.address, new_topic)) == 2


def test_what_became_too_large_while_it_waited_is_cut(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=1)
    kafka_proxy.refuse()
    transport.emit(run_event("before"))
    transport.emit(event_with({"plan": {"text": secrets.token_urlsafe(2_000_000)}}))
    transport.emit(run_event("after"))
    transport.close(1)
    kafka_proxy.restore()
    assert run_command(kafka_proxy.address, new_topic, "drain").returncode == 0
    events = [decode(each.value) for each in read_records(kafka_proxy.address, new_topic)]
    [cut] = [event for event in events if event["job"]["name"] == "job"]
    assert "openlineageAvro_cut" in cut["run"]["facets"]["plan"]
    assert {event["job"]["name"] for event in events} == {"before", "job", "after"}


def _limit_messages(servers: str, topic: str, size: int) -> None:
    from kafka.admin import ConfigResource, ConfigResourceType

    admin = KafkaAdminClient(bootstrap_servers=servers)
    setting = {"max.message.bytes": str(size)}
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, setting)])
    admin.close()


def test_a_full_spool_says_so_and_costs_nothing_while_kafka_is_there(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    settings = {"delivery_timeout": 1, "spool_max_bytes": 60_000}
    transport = make_transport(kafka_proxy.address, new_topic, **settings)
    kafka_proxy.refuse()
    raised = r"ConnectionRefusedError: .*; spool: .*: full: "
    with pytest.raises(DeliveryError, match=raised):  # noqa: PT012 - how many fit is SQLite's
        for _ in range(1000):
            transport.emit(run_event("kept"))
    kafka_proxy.restore()
    transport.emit(run_event("sent"))  # it cannot be kept, so it is sent, whoever waits
    emit_until_nothing_waits(transport, default_spool)
    transport.close(5)
    assert set(names_on(kafka_proxy.address, new_topic)) == {"kept", "sent", "again"}


def test_a_folder_that_cannot_be_written_costs_nothing_while_kafka_is_there(
    kafka_proxy: TcpProxy, new_topic: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    settings = {"delivery_timeout": 1, "spool_dir": str(tmp_path / "file" / "spool")}
    transport = make_transport(kafka_proxy.address, new_topic, **settings)
    transport.emit(run_event())
    assert "Events cannot be kept on disk" in caplog.text
    kafka_proxy.refuse()
    with pytest.raises(DeliveryError, match=r"topic .* on .*Error: .*; spool: .*Not a directory"):
        transport.emit(run_event())
    transport.close(1)


def test_a_full_disk_loses_nothing_that_was_kept(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    kafka_proxy.refuse()
    kept = _forked(lambda: _emit_on_a_full_disk(kafka_proxy.address, new_topic))
    status = status_of(default_spool)
    assert kept > 0
    assert status.waiting == kept
    kafka_proxy.restore()
    assert run_command(kafka_proxy.address, new_topic, "drain").returncode == 0
    assert len(read_records(kafka_proxy.address, new_topic)) == kept


def _emit_on_a_full_disk(servers: str, topic: str) -> int:
    """Emit until nothing can be written any more; return the number of events kept."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    transport = make_transport(servers, topic, delivery_timeout=0.5)
    for number in range(250):
        try:
            transport.emit(event_with({"text": {"text": secrets.token_urlsafe(2000)}}))
        except DeliveryError as exc:
            return number if "disk" in str(exc) else 0
    return 0


def _forked(call: Callable[[], int]) -> int:
    """Return what `call` returns in a child (at most 250); -1 stands for an error."""
    child = os.fork()
    if child == 0:
        status = 255
        try:
            status = call()
        except BaseException as exc:
            print(exc, file=sys.stderr)
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return -1 if status == 255 else status


def test_a_fork_with_an_open_spool_goes_on_in_both_processes(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=0.5)
    kafka_proxy.refuse()
    transport.emit(run_event())

    def emit_some() -> int:
        for _ in range(20):
            transport.emit(run_event())
        return 0

    stop = threading.Event()
    busy = threading.Thread(target=lambda: [emit_some() for _ in iter(stop.is_set, True)])
    busy.start()
    try:
        assert [_forked(emit_some) for _ in range(10)] == [0] * 10
    finally:
        stop.set()
        busy.join()
    transport.close(1)
    waiting = status_of(default_spool).waiting
    assert waiting > 200
    assert waiting % 20 == 1


def test_a_removed_spool_is_made_anew(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path
) -> None:
    transport = make_transport(kafka_proxy.address, new_topic, delivery_timeout=0.5)
    kafka_proxy.refuse()
    transport.emit(run_event())
    for file in default_spool.iterdir():
        file.unlink()
    default_spool.rmdir()
    transport.emit(run_event())
    transport.close(1)
    assert status_of(default_spool).waiting == 1


def test_what_is_older_than_the_bound_is_dropped_and_told(
    kafka_proxy: TcpProxy, new_topic: str, default_spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"delivery_timeout": 0.5, "spool_max_age": 0.001}
    transport = make_transport(kafka_proxy.address, new_topic, **settings)
    kafka_proxy.refuse()
    transport.emit(run_event("old"))
    kafka_proxy.restore()
    caplog.set_level(logging.ERROR)
    emit_until_nothing_waits(transport, default_spool)
    transport.close(5)
    assert "old" not in names_on(kafka_proxy.address, new_topic)
    assert "older than 0.001 s: dropped" in caplog.text
