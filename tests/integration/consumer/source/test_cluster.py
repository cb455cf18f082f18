"""What is told of a topic is what Kafka knows."""

from contextlib import closing

from consumer.record import Bounds
from consumer.settings import Reading, Topics
from consumer.source.cluster import Cluster
from openlineage_avro.config.command_line import ClientSettings
from services.kafka import CLUSTER_ID
from tests.support.storing import produce, value
from tests.support.tcp_proxy import TcpProxy


def test_partitions_offsets_and_cluster(kafka_proxy: TcpProxy, new_topic: str) -> None:
    produce(kafka_proxy.address, new_topic, [value(each) for each in range(5)], 2)
    # A setting that means nothing to the client that asks for the cluster's id.
    settings = Reading(
        kafka=ClientSettings(bootstrap_servers=kafka_proxy.address, more={"fetch_min_bytes": 2}),
        topics=Topics((new_topic,)),
    )
    with closing(Cluster(settings)) as cluster:
        assert cluster.cluster_id == CLUSTER_ID
        partitions = sorted(cluster.there().readable)
        assert [each.number for each in partitions] == [0, 1, 2]
        assert cluster.ends(partitions) == dict(zip(partitions, (3, 2, 0), strict=True))
        first, _, last = partitions
        assert cluster.bounds([first, last]) == {first: Bounds(0, 3), last: Bounds(0, 0)}
