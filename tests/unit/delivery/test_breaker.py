"""After a failure nobody of the host tries Kafka, but for one event at a time."""

import time
from pathlib import Path

from openlineage_avro.delivery.breaker import (
    CLOSED,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Breaker,
    Permit,
    State,
)
from openlineage_avro.delivery.spool import Spool, Status, statuses

ERROR = TimeoutError("gone")


def breaker(folder: Path, topic: str = "topic") -> Breaker:
    """Return a breaker as another process would have it."""
    return Breaker(Spool(folder, "a:1", topic))


def status_of(folder: Path) -> Status:
    [status] = statuses(folder)
    return status


def set_pause_end(folder: Path, seconds: float) -> None:
    with Spool(folder, "a:1", "topic").destination() as (connection, _):
        connection.execute("UPDATE destination SET try_again_at = ?", (seconds,))


def test_it_opens_for_every_process_and_one_topic(tmp_path: Path) -> None:
    assert breaker(tmp_path).ask(4) == CLOSED
    breaker(tmp_path).open(CLOSED, ERROR)
    assert breaker(tmp_path).ask(4) == Permit(State.OPEN, 1, "TimeoutError: gone")
    assert breaker(tmp_path, "other").ask(4) == CLOSED


def test_it_closes_when_kafka_has_taken_a_record(tmp_path: Path) -> None:
    breaker(tmp_path).open(CLOSED, ERROR)
    breaker(tmp_path).close()
    assert breaker(tmp_path).ask(4) == CLOSED


def test_when_the_pause_is_over_one_event_probes(tmp_path: Path) -> None:
    breaker(tmp_path).open(CLOSED, ERROR)
    set_pause_end(tmp_path, 1)
    states = [breaker(tmp_path).ask(4).state for _ in range(3)]
    assert states == [State.HALF_OPEN, State.OPEN, State.OPEN]


def test_a_probe_that_died_is_followed_by_another(tmp_path: Path) -> None:
    breaker(tmp_path).open(CLOSED, ERROR)
    set_pause_end(tmp_path, 1)
    assert breaker(tmp_path).ask(0.1).state is State.HALF_OPEN
    time.sleep(0.15)
    assert breaker(tmp_path).ask(4).state is State.HALF_OPEN


def test_the_pause_grows_to_a_limit(tmp_path: Path) -> None:
    pauses, permit = [], CLOSED
    for _ in range(6):
        breaker(tmp_path).open(permit, ERROR)
        permit = breaker(tmp_path).ask(4)
        pauses.append(round(status_of(tmp_path).try_again_at - time.time()))
    assert pauses == [FIRST_PAUSE, 10, 20, 40, LONGEST_PAUSE, LONGEST_PAUSE]


def test_where_nothing_listens_the_pause_stays_short(tmp_path: Path) -> None:
    permit = CLOSED
    for _ in range(3):
        breaker(tmp_path).open(permit, ConnectionRefusedError("nobody"))
        permit = breaker(tmp_path).ask(4)
    assert permit.failures == 1


def test_a_clock_that_was_set_back_does_not_keep_it_open(tmp_path: Path) -> None:
    breaker(tmp_path).open(CLOSED, ERROR)
    set_pause_end(tmp_path, time.time() + 9999)
    assert breaker(tmp_path).ask(4).state is State.HALF_OPEN
