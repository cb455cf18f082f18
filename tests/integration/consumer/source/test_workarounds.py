"""What kafka-python does wrong by itself, and does right with what is done about it."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, NewPartitions

from consumer.source.workarounds import finish_joining
from tests.support.storing import wait_until


class Noting(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts what it is told, and has its consumer finish joining as long as it `helps`."""

    def __init__(self, consumer: KafkaConsumer) -> None:
        self.assigned = self.revoked = 0
        self.helps = True
        self._consumer = consumer

    def on_partitions_assigned(self, _assigned: set[TopicPartition]) -> None:
        self.assigned += 1

    def on_partitions_revoked(self, _revoked: set[TopicPartition]) -> None:
        self.revoked += 1
        if self.helps:
            finish_joining(self._consumer)


@contextmanager
def polling(consumer: KafkaConsumer) -> Iterator[None]:
    """Poll a consumer all the time, on a thread of its own."""
    stop = threading.Event()

    def poll() -> None:
        while not stop.is_set():
            consumer.poll(200)

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def share(
    leader: KafkaConsumer, other: KafkaConsumer, noted: tuple[Noting, Noting], partitions: int
) -> None:
    """Poll both until they have shared the partitions out and nothing has changed for a second.

    At the same time: a join that ends between two polls is thrown away (2).
    """
    since, told = time.monotonic(), (0, 0)

    def is_settled() -> bool:
        nonlocal since, told
        leader.poll(200)
        shares = len(leader.assignment()), len(other.assignment())
        now = noted[0].assigned, noted[1].assigned
        if now != told or not all(shares) or sum(shares) != partitions:
            since, told = time.monotonic(), now
        return time.monotonic() - since > 1

    with polling(other):
        wait_until(is_settled)


@pytest.mark.slow
@pytest.mark.parametrize("helps", [False, True])
def test_joining_that_takes_longer_than_a_poll_comes_to_its_end(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, topic: str, helps: bool
) -> None:
    settings = {
        "bootstrap_servers": kafka_bootstrap_servers,
        "group_id": topic,
        "metadata_max_age_ms": 500,
        "heartbeat_interval_ms": 200,
        "enable_auto_commit": False,
    }
    with closing(KafkaConsumer(**settings)) as leader, closing(KafkaConsumer(**settings)) as other:
        noted, others = Noting(leader), Noting(other)
        leader.subscribe([topic], listener=noted)
        wait_until(lambda: not leader.poll(200) and len(leader.assignment()) == 3)
        other.subscribe([topic], listener=others)
        share(leader, other, (noted, others), 3)
        noted.helps = helps
        assigned, revoked, joined = noted.assigned, noted.revoked, others.assigned
        kafka_admin.create_partitions({topic: NewPartitions(4)})
        # The other is busy: whoever joins waits for it.
        wait_until(lambda: not leader.poll(200) and noted.revoked > revoked)
        leader.poll(200)
        with polling(other):
            wait_until(lambda: others.assigned > joined)
            if helps:
                wait_until(lambda: not leader.poll(500) and noted.assigned > assigned)
            for _ in range(10):
                leader.poll(500)
        assert (noted.assigned > assigned) == helps
