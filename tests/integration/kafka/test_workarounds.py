"""Each workaround is still needed: kafka-python by itself does what its entry says.

A test that fails here tells that the entry of its number can go (openlineage_avro/kafka/
workarounds.py).
"""

import logging
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.net.compat import KafkaNetClient

from openlineage_avro.kafka import workarounds
from tests.support.secure_kafka import WRITER, SecureKafka
from tests.support.tcp_proxy import TcpProxy


def producer(servers: str, **settings: Any) -> KafkaProducer:
    """Return kafka-python's producer as it is, with a short patience."""
    given = {"bootstrap_timeout_ms": 1000, "max_block_ms": 1000, "enable_idempotence": False}
    return KafkaProducer(bootstrap_servers=servers, **{**given, **settings})


def open_sockets() -> int:
    files = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return sum(str(file).startswith("socket:") for file in files)


def test_1_why_a_connection_failed_is_kept_to_itself(kafka_proxy: TcpProxy) -> None:
    kafka_proxy.refuse()
    clients = workarounds.Clients()
    with pytest.raises(KafkaError) as caught:
        producer(kafka_proxy.address, kafka_client=clients)
    clients.close()
    assert "refused" not in str(caught.value).lower()
    assert "ECONNREFUSED" in clients.reason() or "refused" in clients.reason().lower()


def test_2_a_producer_that_cannot_be_built_leaves_sockets_open(kafka_proxy: TcpProxy) -> None:
    kafka_proxy.silence()
    before, made = open_sockets(), []

    def client(**settings: Any) -> KafkaNetClient:
        made.append(KafkaNetClient(**settings))
        return made[0]

    with pytest.raises(KafkaError):
        producer(kafka_proxy.address, kafka_client=client)
    left = open_sockets() - before
    made[0].close()
    assert left > 0


def test_3_the_cluster_keeps_a_pause_that_the_producer_does_not_set(
    kafka_bootstrap_servers: str,
) -> None:
    made = producer(kafka_bootstrap_servers, retry_backoff_ms=7)
    assert made._metadata.config["retry_backoff_ms"] == workarounds.METADATA_PAUSE_MS
    made.close()


def test_4_a_refused_connection_is_tried_until_the_time_is_over(kafka_proxy: TcpProxy) -> None:
    kafka_proxy.refuse()
    begin = time.monotonic()
    with pytest.raises(KafkaError):
        producer(kafka_proxy.address)
    waited = time.monotonic() - begin
    begin = time.monotonic()
    with pytest.raises(ConnectionRefusedError, match=kafka_proxy.address):
        workarounds.first_answer({"bootstrap_servers": [kafka_proxy.address]}, begin + 10)
    assert time.monotonic() - begin < waited


def test_5_passwords_show_in_the_bytes_that_are_logged(
    secure_kafka: SecureKafka, caplog: pytest.LogCaptureFixture
) -> None:
    login = {"sasl_mechanism": "PLAIN", "sasl_plain_username": WRITER}
    settings = {"security_protocol": "SASL_PLAINTEXT", **login}
    settings["sasl_plain_password"] = secure_kafka.password
    servers = secure_kafka.servers["SASL_PLAINTEXT"]
    logging.getLogger("kafka").setLevel(logging.NOTSET)
    for name in workarounds.LOG_BYTES:
        logging.getLogger(name).filters.clear()  # of other tests
    with caplog.at_level(logging.DEBUG):
        producer(servers, **settings).close()
        assert secure_kafka.password in caplog.text
        caplog.clear()
        producer(servers, **workarounds.without_passwords(settings)).close()
        assert secure_kafka.password not in caplog.text
    workarounds.quiet()


def test_6_a_producer_logs_more_than_a_task_wants(
    kafka_bootstrap_servers: str, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("kafka").setLevel(logging.NOTSET)
    with caplog.at_level(logging.INFO):
        producer(kafka_bootstrap_servers).close()
    assert len(caplog.records) > 3
    workarounds.quiet()
    caplog.clear()
    producer(kafka_bootstrap_servers).close()
    assert caplog.records == []


def test_7_the_destructor_waits_in_a_fork(kafka_proxy: TcpProxy, new_topic: str) -> None:
    made = [producer(kafka_proxy.address, delivery_timeout_ms=3000, request_timeout_ms=2000)]
    made[0].send(new_topic, b"first").get(5)
    kafka_proxy.silence()
    made[0].send(new_topic, b"pending")
    child = os.fork()
    if child == 0:
        begin = time.monotonic()
        made.clear()  # collects it
        os._exit(7 if time.monotonic() - begin > 0.5 else 0)
    kafka_proxy.restore()
    made[0].close()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_8_closing_with_records_pending_raises_and_leaves_the_thread(
    kafka_proxy: TcpProxy, new_topic: str
) -> None:
    made = producer(kafka_proxy.address, delivery_timeout_ms=3000, request_timeout_ms=2000)
    made.send(new_topic, b"first").get(5)
    kafka_proxy.silence()
    made.send(new_topic, b"pending")
    with pytest.raises(KafkaTimeoutError):
        made.close(0.1)
    assert made._sender.is_alive()
    kafka_proxy.restore()
    assert workarounds.close_producer(made, 10)


def test_9_a_missing_topic_is_told_as_a_timeout(kafka_bootstrap_servers: str) -> None:
    clients = workarounds.Clients()
    made = producer(kafka_bootstrap_servers, kafka_client=clients, allow_auto_create_topics=False)
    name = f"missing-{uuid.uuid4().hex}"
    with pytest.raises(KafkaTimeoutError) as caught:
        made.send(name, b"value")
    assert name not in str(caught.value)
    assert str(clients.explained(caught.value, name)).endswith(name)
    made.close()


def test_10_the_wait_for_metadata_is_said_once_for_all_calls(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient
) -> None:
    settings = {"allow_auto_create_topics": False, "max_block_ms": 60_000}
    made = producer(kafka_bootstrap_servers, **settings)
    workarounds.wait_no_longer_than(made, time.monotonic() + 0.1)
    begin = time.monotonic()
    with pytest.raises(KafkaTimeoutError):
        made.send(f"missing-{uuid.uuid4().hex}", b"value")
    assert time.monotonic() - begin < 30  # of max_block_ms
    made.close()


SEND_ONE = """
import sys, time
compiled = []
sys.addaudithook(lambda name, values: name == "compile" and compiled.append(str(values[1])))
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.kafka import producer
from openlineage_avro.record.record import Record
producer.prepare(completely=sys.argv[3] == "ahead")
compiled.clear()
made = producer.Producer(AvroKafkaConfig(bootstrap_servers=sys.argv[1], topic=sys.argv[2]))
made.send(Record(sys.argv[2], b"key", b"value", ()), time.monotonic() + 10)
print(sum(name.startswith("<codegen") for name in compiled))
"""


def test_11_messages_are_compiled_when_they_are_first_used(
    kafka_bootstrap_servers: str, topic: str
) -> None:
    counts = {}
    for when in ("then", "ahead"):
        command = [sys.executable, "-c", SEND_ONE, kafka_bootstrap_servers, topic, when]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        counts[when] = int(done.stdout)
    assert counts["then"] > 0
    assert counts["ahead"] == 0
