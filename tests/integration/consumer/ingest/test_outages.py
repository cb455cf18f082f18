"""Once the consumer has worked, an outage is waited for, and told once."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient
from kafka.errors import RetriableError

from consumer.errors import StoreProblem
from consumer.store.database import connect
from services import kafka
from services.state import free_ports
from tests.support.storing import Consumer, produce, value, wait_until

TOPIC = "openlineage"
Start = Callable[[Consumer], subprocess.Popen[str]]


class Broker:
    """A broker that a test may stop and start again, with what it has on disk."""

    def __init__(self, folder: Path) -> None:
        """Start it, with a topic."""
        self.folder = folder
        (self._port,) = free_ports(1)
        self.servers = f"127.0.0.1:{self._port}"
        self.service = kafka.start(folder, self._port)
        kafka.ensure_topic(self.servers, TOPIC)

    def start(self) -> None:
        """Start it with what it had."""
        self.service = kafka.start(self.folder, self._port)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path / "kafka")
    yield broker
    broker.service.stop()


@pytest.fixture
def start() -> Iterator[Start]:
    """Yield what starts a consumer, which is gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(consumer: Consumer) -> subprocess.Popen[str]:
        started.append(consumer.start("run"))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def told(log: str) -> list[str]:
    """Return what the consumer says of outages: `waiting` or `going on`."""
    said = [line.split(": ", 1)[1] for line in log.splitlines() if "consumer.ingest.outage" in line]
    return [" ".join(line.split()[:2]).rstrip(":") for line in said]


@pytest.mark.slow
def test_kafka_killed_before_anything_was_read_is_waited_for(
    broker: Broker, store_url: str, start: Start
) -> None:
    # tests/crash/test_connections.py stops it after something was read.
    consumer = Consumer(broker.servers, TOPIC, store_url)
    process = start(consumer)
    log = _lines_until(process, "reading partition")
    broker.service.kill()
    log += _lines_until(process, "waiting: Kafka cannot be reached")
    assert process.poll() is None
    broker.start()
    produce(broker.servers, TOPIC, [value(each) for each in range(4)])
    wait_until(lambda: consumer.counted()[1] == 4, seconds=60)
    process.terminate()
    rest = process.communicate(timeout=60)[1]
    assert process.returncode == 0, rest
    said = told(log + rest)
    assert said.count("waiting Kafka") <= 2
    assert said[-1] == "going on"
    assert "kafka." not in log + rest


def _lines_until(process: subprocess.Popen[str], *texts: str) -> str:
    """Return what a process writes on standard error, up to a line with some texts."""
    lines: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        if all(text in line for text in texts):
            break
    return "".join(lines)


def test_the_group_is_told_what_is_stored_and_nobody_reads_it(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(7)], 1)
    arguments = ("run", "--stop-at-end", "--group", consumer.topic)
    assert consumer.run(*arguments).returncode == 0
    offsets = kafka_admin.list_group_offsets({consumer.topic: None})[consumer.topic]
    assert {at.partition: offset.offset for at, offset in offsets.items()} == {0: 7}


@pytest.mark.slow
def test_a_partition_without_leader_is_waited_for_while_the_rest_goes_on(
    broker: Broker, tmp_path: Path, store_url: str, start: Start
) -> None:
    # The first broker coordinates every group: Kafka shares that out when it is first asked.
    wait_until(lambda: _coordinates(broker))
    second, topic = SecondBroker(broker, tmp_path / "second"), "two-leaders"
    admin = KafkaAdminClient(bootstrap_servers=broker.servers)
    try:
        wait_until(lambda: len(admin.describe_cluster()["brokers"]) == 2)
        assigned = {0: [1], 1: [2]}
        admin.create_topics({topic: {"assignments": assigned}}, wait_for_metadata=True)
        consumer = Consumer(broker.servers, topic, store_url)
        process = start(consumer)
        produce(broker.servers, topic, [value(0), value(1)], 2)
        wait_until(lambda: consumer.counted()[1] == 2)
        second.service.stop()
        produce(broker.servers, topic, [value(2)], 1)
        wait_until(lambda: consumer.counted()[1] == 3, seconds=60)
        log = _lines_until(process, f"waiting: partition 1 of {topic} has no leader")
        produce(broker.servers, topic, [value(3)], 1)
        wait_until(lambda: consumer.counted()[1] == 4, seconds=60)
        second.start()
        produce(broker.servers, topic, [value(4), value(5)], 2)
        log += _lines_until(process, "going on after", f"partition 1 of {topic} has no leader")
        wait_until(lambda: consumer.counted()[1] == 6, seconds=60)
        process.terminate()
        log += process.communicate(timeout=60)[1]
        assert process.returncode == 0, log
        assert log.count("has no leader") == 2
    finally:
        admin.close()
        second.service.stop()


