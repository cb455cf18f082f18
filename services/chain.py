"""The whole chain as one context: Kafka, PostgreSQL, the consumer and Airflow, started together."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from services import airflow, kafka, postgres
from services.errors import DemoError
from services.process import Service
from services.state import REPOSITORY, STATE, port

TOPIC = "openlineage"  # as in config/airflow.cfg
LINEAGE, METADATA, WAREHOUSE = "lineage", "airflow", "warehouse"
Report = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """Where the chain keeps its state, and what is given instead of started."""

    folder: Path = STATE
    kafka_port: int | None = None
    postgres_port: int | None = None
    airflow_port: int | None = None
    api_port: int | None = None
    shows_lineage: bool = False  # whether Airflow's Lineage pages know the store
    bootstrap_servers: str | None = None
    database_url: str | None = None
    dags: Path = REPOSITORY / "dags"
    topic: str = TOPIC
    transport: str | None = None  # JSON that replaces the one in config/airflow.cfg
    database_prefix: str = ""  # of the databases that are created for the chain

    def with_environment(self) -> "Options":
        """Take what KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL give."""
        return replace(
            self,
            bootstrap_servers=os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or None,
            database_url=os.environ.get("DATABASE_URL") or None,
        )


class Pipeline:
    """The running chain."""

    def __init__(
        self,
        options: Options,
        bootstrap_servers: str,
        database_url: str,
        running_airflow: airflow.Airflow,
    ) -> None:
        """Start the consumer beside a running Airflow."""
        self.topic = options.topic
        self.bootstrap_servers = bootstrap_servers
        self.database_url = database_url
        self.airflow = running_airflow
        self._folder = options.folder
        self.restart_consumer()

    def restart_consumer(self) -> None:
        """Start the consumer as a user would, its DSN in the environment, unseen by `ps`."""
        self.consumer = Service(
            "consumer",
            [sys.executable, "-m", "consumer", "run", "--topic", self.topic, "--member", "demo"],
            self._folder / "consumer",
            {"KAFKA_BOOTSTRAP_SERVERS": self.bootstrap_servers, "DATABASE_URL": self.database_url},
        )


@contextmanager
def running(options: Options, report: Report) -> Iterator[Pipeline]:
    """Run the whole chain until the block ends; `report` is told each step when it is done."""
    ports = _ports(options)
    with (
        ExitStack() as services,
        ThreadPoolExecutor(1) as background,
        ExitStack() as programs,  # they end before the services that they use
    ):
        broker = background.submit(_kafka, options, ports, services, report)
        server = _postgres(options, ports, services, report)
        databases = {
            name: _database(server, options.database_prefix + name)
            for name in (LINEAGE, METADATA, WAREHOUSE)
            if not (name == LINEAGE and options.database_url)
        }
        database_url = options.database_url or databases[LINEAGE]
        settings = airflow.Settings(
            folder=options.folder / "airflow",
            port=ports["airflow"],
            metadata_url=databases[METADATA],
            warehouse_url=databases[WAREHOUSE],
            bootstrap_servers=options.bootstrap_servers or f"127.0.0.1:{ports['kafka']}",
            dags=options.dags,
            transport=options.transport,
            store_url=database_url if options.shows_lineage else None,
        )
        airflow.migrate(settings)
        report("Airflow's database is ready")
        if broker.done():
            broker.result()  # what is wrong with Kafka is said before the longest wait
        running_airflow = programs.enter_context(airflow.running(settings))
        report(f"Airflow answers on {settings.url}")
        pipeline = Pipeline(options, broker.result(), database_url, running_airflow)
        programs.callback(lambda: pipeline.consumer.stop())
        yield pipeline


def _ports(options: Options) -> dict[str, int]:
    wanted = {
        "kafka": options.kafka_port,
        "postgres": options.postgres_port,
        "airflow": options.airflow_port,
    }
    return {name: port(options.folder, name, each) for name, each in wanted.items()}


def _kafka(options: Options, ports: dict[str, int], stack: ExitStack, report: Report) -> str:
    if options.bootstrap_servers:
        kafka.ensure_topic(options.bootstrap_servers, options.topic)
        report(f"Kafka is the given one on {options.bootstrap_servers}")
        return options.bootstrap_servers
    kafka.install()
    report("Kafka's jars are there")
    stack.enter_context(kafka.start(options.folder / "kafka", ports["kafka"]))
    servers = f"127.0.0.1:{ports['kafka']}"
    kafka.ensure_topic(servers, options.topic)
    report(f"Kafka answers on {servers}")
    return servers


def _postgres(options: Options, ports: dict[str, int], stack: ExitStack, report: Report) -> str:
    if options.database_url:
        try:
            psycopg.connect(options.database_url, connect_timeout=10).close()
        except psycopg.Error as exc:
            raise DemoError(f"DATABASE_URL cannot be used: {str(exc).strip()}") from exc
        report("PostgreSQL is the one of DATABASE_URL")
        return options.database_url
    server = postgres.start(options.folder / "postgres", ports["postgres"])
    stack.enter_context(server.service)
    report(f"PostgreSQL answers on 127.0.0.1:{server.port}")
    return server.url("postgres")


def _database(server_url: str, name: str) -> str:
    try:
        postgres.ensure_database(server_url, name)
    except psycopg.Error as exc:
        raise DemoError(
            f"database {name} could not be created: give DATABASE_URL a role with CREATEDB,"
            f" or create it ({str(exc).strip()})"
        ) from exc
    return postgres.url_of(server_url, name)
