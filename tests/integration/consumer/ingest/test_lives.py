"""A topic that is deleted and made anew under its name, and records deleted before they were read.

On a real broker; whatever happens to the topic, no event on it is skipped, and none is rejected.
"""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, NewPartitions, NewTopic
from kafka.errors import TopicAlreadyExistsError

from tests.support.storing import Consumer, produce, rows, value, wait_until

LIVES = (
    "SELECT partition, life, first_offset, next_offset, stored, duplicates, is_current"
    " FROM lineage.partitions ORDER BY partition, life"
)
GAPS = "SELECT partition, life, from_offset, to_offset FROM lineage.gaps ORDER BY 1, 2, 3"


@pytest.fixture
def remake(kafka_admin: KafkaAdminClient, consumer: Consumer) -> Callable[[int], None]:
    """Return what deletes the test's topic and makes it anew, with some partitions."""

    def remake(partitions: int) -> None:
        kafka_admin.delete_topics([consumer.topic])
        new = NewTopic(consumer.topic, num_partitions=partitions, replication_factor=1)
        wait_until(lambda: _is_made(kafka_admin, new))

    return remake


def _is_made(admin: KafkaAdminClient, new: NewTopic) -> bool:
    """Make a topic whose name may not be free yet."""
    try:
        admin.create_topics([new], wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return False
    return True


class Log(list[str]):
    """Lines of a process's log, once it has ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process


@contextmanager
def running(consumer: Consumer, *arguments: str) -> Iterator[Log]:
    """Run a consumer that must still be there at the end; yield its log, whole afterwards."""
    process = consumer.start("run", *arguments)
    log = Log(process)
    try:
        yield log
        assert process.poll() is None
        process.terminate()
        log += process.communicate(timeout=60)[1].splitlines()
        assert process.returncode == 0, log
    finally:
        process.kill()
        process.communicate()


def to_the_end(consumer: Consumer, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Store all that is on the topic."""
    done = consumer.run("run", "--stop-at-end", *arguments)
    assert done.returncode == 0, done.stderr
    return done


def run_ids(consumer: Consumer) -> list[str]:
    """Return the runs of all stored events."""
    stored = rows(consumer.url, "SELECT run_id FROM lineage.events")
    return sorted((run_id for (run_id,) in stored), key=lambda each: int(each.split()[1]))


def runs(*numbers: int) -> list[str]:
    """Return the runs of events of some numbers."""
    return [f"run {number}" for number in numbers]


@pytest.mark.parametrize("count", [0, 4, 9, 15])
def test_made_anew_while_stopped_with_fewer_as_many_or_more_records(
    kafka_bootstrap_servers: str, consumer: Consumer, remake: Callable[[int], None], count: int
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [b"garbage", *map(value, range(1, 9))], 1)
    to_the_end(consumer)
    before = rows(consumer.url, "SELECT * FROM lineage.rejected")
    remake(1)
    produce(kafka_bootstrap_servers, consumer.topic, [value(100 + n) for n in range(count)], 1)
    said = to_the_end(consumer).stderr
    assert said.count("was deleted and made anew") == 1
    assert "reached" not in said
    assert run_ids(consumer) == runs(*range(1, 9), *range(100, 100 + count))
    assert [row for row in rows(consumer.url, LIVES) if row[0] == 0] == [
        (0, 1, 0, 9, 8, 0, False),
        (0, 2, 0, count, count, 0, True),
    ]
    # Partitions that the new topic has not: they are nobody's now.
    assert [row[-1] for row in rows(consumer.url, LIVES) if row[0] > 0] == [False, False]
    assert rows(consumer.url, "SELECT * FROM lineage.rejected") == before
    assert rows(consumer.url, GAPS) == []
    assert "made anew" not in to_the_end(consumer).stderr


@pytest.mark.parametrize("count", [4, 9, 15])
def test_made_anew_while_it_runs_with_fewer_as_many_or_more_records(
    kafka_bootstrap_servers: str, consumer: Consumer, remake: Callable[[int], None], count: int
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(n) for n in range(9)], 1)
    name = ("--member", "the one") if count == 15 else ()
    with running(consumer, *name) as log:
        wait_until(lambda: len(run_ids(consumer)) == 9)
        remake(3)
        produce(kafka_bootstrap_servers, consumer.topic, [value(100 + n) for n in range(count)], 1)
        wait_until(lambda: len(run_ids(consumer)) == 9 + count)
    assert run_ids(consumer) == runs(*range(9), *range(100, 100 + count))
    assert sum("was deleted and made anew" in line for line in log) == 1
    assert [row for row in rows(consumer.url, LIVES) if row[0] == 0] == [
        (0, 1, 0, 9, 9, 0, False),
        (0, 2, 0, count, count, 0, True),
    ]
    assert rows(consumer.url, GAPS) == []


