"""Real services for every test: started once per session, or given by two variables."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from kafka.admin import KafkaAdminClient, NewTopic
from psycopg import sql
from psycopg.conninfo import make_conninfo

from services import kafka, postgres, registry
from services.state import STATE, free_ports, place_for_nobody
from tests.tcp_proxy import TcpProxy


@pytest.fixture(autouse=True)
def default_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the transport's spool out of the user's home; return the default folder."""
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    return tmp_path / "airflow" / "openlineage_avro_spool"


@pytest.fixture(scope="session")
def services_folder() -> Iterator[Path]:
    """Yield a folder for this session's services; it is gone afterwards."""
    folder = STATE / "tests" / str(os.getpid())
    yield folder
    shutil.rmtree(place_for_nobody(folder / "postgres"), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def kafka_bootstrap_servers(services_folder: Path) -> Iterator[str]:
    """Yield `host:port` of a real broker: KAFKA_BOOTSTRAP_SERVERS, or one started here."""
    if given := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        yield given
        return
    (port,) = free_ports(1)
    with kafka.start(services_folder / "kafka", port):
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def proxied_broker(services_folder: Path) -> Iterator[TcpProxy]:
    """Yield a proxy that all of a second broker's clients go through."""
    port, advertised = free_ports(2)
    with (
        kafka.start(services_folder / "proxied-kafka", port, advertised),
        TcpProxy(advertised, port) as proxy,
    ):
        yield proxy


@pytest.fixture
def kafka_proxy(proxied_broker: TcpProxy) -> Iterator[TcpProxy]:
    """Yield the proxy to a broker, in order, and put it in order again afterwards."""
    proxied_broker.restore()
    yield proxied_broker
    proxied_broker.restore()


@pytest.fixture(scope="session")
def schema_registry_url(services_folder: Path) -> Iterator[str]:
    """Yield the URL of a real schema registry's Confluent-compatible API."""
    (port,) = free_ports(1)
    service, url = registry.start(services_folder / "registry", port)
    with service:
        yield url


@pytest.fixture(scope="session")
def postgres_url(services_folder: Path) -> Iterator[str]:
    """Yield a DSN that may create databases: DATABASE_URL, or a server started here."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    (port,) = free_ports(1)
    server = postgres.start(services_folder / "postgres", port)
    with server.service:
        yield server.url("postgres")


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """Yield the DSN of a new, empty database; it is dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    identifier = sql.Identifier(name)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        yield make_conninfo(postgres_url, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@pytest.fixture(scope="session")
def kafka_admin(kafka_bootstrap_servers: str) -> Iterator[KafkaAdminClient]:
    """Yield an admin client of the session's broker."""
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    yield admin
    admin.close()


@pytest.fixture
def topic(kafka_admin: KafkaAdminClient) -> Iterator[str]:
    """Yield the name of a new topic with three partitions; it is deleted after the test."""
    name = f"test-{uuid.uuid4().hex}"
    kafka_admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1)])
    yield name
    kafka_admin.delete_topics([name])


@pytest.fixture
def new_topic(kafka_proxy: TcpProxy) -> Iterator[str]:
    """Yield the name of a new topic of the broker behind the proxy."""
    name = f"test-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=kafka_proxy.address)
    admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1)])
    admin.close()
    yield name
    kafka_proxy.restore()
    admin = KafkaAdminClient(bootstrap_servers=kafka_proxy.address)
    admin.delete_topics([name])
    admin.close()
