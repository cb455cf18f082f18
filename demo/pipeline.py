"""The whole chain as one context: Kafka, PostgreSQL, the consumer and Airflow, started together."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from demo import airflow, kafka, postgres
from demo.errors import DemoError
from demo.process import Service
from demo.state import REPOSITORY, STATE, port

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
    bootstrap_servers: str | None = None
    database_url: str | None = None
    dags: Path = REPOSITORY / "dags"

    def with_environment(self) -> "Options":
        """Take what KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL give."""
        return replace(
            self,
            bootstrap_servers=os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or None,
            database_url=os.environ.get("DATABASE_URL") or None,
        )


@dataclass
class Pipeline:
    """The running chain."""

    bootstrap_servers: str
    database_url: str
    airflow: airflow.Airflow
    consumer: Service


@contextmanager
def running(options: Options, report: Report) -> Iterator[Pipeline]:
    """Run the whole chain until the block ends; `report` is told each step when it is done."""
    ports = _ports(options)
    with ExitStack() as stack, ThreadPoolExecutor(1) as background:
        broker = background.submit(_kafka, options, ports, stack, report)
        server = _postgres(options, ports, stack, report)
        database_url = options.database_url or _database(server, LINEAGE)
        settings = airflow.Settings(
            folder=options.folder / "airflow",
            port=ports["airflow"],
            metadata_url=_database(server, METADATA),
            warehouse_url=_database(server, WAREHOUSE),
            bootstrap_servers="",
            dags=options.dags,
        )
        airflow.migrate(settings)
        report("Airflow's database is ready")
        servers = broker.result()
        consumer = stack.enter_context(start_consumer(options.folder, servers, database_url))
        running_airflow = stack.enter_context(
            airflow.running(replace(settings, bootstrap_servers=servers))
        )
        consumer.check()
        report(f"Airflow answers on {settings.url}")
        yield Pipeline(servers, database_url, running_airflow, consumer)


def start_consumer(folder: Path, bootstrap_servers: str, database_url: str) -> Service:
    """Start the consumer as a user would; the DSN goes by the environment, unseen by `ps`."""
    return Service(
        "consumer",
        [sys.executable, "-m", "consumer", "run", "--topic", TOPIC, "--member", "demo"],
        folder / "consumer",
        {"KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers, "DATABASE_URL": database_url},
    )


def _ports(options: Options) -> dict[str, int]:
    wanted = {
        "kafka": options.kafka_port,
        "postgres": options.postgres_port,
        "airflow": options.airflow_port,
    }
    return {name: port(options.folder, name, each) for name, each in wanted.items()}


def _kafka(options: Options, ports: dict[str, int], stack: ExitStack, report: Report) -> str:
    if options.bootstrap_servers:
        kafka.ensure_topic(options.bootstrap_servers, TOPIC)
        report(f"Kafka is the given one on {options.bootstrap_servers}")
        return options.bootstrap_servers
    kafka.install()
    report("Kafka's jars are there")
    stack.enter_context(kafka.start(options.folder / "kafka", ports["kafka"]))
    servers = f"127.0.0.1:{ports['kafka']}"
    kafka.ensure_topic(servers, TOPIC)
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
