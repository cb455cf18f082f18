"""Records wait in a real file, topic by topic, until Kafka has them or never will."""

import time
from pathlib import Path
from typing import Any

import pytest

from openlineage_avro.delivery.outbox import BATCH_RECORDS, LARGE, Outbox
from openlineage_avro.delivery.spool import Spool, statuses
from openlineage_avro.errors import OutboxError
from openlineage_avro.record.record import Record
from tests.support.clock import an_hour_ahead


def record(value: bytes = b"value") -> Record:
    return Record("topic", b"key", value, (("name", b"\xff"),))


def outbox(folder: Path, topic: str = "topic", **bounds: Any) -> Outbox:
    spool = Spool(folder, "b:1, a:1", topic)
    return Outbox(spool, bounds.get("max_bytes", 10**9), bounds.get("max_age"))


def test_a_record_comes_back_as_it_was_to_its_topic_only(tmp_path: Path) -> None:
    one, other = outbox(tmp_path), outbox(tmp_path, "other")
    number = one.add(record(), seconds=0)
    assert one.batch() == [(number, record())]
    assert one.anything_waits()
    assert other.batch() == []
    assert not other.anything_waits()


def test_a_record_in_its_senders_hand_waits_when_its_time_is_over(tmp_path: Path) -> None:
    waiting = outbox(tmp_path)
    waiting.add(record(), seconds=1.0)
    assert waiting.batch() == []
    time.sleep(1.05)
    assert len(waiting.batch()) == 1


def test_a_clock_that_was_set_back_keeps_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_hour_ahead(monkeypatch):
        outbox(tmp_path).add(record(), seconds=4)
        assert outbox(tmp_path).batch() == []
    assert len(outbox(tmp_path).batch()) == 1
    [status] = statuses(tmp_path)
    assert (status.waiting, status.sending) == (1, 0)


def test_what_waits_for_kafkas_earlier_address_is_taken_over(tmp_path: Path) -> None:
    Outbox(Spool(tmp_path, "c:1, b:1", "topic"), 10**9, None).add(record(), seconds=0)
    Outbox(Spool(tmp_path, "c:1, b:1", "other"), 10**9, None).add(record(), seconds=0)
    present = outbox(tmp_path)
    assert not present.anything_waits()
    assert present.adopt("b:1,c:1") == 1
    assert len(present.batch()) == 1


def test_a_record_waits_as_soon_as_its_sender_has_failed(tmp_path: Path) -> None:
    waiting = outbox(tmp_path)
    number = waiting.add(record(), seconds=10)
    waiting.release(number)
    assert [each.number for each in waiting.batch()] == [number]


def test_a_dead_letter_is_kept_and_not_tried_until_somebody_asks_for_it(tmp_path: Path) -> None:
    waiting = outbox(tmp_path)
    waiting.refuse(waiting.add(record(), seconds=10), "too large")
    assert waiting.batch() == []
    [status] = statuses(tmp_path)
    assert (status.waiting, status.refused) == (0, 1)
    assert waiting.retry_refused() == 1
    assert len(waiting.batch()) == 1


def test_records_are_sent_in_order_many_small_ones_or_one_large_one(tmp_path: Path) -> None:
    waiting = outbox(tmp_path)
    small = [waiting.add(record(), seconds=0) for _ in range(3)]
    large = waiting.add(record(bytes(LARGE + 1)), seconds=0)
    after = [waiting.add(record(), seconds=0) for _ in range(BATCH_RECORDS + 1)]
    batches = []
    while batch := waiting.batch():
        batches.append([each.number for each in batch])
        waiting.remove(batches[-1])
    assert batches == [small, [large], after[:BATCH_RECORDS], after[BATCH_RECORDS:]]


def test_what_is_too_old_is_dropped_where_a_bound_is_set(tmp_path: Path) -> None:
    outbox(tmp_path).add(record(), seconds=0)
    assert outbox(tmp_path).drop_expired() == 0
    time.sleep(0.01)
    assert outbox(tmp_path, max_age=0.001).drop_expired() == 1


def test_a_full_outbox_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutboxError, match=r"full: [0-9]+ bytes, spool_max_bytes is 1"):
        outbox(tmp_path, max_bytes=1).add(record(), seconds=0)
