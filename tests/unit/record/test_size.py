"""A day of Airflow events stays as small as the README says."""

from __future__ import annotations

import statistics

from openlineage.client.serde import Serde

from benchmarks.codec import BATCH
from benchmarks.day import day
from demo.record_batch import batch_size, json_record, our_record


def test_a_day_of_events_is_small() -> None:
    events = list(day(BATCH))
    theirs = [json_record(event, Serde.to_json(event)) for event in events]
    ours = [our_record(event) for event in events]
    alone = statistics.mean(batch_size([record], "zstd") for record in ours)
    json_alone = [
        statistics.mean(batch_size([record], compression) for record in theirs)
        for compression in ("none", "zstd")
    ]
    assert statistics.mean(len(record.value) for record in ours) <= 1900
    assert alone <= 960
    assert json_alone[0] / alone >= 6
    assert json_alone[1] / alone >= 1.7
    assert batch_size(ours, "zstd") / BATCH <= 80


def test_clones_differ_in_ids_and_times() -> None:
    runs = [(event["run"]["runId"], event["eventTime"]) for event in day(BATCH)]
    assert len(set(runs)) == len(runs)
