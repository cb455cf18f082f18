"""Fixtures of the consumer's tests: migrated databases, and consumers of a test's topic.

One database is emptied for each test; tests that damage a schema take a clone.
"""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from consumer.store.database import connect
from consumer.store.migrate import migrate
from consumer.store.store import Store
from tests.integration.consumer.helpers import CLUSTER, TOPIC, Consumer, clear


@pytest.fixture(scope="session")
def template(postgres_url: str) -> Iterator[str]:
    """Yield the name of a migrated, empty database without connections."""
    name = f"template_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with connect(make_conninfo(postgres_url, dbname=name)) as connection:
            migrate(connection)
        yield name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def clone(postgres_url: str, template: str) -> Iterator[str]:
    """Yield the DSN of a copy of a database; it is dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    names = (sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        yield make_conninfo(postgres_url, dbname=name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(names[0]))


@pytest.fixture(scope="session")
def session_url(postgres_url: str, template: str) -> Iterator[str]:
    """Yield the DSN of the database that most tests share, one after the other."""
    yield from clone(postgres_url, template)


@pytest.fixture
def store_url(session_url: str) -> str:
    """Return the DSN of an empty store; tests may change its rows only."""
    clear(session_url)
    return session_url


@pytest.fixture
def spare_url(postgres_url: str, template: str) -> Iterator[str]:
    """Yield the DSN of an empty store whose schema a test may damage."""
    yield from clone(postgres_url, template)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Yield an empty store of a topic that only the test knows."""
    store = Store(store_url, CLUSTER, TOPIC)
    store.create_position(0, 0)
    yield store
    store.close()


@pytest.fixture
def consumer(kafka_bootstrap_servers: str, topic: str, store_url: str) -> Consumer:
    """Return a consumer of the test's topic into the test's store."""
    return Consumer(kafka_bootstrap_servers, topic, store_url)
