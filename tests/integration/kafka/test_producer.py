"""Records reach a real broker over connections that are cut, silent, refused or forked."""

import os
import threading
import time
import uuid
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import KafkaTimeoutError

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import KafkaUnavailable, MessageTooLarge
from openlineage_avro.kafka.producer import Producer
from openlineage_avro.record.record import Record
from tests.support.tcp_proxy import TcpProxy

SECONDS = 30.0


def config_of(servers: str, topic: str, **more: Any) -> AvroKafkaConfig:
    return AvroKafkaConfig.from_dict({"bootstrap_servers": servers, "topic": topic, **more})


def record(topic: str, number: int = 0, key: bytes | None = b"run:a/b") -> Record:
    return Record(topic, key, b"\xc3\x01 value %d" % number, (("number", b"%d" % number),))


def soon() -> float:
    return time.monotonic() + SECONDS


def on_topic(servers: str, topic: str) -> list[Any]:
    """Return all records of a topic, partition by partition."""
    consumer = KafkaConsumer(bootstrap_servers=servers)
    places = [TopicPartition(topic, each) for each in consumer.partitions_for_topic(topic)]
    consumer.assign(places)
    consumer.seek_to_beginning()
    ends = consumer.end_offsets(places)
    found: list[Any] = []
    while any(consumer.position(place) < end for place, end in ends.items()):
        for records in consumer.poll(timeout_ms=500).values():
            found += records
    consumer.close()
    return found


def values(servers: str, topic: str) -> list[bytes]:
    return [each.value for each in on_topic(servers, topic)]


@pytest.mark.parametrize("compression", ["zstd", "gzip", "none"])
def test_keys_values_and_headers_arrive(
    kafka_bootstrap_servers: str, topic: str, compression: str
) -> None:
    producer = Producer(config_of(kafka_bootstrap_servers, topic, compression=compression))
    producer.send(record(topic, 1), soon())
    producer.send(record(topic, 2, key=None), soon())
    assert producer.close(1)
    found = {each.value: each for each in on_topic(kafka_bootstrap_servers, topic)}
    assert found[b"\xc3\x01 value 1"].key == b"run:a/b"
    assert found[b"\xc3\x01 value 2"].key is None
    assert list(found[b"\xc3\x01 value 2"].headers) == [("number", b"2")]


def test_many_records_keep_their_order_by_key(kafka_bootstrap_servers: str, topic: str) -> None:
    producer = Producer(config_of(kafka_bootstrap_servers, topic))
    records = [record(topic, n, key=b"key %d" % (n % 7)) for n in range(500)]
    assert producer.send_all(records, soon()) == [None] * 500
    found: dict[bytes, list[int]] = {}
    for each in on_topic(kafka_bootstrap_servers, topic):
        found.setdefault(each.key, []).append(int(each.headers[0][1]))
    assert sum(map(len, found.values())) == 500
    assert all(numbers == sorted(numbers) for numbers in found.values())
    producer.close(1)


def test_a_missing_topic_is_named(kafka_bootstrap_servers: str) -> None:
    name = f"missing-{uuid.uuid4().hex}"
    producer = Producer(config_of(kafka_bootstrap_servers, name))
    with pytest.raises(Exception, match=f"UnknownTopicOrPartitionError: {name}"):
        producer.send(record(name), time.monotonic() + 2)
    producer.close(1)


def test_a_topic_is_made_where_the_settings_ask_for_it(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient
) -> None:
    name = f"test-{uuid.uuid4().hex}"
    producer = Producer(config_of(kafka_bootstrap_servers, name, create_topic=True))
    producer.send(record(name), soon())
    assert len(values(kafka_bootstrap_servers, name)) == 1
    producer.close(1)
    kafka_admin.delete_topics([name])


def test_of_a_batch_only_the_record_that_is_too_large_is_refused(
    kafka_bootstrap_servers: str, topic: str, kafka_admin: KafkaAdminClient
) -> None:
    limit = ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": "20000"})
    kafka_admin.alter_configs([limit])
    producer = Producer(config_of(kafka_bootstrap_servers, topic, compression="none"))
    large = record(topic)._replace(value=os.urandom(30_000))
    errors = producer.send_all([record(topic, 1), large, record(topic, 2)], soon())
    assert [type(error) for error in errors] == [type(None), MessageTooLarge, type(None)]
    assert len(values(kafka_bootstrap_servers, topic)) == 2
    producer.close(1)


@pytest.fixture
def proxied_topic(kafka_proxy: TcpProxy) -> str:
    name = f"test-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=kafka_proxy.address)
    admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    admin.close()
    return name


def test_a_connection_that_was_closed_is_made_anew(
    kafka_proxy: TcpProxy, proxied_topic: str
) -> None:
    producer = Producer(config_of(kafka_proxy.address, proxied_topic))
    for number in range(3):
        producer.send(record(proxied_topic, number), soon())
        kafka_proxy.cut()
    assert len(values(kafka_proxy.address, proxied_topic)) == 3
    producer.close(1)


def test_a_broker_that_comes_back_in_time_gets_the_record(
    kafka_proxy: TcpProxy, proxied_topic: str
) -> None:
    producer = Producer(config_of(kafka_proxy.address, proxied_topic))
    producer.send(record(proxied_topic), soon())
    kafka_proxy.refuse()
    threading.Timer(0.5, kafka_proxy.restore).start()
    producer.send(record(proxied_topic, 1), soon())
    assert len(values(kafka_proxy.address, proxied_topic)) == 2
    producer.close(1)


@pytest.mark.parametrize("failure", ["refuse", "silence"])
@pytest.mark.parametrize("connected", [False, True])
def test_it_gives_up_in_time(
    kafka_proxy: TcpProxy, proxied_topic: str, failure: str, connected: bool
) -> None:
    producer = Producer(config_of(kafka_proxy.address, proxied_topic))
    if connected:
        producer.send(record(proxied_topic), soon())
    getattr(kafka_proxy, failure)()
    begin = time.monotonic()
    with pytest.raises((OSError, KafkaTimeoutError, KafkaUnavailable)):
        producer.send(record(proxied_topic, 1), begin + 1.0)
    # Some time is for a machine that is busy: kafka-python's own bound is 120 s.
    assert time.monotonic() - begin < 20
    kafka_proxy.restore()
    producer.send(record(proxied_topic, 2), soon())
    producer.close(1)


def test_a_fork_sends_over_a_connection_of_its_own(
    kafka_bootstrap_servers: str, topic: str
) -> None:
    producer = Producer(config_of(kafka_bootstrap_servers, topic))
    producer.send(record(topic, 0), soon())
    child = os.fork()
    if child == 0:
        try:
            producer.send(record(topic, 1), soon())
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    producer.send(record(topic, 2), soon())
    assert status == 0
    assert len(values(kafka_bootstrap_servers, topic)) == 3
    producer.close(1)


def test_threads_send_one_after_the_other(kafka_bootstrap_servers: str, topic: str) -> None:
    producer = Producer(config_of(kafka_bootstrap_servers, topic))
    threads = [
        threading.Thread(target=producer.send, args=(record(topic, number), soon()))
        for number in range(20)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(values(kafka_bootstrap_servers, topic))) == 20
    producer.close(1)
