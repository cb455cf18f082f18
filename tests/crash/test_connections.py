"""Lines to PostgreSQL and Kafka break, and both restart, while records are consumed."""

import itertools
import random
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from consumer.store.database import connect
from consumer.store.migrate import migrate
from services import kafka, postgres
from services.state import STATE, free_ports, place_for_nobody
from tests.support.storing import Consumer, wait_until
from tests.support.streams import PARTITIONS, Sending, check, stream
from tests.support.tcp_proxy import TcpProxy

RUN = ("run", "--batch-records", "20", "--log-level", "warning")
RECORDS = 900


@contextmanager
def running(consumer: Consumer) -> Iterator[subprocess.Popen[str]]:
    """Run a consumer; it must still be there at the end, and stop in order."""
    process = consumer.start(*RUN)
    try:
        yield process
        assert process.poll() is None, process.communicate()[1]
        process.terminate()
        _, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
    finally:
        process.kill()
        process.communicate()


def _has_passed(consumer: Consumer, count: int) -> bool:
    return consumer.counted()[0] >= count


def break_while_consumed(proxy: TcpProxy, consumer: Consumer, count: int) -> None:
    """Break a line in every way, again and again, until `count` records have passed."""
    chance = random.Random()
    ways = itertools.cycle([proxy.cut, proxy.silence, proxy.refuse])
    for way in itertools.islice(ways, 6):
        wait_until(partial(_has_passed, consumer, min(consumer.counted()[0] + 1, count)))
        time.sleep(chance.random() * 0.1)
        way()
        time.sleep(chance.random() * 0.5)
        # A silent line is cut in the end: no timeout of either side is waited for.
        proxy.cut()
        proxy.restore()
    wait_until(partial(_has_passed, consumer, count), seconds=60)


@pytest.mark.slow
def test_the_line_to_postgres_breaks(
    kafka_bootstrap_servers: str, topic: str, store_url: str
) -> None:
    (port,) = free_ports(1)
    sending = Sending(kafka_bootstrap_servers, topic, stream(RECORDS, 3))
    consumer = Consumer(kafka_bootstrap_servers, topic, store_url)
    consumer.environment["DATABASE_URL"] = make_conninfo(store_url, host="127.0.0.1", port=port)
    sending.send()
    server = int(conninfo_to_dict(store_url)["port"] or 5432)
    with TcpProxy(port, server) as proxy, running(consumer):
        break_while_consumed(proxy, consumer, RECORDS)
    check(consumer, sending)


@pytest.mark.slow
def test_the_line_to_kafka_breaks(kafka_proxy: TcpProxy, new_topic: str, store_url: str) -> None:
    consumer = Consumer(kafka_proxy.address, new_topic, store_url)
    sending = Sending(kafka_proxy.address, new_topic, stream(RECORDS, 4))
    sending.send()
    with running(consumer):
        break_while_consumed(kafka_proxy, consumer, RECORDS)
    check(consumer, sending)


@pytest.mark.slow
def test_postgres_restarts(kafka_bootstrap_servers: str, topic: str) -> None:
    folder, (port,) = STATE / "tests" / f"restart-{uuid.uuid4().hex}", free_ports(1)
    server = postgres.start(folder, port)
    try:
        url = server.url("postgres")
        with connect(url) as connection:
            migrate(connection)
        consumer = Consumer(kafka_bootstrap_servers, topic, url)
        sending = Sending(kafka_bootstrap_servers, topic, stream(RECORDS, 5))
        sending.send()
        with running(consumer):
            for _ in range(2):
                wait_until(partial(_has_passed, consumer, 1))
                server.service.stop()
                server = postgres.start(folder, port)
            wait_until(partial(_has_passed, consumer, RECORDS), seconds=60)
        check(consumer, sending)
    finally:
        server.service.stop()
        for each in (folder, place_for_nobody(folder)):
            shutil.rmtree(each, ignore_errors=True)


@pytest.mark.slow
def test_kafka_restarts(store_url: str) -> None:
    folder, (port,) = STATE / "tests" / f"restart-{uuid.uuid4().hex}", free_ports(1)
    broker = kafka.start(folder, port)
    try:
        address, topic = f"127.0.0.1:{port}", "restarted"
        kafka.ensure_topic(address, topic, PARTITIONS)
        consumer = Consumer(address, topic, store_url)
        sending = Sending(address, topic, stream(RECORDS, 6))
        with running(consumer):
            sending.send(until=RECORDS // 2)
            wait_until(partial(_has_passed, consumer, RECORDS // 2), seconds=60)
            # The partitions lose their leader, whom kafka-python asks after that whether the
            # offset up to which it has read is still right.
            broker.stop()
            broker = kafka.start(folder, port)
            sending.send()
            wait_until(partial(_has_passed, consumer, RECORDS), seconds=60)
        check(consumer, sending)
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