def test_made_anew_again_and_again_with_the_same_events(
    kafka_bootstrap_servers: str, consumer: Consumer, remake: Callable[[int], None]
) -> None:
    values = [value(n) for n in range(5)]
    for _ in range(3):
        produce(kafka_bootstrap_servers, consumer.topic, values, 1)
        to_the_end(consumer)
        remake(1)
    assert run_ids(consumer) == runs(*range(5))
    assert [row[1:6] for row in rows(consumer.url, LIVES) if row[0] == 0] == [
        (1, 0, 5, 5, 0),
        (2, 0, 5, 0, 5),
        (3, 0, 5, 0, 5),
    ]


def test_what_was_never_read_of_a_topic_made_anew_is_a_gap(
    kafka_bootstrap_servers: str, consumer: Consumer, remake: Callable[[int], None]
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(n) for n in range(9)], 1)
    to_the_end(consumer)
    with psycopg.connect(consumer.url) as connection:  # as if it had been stopped there
        connection.execute(
            "UPDATE lineage_store.partitions SET next_offset = 5 WHERE partition = 0"
        )
    remake(1)
    said = to_the_end(consumer).stderr
    assert f"partition 0 of {consumer.topic}, offsets 5 to 8" in said
    assert rows(consumer.url, GAPS) == [(0, 1, 5, 9)]


def test_a_topic_that_is_deleted_is_waited_for(
    kafka_bootstrap_servers: str,
    kafka_admin: KafkaAdminClient,
    consumer: Consumer,
    remake: Callable[[int], None],
) -> None:
    other = f"{consumer.topic}-other"
    kafka_admin.create_topics([NewTopic(other, 1, 1)], wait_for_metadata=True)
    with running(consumer, "--topic", consumer.topic, "--topic", other) as log:
        wait_until(lambda: len(rows(consumer.url, LIVES)) == 4)
        kafka_admin.delete_topics([other])
        wait_until(lambda: not _is_there(kafka_admin, other))
        for number in range(8):  # the rest goes on
            produce(kafka_bootstrap_servers, consumer.topic, [value(number)], 1)
            wait_until(lambda number=number: len(run_ids(consumer)) == number + 1)  # type: ignore[misc]
        wait_until(lambda: _is_made(kafka_admin, NewTopic(other, 1, 1)))
        produce(kafka_bootstrap_servers, other, [value(9)], 1)
        wait_until(lambda: len(run_ids(consumer)) == 9)
    assert sum(f"waiting: topic {other} is not there" in line for line in log) <= 1
    kafka_admin.delete_topics([other])


def _is_there(admin: KafkaAdminClient, topic: str) -> bool:
    return topic in admin.list_topics()


def test_records_deleted_while_stopped_are_a_gap(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(5)], 1)
    to_the_end(consumer)
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(5, 20)], 1)
    kafka_admin.delete_records({TopicPartition(consumer.topic, 0): 12})
    said = to_the_end(consumer).stderr
    assert f"partition 0 of {consumer.topic}, offsets 5 to 11" in said
    assert rows(consumer.url, GAPS) == [(0, 1, 5, 12)]
    assert consumer.counted()[:2] == (20, 13)
    # An offset that is set back into the gap finds it again, and is no error.
    with psycopg.connect(consumer.url) as connection:
        connection.execute(
            "UPDATE lineage_store.partitions SET next_offset = 5 WHERE partition = 0"
        )
    to_the_end(consumer)
    assert rows(consumer.url, GAPS) == [(0, 1, 5, 12)]


