"""What we write for Kafka is what kafka-python, and so Kafka, reads."""

import io
from typing import Any

import crc32c
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as kafkas_murmur2
from kafka.protocol.metadata import MetadataResponse
from kafka.record.memory_records import MemoryRecords
from kafka.record.util import encode_varint

from openlineage_avro import kafka_protocol as protocol
from openlineage_avro.kafka_protocol import Sendable

HEADERS = st.lists(st.tuples(st.text(), st.binary()), max_size=3).map(tuple)
RECORDS = st.lists(
    st.builds(
        Sendable,
        key=st.none() | st.binary(max_size=30),
        value=st.binary(max_size=300),
        headers=HEADERS,
        time=st.integers(1_600_000_000_000, 1_900_000_000_000),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("compression", protocol.CODECS)
@given(records=RECORDS)
def test_a_batch_is_read_by_kafka_python(compression: str, records: list[Sendable]) -> None:
    read = MemoryRecords(protocol.batch_of(records, compression))
    batch = read.next_batch()
    assert batch.validate_crc()
    found = [Sendable(each.key, each.value, tuple(each.headers), each.timestamp) for each in batch]
    assert found == records
    assert not read.has_next()


@given(st.binary())
def test_keys_are_hashed_as_kafkas_clients_do(key: bytes) -> None:
    assert protocol.murmur2(key) == kafkas_murmur2(key) & 0xFFFFFFFF


def test_a_key_has_one_partition_and_no_key_any_with_a_leader() -> None:
    leaders: dict[int, Any] = {2: ("c", 1), 0: ("a", 1), 1: None}
    assert len({protocol.partition_of(b"key", leaders) for _ in range(20)}) == 1
    assert {protocol.partition_of(None, leaders) for _ in range(100)} == {0, 2}


@given(st.binary(max_size=500))
def test_checksums_are_those_of_the_library(value: bytes) -> None:
    assert protocol.checksum(value) == crc32c.crc32c(value)
    large = value + bytes(protocol.LARGE)
    assert protocol.checksum(large) == crc32c.crc32c(large)


@given(st.integers(-(2**62), 2**62))
def test_numbers_are_written_as_kafka_python_does(value: int) -> None:
    expected = bytearray()
    encode_varint(value, expected.append)
    assert protocol.varint(value) == expected


def test_metadata_is_read_from_what_kafka_python_writes() -> None:
    brokers = [
        MetadataResponse.MetadataResponseBroker(node_id=7, host="kafka-7", port=9092, rack=None)
    ]
    partition = MetadataResponse.MetadataResponseTopic.MetadataResponsePartition
    topic = MetadataResponse.MetadataResponseTopic(
        error_code=0,
        name="t",
        is_internal=False,
        partitions=[
            partition(0, 1, 7, replica_nodes=[7, 8], isr_nodes=[7]),
            partition(5, 0, -1, replica_nodes=[8], isr_nodes=[]),
        ],
    )
    response = MetadataResponse(
        throttle_time_ms=0, brokers=brokers, cluster_id="c", controller_id=7, topics=[topic]
    )
    answer = io.BytesIO(response.encode(version=protocol.VERSIONS[protocol.METADATA])).read()
    found = protocol.read_metadata(answer)
    assert found == protocol.TopicMetadata(0, {1: ("kafka-7", 9092), 0: None})
