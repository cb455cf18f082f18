"""Partitions are read from where they are told to be, also after Kafka was away."""

from contextlib import closing

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from consumer.record import Bounds
from consumer.settings import Reading, Topics
from consumer.source.group import Source
from openlineage_avro.config.command_line import ClientSettings
from tests.support.storing import Consumer, produce, value, wait_until
from tests.support.tcp_proxy import TcpProxy


def test_the_consumer_goes_on_after_kafka_was_away(
    kafka_proxy: TcpProxy, new_topic: str, store_url: str
) -> None:
    consumer = Consumer(kafka_proxy.address, new_topic, store_url)
    process = consumer.start("run")
    try:
        produce(kafka_proxy.address, new_topic, [value(each) for each in range(9)])
        wait_until(lambda: consumer.counted()[1] == 9)
        kafka_proxy.refuse()
        assert process.stderr is not None
        while "waiting: Kafka cannot be reached" not in process.stderr.readline():
            assert process.poll() is None
        kafka_proxy.restore()
        produce(kafka_proxy.address, new_topic, [value(each) for each in range(9, 18)])
        wait_until(lambda: consumer.counted()[1] == 18)
    finally:
        process.terminate()
        _, error = process.communicate(timeout=60)
    assert process.returncode == 0, error


def test_records_deleted_while_it_reads_make_it_ask_where_to_read(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, topic: str
) -> None:
    produce(kafka_bootstrap_servers, topic, [value(each) for each in range(20)], 1)
    kafka_admin.delete_records({TopicPartition(topic, 0): 12})
    kafka = ClientSettings(bootstrap_servers=kafka_bootstrap_servers)
    with closing(Source(Reading(kafka=kafka, topics=Topics((topic,))))) as source:
        wait_until(lambda: source.poll() is None and len(source.to_seek()) == 3)
        partitions = sorted(source.to_seek())
        for partition in partitions:
            source.seek(partition, 0)  # as if it had read before the records were deleted
        first = partitions[0]
        wait_until(lambda: source.poll() is None and first in source.to_seek())
        assert source.bounds({first}) == {first: Bounds(12, 20)}
