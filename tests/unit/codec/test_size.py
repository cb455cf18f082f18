"""A day of Airflow events stays as small as the README says."""

from __future__ import annotations

import statistics

from openlineage.client.serde import Serde

from benchmarks.codec import BATCH
from benchmarks.day import day
from demo.record_batch import NONE, ZSTD, batch_size
from openlineage_avro import encode
from openlineage_avro.message_key import message_key


def test_a_day_of_events_is_small() -> None:
    events = list(day(BATCH))
    keys = [message_key(event).encode() for event in events]
    json_texts = [Serde.to_json(event).encode() for event in events]
    messages = [encode(event) for event in events]
    alone = statistics.mean(batch_size([pair], ZSTD) for pair in zip(keys, messages, strict=True))
    json_alone = [
        statistics.mean(
            batch_size([pair], compression) for pair in zip(keys, json_texts, strict=True)
        )
        for compression in (NONE, ZSTD)
    ]
    assert statistics.mean(map(len, messages)) <= 1900
    assert alone <= 930
    assert json_alone[0] / alone >= 6
    assert json_alone[1] / alone >= 1.7
    assert batch_size(list(zip(keys, messages, strict=True)), ZSTD) / BATCH <= 80


def test_clones_differ_in_ids_and_times() -> None:
    runs = [(event["run"]["runId"], event["eventTime"]) for event in day(BATCH)]
    assert len(set(runs)) == len(runs)