def _coordinates(broker: Broker) -> bool:
    """Tell whether a broker coordinates groups yet; it begins to when it is asked."""
    with closing(KafkaAdminClient(bootstrap_servers=broker.servers)) as admin:
        try:
            admin.describe_groups(["any"])
        except RetriableError:
            return False
    return True


class SecondBroker:
    """A broker without a controller, in the cluster of another."""

    def __init__(self, first: Broker, folder: Path) -> None:
        """Start it."""
        self._folder = folder
        (self._port,) = free_ports(1)
        written = (first.folder / "server.properties").read_text().splitlines()
        voters = [line for line in written if line.startswith("controller.quorum.voters=")][-1]
        self._more = (
            f"process.roles=broker\nnode.id=2\n{voters}\n"
            f"listeners=PLAINTEXT://127.0.0.1:{self._port}\n"
        )
        self.start()

    def start(self) -> None:
        """Start it with what it has on disk."""
        self.service = kafka.start(self._folder, self._port, more=self._more)


# What Python runs at its start, if it finds it: names under `.test` are this machine's, but only
# while a file is there.
NAMES = """
import os, socket
known = socket.getaddrinfo
def getaddrinfo(host, *arguments, **named):
    if str(host).endswith(".test"):
        if not os.path.exists(os.environ["NAMES_ARE_KNOWN"]):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        host = "127.0.0.1"
    return known(host, *arguments, **named)
socket.getaddrinfo = getaddrinfo
"""


@pytest.mark.slow
def test_the_address_of_kafka_does_not_resolve_for_a_while(
    tmp_path: Path, store_url: str, start: Start
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NAMES)
    known = tmp_path / "known"
    known.touch()
    port, local, controller = free_ports(3)
    listeners = LISTENERS.format(port=port, local=local, controller=controller)
    service = kafka.start(tmp_path / "kafka", port, more=listeners)
    try:
        servers = f"127.0.0.1:{local}"
        kafka.ensure_topic(servers, TOPIC)
        path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
        consumer = Consumer(f"kafka.test:{port}", TOPIC, store_url)
        consumer.environment |= {"PYTHONPATH": path, "NAMES_ARE_KNOWN": str(known)}
        process = start(consumer)
        produce(servers, TOPIC, [value(0), value(1)])
        wait_until(lambda: consumer.counted()[1] == 2)
        known.unlink()
        service.stop()
        service = kafka.start(tmp_path / "kafka", port, more=listeners)
        log = _lines_until(process, "waiting: Kafka cannot be reached")
        known.touch()
        produce(servers, TOPIC, [value(2), value(3)])
        wait_until(lambda: consumer.counted()[1] == 4, seconds=60)
        process.terminate()
        log += process.communicate(timeout=60)[1]
        assert process.returncode == 0, log
        assert told(log)[-1] == "going on"
    finally:
        service.stop()


# A broker that tells some of its clients a name, and others an address.
LISTENERS = """
listeners=PLAINTEXT://127.0.0.1:{port},LOCAL://127.0.0.1:{local},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://kafka.test:{port},LOCAL://127.0.0.1:{local}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,LOCAL:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=LOCAL
controller.quorum.voters=1@127.0.0.1:{controller}
"""


def test_a_name_that_does_not_resolve_may_do_so_later() -> None:
    with pytest.raises(StoreProblem, match="correct the host") as caught:
        connect("postgresql://me@no-such-host.invalid/db")
    assert caught.value.retry
