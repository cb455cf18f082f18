"""Apache Kafka itself, one broker and controller in one process on loopback."""

import shutil
import socket
from pathlib import Path

from demo import maven
from demo.java import java
from demo.process import Service, run
from demo.state import DOWNLOADS, REPOSITORY, free_ports

JARS = REPOSITORY / "requirements" / "kafka-jars.txt"
CLUSTER_ID = "b3BlbmxpbmVhZ2UtYXZybw"
READY_SECONDS = 60

# Every replication factor is 1 and internal topics are small: there is one broker.
PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
num.partitions=3
auto.create.topics.enable=false
offsets.topic.num.partitions=3
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.retention.hours=-1
"""
LOG4J = """<Configuration status="warn"><Appenders><Console name="out">
<PatternLayout pattern="%d %p %c{1}: %m%n"/></Console></Appenders>
<Loggers><Root level="warn"><AppenderRef ref="out"/></Root>
<Logger name="kafka.server.KafkaRaftServer" level="info"/></Loggers></Configuration>
"""


def install() -> Path:
    """Return the folder of Kafka's jars; the first call fetches them (43 MB)."""
    libs = DOWNLOADS / "kafka"
    maven.fetch(maven.read_jars(JARS), libs)
    return libs


def start(folder: Path, port: int) -> Service:
    """Start a broker that keeps its data in `folder` and wait until it answers on `port`."""
    libs = install()
    (controller_port,) = free_ports(1)
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text(
        PROPERTIES.format(port=port, controller_port=controller_port, data=folder / "data")
    )
    log4j = folder / "log4j2.xml"
    log4j.write_text(LOG4J)
    _format(libs, folder, properties)
    command = _command(libs, log4j) + ["kafka.Kafka", str(properties)]
    service = Service("kafka", command, folder)
    try:
        service.wait_until(lambda: _answers(port), READY_SECONDS)
    except BaseException:
        service.stop()
        raise
    return service


def _command(libs: Path, log4j: Path) -> list[str]:
    return [str(java()), "-Xmx384m", f"-Dlog4j2.configurationFile={log4j}"] + [
        # The C1 compiler alone halves the CPU time of a short-lived broker's start.
        *("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"),
        *("-cp", f"{libs}/*"),
    ]


def _format(libs: Path, folder: Path, properties: Path) -> None:
    if (folder / "data" / "meta.properties").exists():
        return
    shutil.rmtree(folder / "data", ignore_errors=True)
    run(
        _command(libs, folder / "log4j2.xml")
        + ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties)],
        folder / "format.log",
        "Kafka could not prepare its data folder",
    )


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
