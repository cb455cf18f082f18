"""Several topics go into one store, and what is added while the consumer runs is joined."""

from collections.abc import Iterator

import pytest
from kafka.admin import KafkaAdminClient, NewPartitions, NewTopic

from tests.support.storing import Consumer, produce, rows, value, wait_until

# How long new topics and partitions may go unseen.
HASTY = ("--kafka-setting", "metadata_max_age_ms=1000")
COUNTED = (
    "SELECT topic, sum(stored)::int FROM lineage.partitions WHERE stored > 0 GROUP BY 1 ORDER BY 1"
)


@pytest.fixture
def other(kafka_admin: KafkaAdminClient, topic: str) -> Iterator[str]:
    """Yield the name of a second topic, which has one partition."""
    name = f"{topic}-other"
    kafka_admin.create_topics([NewTopic(name, 1, 1)], wait_for_metadata=True)
    yield name
    kafka_admin.delete_topics([name])


def test_topics_by_name(kafka_bootstrap_servers: str, consumer: Consumer, other: str) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(n) for n in range(6)])
    produce(kafka_bootstrap_servers, other, [value(n) for n in range(4, 9)], 1)
    both = ("--topic", consumer.topic, "--topic", other)
    done = consumer.run("run", "--stop-at-end", *both)
    assert done.returncode == 0, done.stderr
    assert len(rows(consumer.url, "SELECT 1 FROM lineage.events")) == 9
    read = rows(consumer.url, "SELECT sum(stored + duplicates)::int FROM lineage.partitions")
    assert read == [(11,)]
    lines = [line.split() for line in consumer.run("status", *both).stdout.splitlines()]
    assert lines[1][:5] == [consumer.topic, "0", "2", "2", "0"]
    assert lines[4][:5] == [other, "0", "5", "5", "0"]
    names = consumer.run("status", OPENLINEAGE_TOPIC=f"{other},{consumer.topic}").stdout
    assert [line.split() for line in names.splitlines()] == lines


def test_a_pattern_joins_topics_and_partitions_that_come_later(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, consumer: Consumer
) -> None:
    later, not_whole = f"{consumer.topic}.later", f"{consumer.topic}.later.no"
    del consumer.environment["OPENLINEAGE_TOPIC"]
    pattern = rf"{consumer.topic}(\.later)?"
    process = consumer.start("run", "--topic-pattern", pattern, *HASTY)
    try:
        produce(kafka_bootstrap_servers, consumer.topic, [value(0)])
        wait_until(lambda: rows(consumer.url, COUNTED) == [(consumer.topic, 1)])
        new = [NewTopic(each, 1, 1) for each in (later, not_whole)]
        kafka_admin.create_topics(new, wait_for_metadata=True)
        kafka_admin.create_partitions({consumer.topic: NewPartitions(4)})
        produce(kafka_bootstrap_servers, later, [value(1), value(2)], 1)
        produce(kafka_bootstrap_servers, not_whole, [value(3)], 1)
        wait_until(lambda: (later, 2) in rows(consumer.url, COUNTED))
        produce(kafka_bootstrap_servers, consumer.topic, [value(n) for n in range(4, 8)], 4)
        wait_until(lambda: rows(consumer.url, COUNTED) == [(consumer.topic, 5), (later, 2)])
        process.terminate()
        assert "waiting" not in process.communicate(timeout=60)[1]
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()
        kafka_admin.delete_topics([later, not_whole])


def test_what_is_missing_at_the_start_is_told_in_one_line(consumer: Consumer, other: str) -> None:
    done = consumer.run("run", "--topic", other, "--topic", "not-there")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "topic not-there at" in done.stderr
    del consumer.environment["OPENLINEAGE_TOPIC"]
    done = consumer.run("run", "--topic-pattern", "nothing-.*")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no topic's whole name matches" in done.stderr