def test_records_deleted_while_it_runs_and_is_behind_are_a_gap(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, consumer: Consumer
) -> None:
    with running(consumer) as log:
        produce(kafka_bootstrap_servers, consumer.topic, [value(n) for n in range(5)], 1)
        wait_until(lambda: consumer.counted()[1] == 5)
        log.process.send_signal(signal.SIGSTOP)
        # The first answers the request that waits at the broker.
        produce(kafka_bootstrap_servers, consumer.topic, [value(5)], 1)
        produce(kafka_bootstrap_servers, consumer.topic, [value(n) for n in range(6, 20)], 1)
        kafka_admin.delete_records({TopicPartition(consumer.topic, 0): 12})
        log.process.send_signal(signal.SIGCONT)
        wait_until(lambda: consumer.counted()[0] == 20)
    # What was on its way when it stopped was read.
    ((_, _, first, end),) = rows(consumer.url, GAPS)
    assert 5 <= first < end == 12
    assert run_ids(consumer) == runs(*range(first), *range(12, 20))


def test_what_a_store_begins_with_is_no_gap_but_what_a_later_partition_lost_is(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(5)], 1)
    kafka_admin.delete_records({TopicPartition(consumer.topic, 0): 2})
    to_the_end(consumer)
    assert rows(consumer.url, GAPS) == []
    assert run_ids(consumer) == runs(2, 3, 4)
    kafka_admin.create_partitions({consumer.topic: NewPartitions(4)})
    wait_until(lambda: _partitions(kafka_admin, consumer.topic) == 4)
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(8)], 4)
    kafka_admin.delete_records({TopicPartition(consumer.topic, 3): 1})
    to_the_end(consumer)
    assert rows(consumer.url, GAPS) == [(3, 1, 0, 1)]


def _partitions(admin: KafkaAdminClient, topic: str) -> int:
    (described,) = admin.describe_topics([topic])
    return len(described["partitions"])


def test_offsets_that_are_set_back_while_it_runs(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [b"garbage", value(1), value(2)], 1)
    with running(consumer) as log:
        wait_until(lambda: consumer.counted()[1] == 2)
        with psycopg.connect(consumer.url) as connection:
            connection.execute("UPDATE lineage_store.partitions SET next_offset = 0")
        produce(kafka_bootstrap_servers, consumer.topic, [value(3)], 1)
        wait_until(lambda: consumer.counted()[1] == 3)
    assert run_ids(consumer) == runs(1, 2, 3)
    assert len(rows(consumer.url, "SELECT 1 FROM lineage.rejected")) == 1
    assert not [line for line in log if "waiting" in line]


def test_offsets_that_are_beyond_the_end_begin_a_life_that_is_read_whole(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(4)], 1)
    to_the_end(consumer)
    with psycopg.connect(consumer.url) as connection:
        connection.execute(
            "UPDATE lineage_store.partitions SET next_offset = 9 WHERE partition = 0"
        )
    said = to_the_end(consumer).stderr
    assert f"Kafka lost records of partition 0 of {consumer.topic}" in said
    assert run_ids(consumer) == runs(*range(4))
    assert [row[1:] for row in rows(consumer.url, LIVES) if row[0] == 0] == [
        (1, 0, 9, 4, 0, False),
        (2, 0, 4, 0, 4, True),
    ]


def test_brokers_that_tell_no_ids_are_read_and_learn_them_later(
    kafka_bootstrap_servers: str, consumer: Consumer, remake: Callable[[int], None]
) -> None:
    old = ("--kafka-setting", "api_version=2.7.0")
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(9)], 1)
    to_the_end(consumer, *old)
    assert rows(consumer.url, "SELECT DISTINCT topic_id FROM lineage.partitions") == [(None,)]
    remake(1)
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(20, 23)], 1)
    assert "Kafka lost records" in to_the_end(consumer, *old).stderr
    assert run_ids(consumer) == runs(*range(9), *range(20, 23))
    # The brokers are newer now.
    to_the_end(consumer)
    current = rows(consumer.url, "SELECT life FROM lineage.partitions WHERE is_current")
    assert current == [(2,)]
    assert rows(consumer.url, "SELECT topic_id IS NULL FROM lineage.partitions WHERE life = 2") == [
        (False,)
    ]
