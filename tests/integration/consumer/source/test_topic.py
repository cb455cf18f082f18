"""What is told of a topic is what Kafka knows."""

from contextlib import closing

from consumer.settings import Settings
from consumer.source.topic import Topic
from openlineage_avro.config.command_line import ClientSettings
from services.kafka import CLUSTER_ID
from tests.support.storing import produce, value
from tests.support.tcp_proxy import TcpProxy


def test_partitions_offsets_and_cluster(kafka_proxy: TcpProxy, new_topic: str) -> None:
    produce(kafka_proxy.address, new_topic, [value(each) for each in range(5)], 2)
    # A setting that means nothing to the client that asks for the cluster's id.
    settings = Settings(
        ClientSettings(bootstrap_servers=kafka_proxy.address, more={"fetch_min_bytes": 2}),
        new_topic,
        "",
    )
    with closing(Topic(settings)) as topic:
        assert topic.cluster_id == CLUSTER_ID
        assert topic.partitions == {0, 1, 2}
        assert topic.ends() == {0: 3, 1: 2, 2: 0}
        assert topic.bounds([0, 2]) == {0: (0, 3), 2: (0, 0)}
