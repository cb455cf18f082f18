"""A broker and a PostgreSQL server that can be stopped and started again with what they have."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from services import kafka, postgres
from services.state import free_ports, place_for_nobody

TOPIC = "openlineage"
PARTITIONS = 6
DATABASE = "lineage"
STOP_SECONDS = 30

# Only a session that has written something has a transaction id.
CUT = b"""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'openlineage-avro-consumer' AND backend_xid IS NOT NULL
LIMIT 1"""


class Services:
    """Both services, each on a port of its own that stays the same."""

    def __init__(self, folder: Path, binaries: Path | None) -> None:
        """Start them, with an empty topic and an empty database."""
        self._folder = folder
        self._binaries = binaries
        self._kafka_port, self._postgres_port = free_ports(2)
        self._broker = kafka.start(folder / "kafka", self._kafka_port)
        try:
            self._server = self._start_server()
        except BaseException:
            self._broker.stop()
            raise
        self.kafka = f"127.0.0.1:{self._kafka_port}"
        self.url = self._server.url(DATABASE)
        kafka.ensure_topic(self.kafka, TOPIC, PARTITIONS)
        self.create_database(DATABASE)

    def stop(self) -> None:
        """Stop both."""
        self._server.service.stop()
        self._broker.stop()

    def create_database(self, name: str) -> str:
        """Create an empty database; return its DSN."""
        postgres.ensure_database(self._server.url("postgres"), name)
        return self._server.url(name)

    def restart_broker(self) -> None:
        """Stop the broker in order and start it again."""
        self._broker.stop()
        self._broker = kafka.start(self._folder / "kafka", self._kafka_port)

    def restart_postgres(self) -> None:
        """Restart by a fast shutdown: sessions end, what was committed is on disk."""
        self._server.service.stop()
        self._server = self._start_server()

    def crash_postgres(self) -> None:
        """Restart by an immediate shutdown, which is a crash: PostgreSQL recovers from its WAL."""
        service = self._server.service
        os.kill(service.pid, signal.SIGQUIT)
        service.wait(STOP_SECONDS)
        service.stop()
        self._server = self._start_server()

    def cut_transaction(self) -> bool:
        """End the session of a consumer that has written and not committed; tell if one has."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(CUT).fetchone() is not None

    def _start_server(self) -> postgres.Postgres:
        return postgres.start(self._folder / "postgres", self._postgres_port, self._binaries)


@contextmanager
def running(binaries: Path | None) -> Iterator[Services]:
    """Yield both services with nothing in them; `binaries` as in benchmarks.stage.add_options."""
    folder = Path(tempfile.mkdtemp())
    with ExitStack() as stack:
        for each in (folder, place_for_nobody(folder / "postgres")):
            stack.callback(shutil.rmtree, each, ignore_errors=True)
        services = Services(folder, binaries)
        stack.callback(services.stop)
        yield services
