"""Consumers are killed with SIGKILL at random points; nothing is lost and nothing is doubled."""

import random
import signal
import subprocess
import time
from functools import partial

import pytest

from tests.support.storing import Consumer, wait_until
from tests.support.streams import Sending, check, stream

RUN = ("run", "--batch-records", "40", "--log-level", "warning")


def passed(consumer: Consumer) -> int:
    """Return how many records the store has passed."""
    return consumer.counted()[0]


def _has_moved(consumer: Consumer, before: int, sending: Sending) -> bool:
    return passed(consumer) > before or not sending.is_going_on()


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a consumer, and fail if it had ended by itself."""
    assert process.poll() is None, process.communicate()[1]
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_one_consumer_killed_again_and_again(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    chance = random.Random()
    sending = Sending(kafka_bootstrap_servers, consumer.topic, stream(2000))
    sending.start(seconds=5)
    kills = 0
    while sending.is_going_on() or kills < 5:
        before = passed(consumer)
        process = consumer.start(*RUN, "--member", "the one")
        if sending.is_going_on():
            wait_until(partial(_has_moved, consumer, before, sending))
        time.sleep(chance.random() * 0.2)
        kill(process)
        kills += 1
    done = consumer.run(*RUN, "--member", "the one", "--stop-at-end")
    assert done.returncode == 0, done.stderr
    check(consumer, sending)


@pytest.mark.slow
def test_two_consumers_of_a_group_with_kills_and_rebalances(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    chance = random.Random()
    sending = Sending(kafka_bootstrap_servers, consumer.topic, stream(2000, 1))
    sending.start(seconds=5)
    processes = {name: consumer.start(*RUN, "--member", name) for name in ("a", "b")}
    try:
        while sending.is_going_on():
            name = chance.choice(["a", "b"])
            kill(processes[name])
            processes[name] = consumer.start(*RUN, "--member", name)
            # One that comes without a name and leaves in order makes the group share out anew.
            guest = consumer.start(*RUN)
            time.sleep(0.5 + chance.random())
            guest.terminate()
            _, error = guest.communicate(timeout=60)
            assert guest.returncode in (0, -signal.SIGTERM), error
            wait_until(lambda: passed(consumer) == len(sending.records), seconds=50)
    finally:
        for process in processes.values():
            process.kill()
            process.communicate()
    check(consumer, sending)


@pytest.mark.slow
def test_a_killed_consumer_without_a_name_is_replaced_when_its_session_ends(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    sending = Sending(kafka_bootstrap_servers, consumer.topic, stream(300, 2))
    sending.start(seconds=1)
    # The shortest session that Kafka allows.
    first = consumer.start(*RUN, "--kafka-setting", "session_timeout_ms=6000")
    wait_until(lambda: passed(consumer) > 0)
    kill(first)
    wait_until(lambda: not sending.is_going_on())
    done = consumer.run(*RUN, "--stop-at-end")
    assert done.returncode == 0, done.stderr
    check(consumer, sending)
