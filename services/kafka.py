"""Apache Kafka itself, one broker and controller in one process on loopback."""

import shutil
import socket
from pathlib import Path

from services import maven
from services.errors import DemoError
from services.java import java
from services.process import Service, run
from services.state import DOWNLOADS, REPOSITORY, free_ports

JARS = REPOSITORY / "requirements" / "kafka-jars.txt"
CONFIG = REPOSITORY / "config" / "kafka" / "server.properties"
CLUSTER_ID = "b3BlbmxpbmVhZ2UtYXZybw"
READY_SECONDS = 60

# What differs from machine to machine; of two lines with one name Kafka takes the later.
PLACES = """
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
controller.quorum.voters=1@127.0.0.1:{controller_port}
log.dirs={data}
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


def start(folder: Path, port: int, advertised: int | None = None, more: str = "") -> Service:
    """Start a broker that keeps its data in `folder` and wait until it answers on `port`.

    `advertised` is the port it tells its clients, where that is another one: a proxy's. `more` is
    lines of server.properties, which win.
    """
    libs = install()
    (controller_port,) = free_ports(1)
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    places = PLACES.format(
        port=port,
        advertised=advertised or port,
        controller_port=controller_port,
        data=folder / "data",
    )
    properties.write_text(CONFIG.read_text() + places + more)
    log4j = folder / "log4j2.xml"
    log4j.write_text(LOG4J)
    _format(folder, properties)
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


def format_command(folder: Path, properties: Path) -> list[str]:
    """Return the command that prepares the data folder which `properties` name."""
    command = _command(install(), folder / "log4j2.xml")
    return [*command, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties)]


def _format(folder: Path, properties: Path) -> None:
    if (folder / "data" / "meta.properties").exists():
        return
    shutil.rmtree(folder / "data", ignore_errors=True)
    run(
        format_command(folder, properties),
        folder / "format.log",
        "Kafka could not prepare its data folder",
    )


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def ensure_topic(bootstrap_servers: str, topic: str, partitions: int = 3) -> None:
    """Create `topic` unless it is there."""
    from kafka.admin import KafkaAdminClient, NewTopic
    from kafka.errors import KafkaError, TopicAlreadyExistsError

    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers, bootstrap_timeout_ms=10_000)
    except KafkaError as exc:
        raise DemoError(
            f"no Kafka answers on {bootstrap_servers}: start it, or unset KAFKA_BOOTSTRAP_SERVERS"
        ) from exc
    try:
        if topic not in admin.list_topics():
            admin.create_topics([NewTopic(topic, partitions, replication_factor=1)])
    except TopicAlreadyExistsError:
        pass
    finally:
        admin.close()
