"""A consumer is killed at each named step of a transaction; nothing is lost and nothing doubled.

No code of the product takes part: a trigger on a table makes PostgreSQL wait, in the middle of the
consumer's transaction, for a lock that the test holds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from kafka.admin import KafkaAdminClient

from tests.support.storing import Consumer, rows, wait_until
from tests.support.streams import Sending, check, stream

LOCK = 20_131  # any number that nothing else locks

WAIT = f"""
CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK});
    RETURN NULL;
END
$$
"""

# What has been done -> when a trigger sees it, in the order of the transaction.
STEPS = {
    "the offsets are locked": "BEFORE INSERT ON lineage_store.jobs",
    "jobs have ids": "AFTER INSERT ON lineage_store.jobs",
    "packs are copied": "AFTER INSERT ON lineage_store.event_packs",
    "events are copied": "AFTER INSERT ON lineage_store.events",
    "runs are merged": "AFTER INSERT ON lineage_store.runs",
    "families are linked anew": "AFTER INSERT ON lineage_store.families",
    "inputs and outputs are merged": "AFTER INSERT ON lineage_store.run_io",
    "facets are merged": "AFTER INSERT ON lineage_store.facet_versions",
    "graphs are merged": "AFTER INSERT ON lineage_store.edges",
    "a record is rejected": "AFTER INSERT ON lineage_store.rejected",
    "the offsets are moved": "AFTER UPDATE OF next_offset ON lineage_store.partitions",
}
# A deferred trigger runs inside COMMIT, after the last word of the consumer.
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER wait AFTER UPDATE OF next_offset ON lineage_store.partitions
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.wait()
"""
WAITING = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {LOCK} AND NOT granted"  # noqa: S608
RUN = ("run", "--member", "the one", "--log-level", "warning")


@pytest.fixture
def killed(kafka_bootstrap_servers: str, topic: str, spare_url: str) -> Consumer:
    """Return a consumer whose schema may have triggers, in a group of its own."""
    consumer = Consumer(kafka_bootstrap_servers, topic, spare_url)
    consumer.environment["OPENLINEAGE_GROUP"] = topic
    return consumer


@contextmanager
def _killed_where(trigger: str, consumer: Consumer) -> Iterator[None]:
    """Kill a consumer when it comes to a trigger; the block runs while its session waits there."""
    with psycopg.connect(consumer.url, autocommit=True) as holder:
        holder.execute(WAIT.encode())
        holder.execute(trigger.encode())
        holder.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        process = consumer.start(*RUN)
        try:
            wait_until(lambda: process.poll() is not None or bool(rows(consumer.url, WAITING)))
            assert process.poll() is None, process.communicate()[1]
        finally:
            process.kill()
            process.communicate()
        yield
    wait_until(_has_no_session(consumer))


def _has_no_session(consumer: Consumer) -> Callable[[], bool]:
    sessions = """SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'openlineage-avro-consumer'"""
    return lambda: not rows(consumer.url, sessions)


def _go_on_and_check(consumer: Consumer, sending: Sending) -> None:
    done = consumer.run(*RUN, "--stop-at-end")
    assert done.returncode == 0, done.stderr
    check(consumer, sending)


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_when(step: str, kafka_bootstrap_servers: str, killed: Consumer) -> None:
    sending = Sending(kafka_bootstrap_servers, killed.topic, stream(60, 8))
    sending.send()
    trigger = f"CREATE TRIGGER wait {STEPS[step]} EXECUTE FUNCTION public.wait()"
    with _killed_where(trigger, killed):
        before = killed.counted()
    # Its session finds the line cut when it wakes up, and leaves nothing of the batch.
    assert killed.counted() == before
    ((events,),) = rows(killed.url, "SELECT count(*)::int FROM lineage.events")
    assert (sum(before[1:]), events) == (before[0], before[1])
    _go_on_and_check(killed, sending)


@pytest.mark.slow
def test_killed_at_commit_before_it_or_the_group_knows(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, killed: Consumer
) -> None:
    sending = Sending(kafka_bootstrap_servers, killed.topic, stream(60, 8))
    sending.send()
    with _killed_where(AT_COMMIT, killed):
        assert killed.counted()[0] == 0
    # PostgreSQL commits what it was asked to, though nobody is there to be told.
    assert killed.counted()[0] > 0
    told = kafka_admin.list_group_offsets({killed.topic: None})[killed.topic]
    assert all(offset.offset <= 0 for offset in told.values())
    _go_on_and_check(killed, sending)


@pytest.mark.slow
def test_a_full_disk_of_postgres_is_waited_for(
    kafka_bootstrap_servers: str, killed: Consumer
) -> None:
    """PostgreSQL says that its disk is full, by a trigger: a small disk needs rights to mount it.

    What a server does that cannot even write its WAL is a crash, of which benchmarks.faults has
    many.
    """
    sending = Sending(kafka_bootstrap_servers, killed.topic, stream(60, 9))
    sending.send()
    with psycopg.connect(killed.url, autocommit=True) as connection:
        connection.execute(FULL)
        process = killed.start(*RUN)
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            assert "waiting: PostgreSQL" in said
            assert "has no room: could not extend file" in said
            assert killed.counted()[0] == 0
            connection.execute("DROP TRIGGER full_disk ON lineage_store.event_packs")
            wait_until(lambda: killed.counted()[0] == len(sending.records))
            assert process.poll() is None
        finally:
            process.kill()
            process.communicate()
    check(killed, sending)


FULL = """
CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device'
        USING ERRCODE = 'disk_full';
END
$$;
CREATE TRIGGER full_disk AFTER INSERT ON lineage_store.event_packs
EXECUTE FUNCTION public.full_disk();
"""
