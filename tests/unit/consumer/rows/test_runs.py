"""Rows of runs merge into the same row, whatever the order of the events."""

import json
import random
from copy import copy
from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consumer.decode.decode import Decoded, decode
from consumer.rows.keys import run_key
from consumer.rows.rows import rows_of
from consumer.rows.runs import RunRow


def row(event: dict[str, Any]) -> RunRow:
    """Return what an event says of its run."""
    found = decode(json.dumps(event).encode())
    assert isinstance(found, Decoded), found
    return rows_of([found]).runs[run_key(event["run"]["runId"])]


def events() -> st.SearchStrategy[dict[str, Any]]:
    """Events of one run that contradict each other in every way."""
    name = st.sampled_from(["a", "b", "c"])
    facets = st.fixed_dictionaries(
        {},
        optional={
            "parent": name.map(lambda n: {"run": {"runId": n}, "root": {"run": {"runId": n}}}),
            "parentRun": name.map(lambda n: {"run": {"runId": n}}),
            "errorMessage": name.map(lambda n: {"message": n}),
            "pipeline_run_id": name.map(lambda n: {"pipeline_run_id": n}),
            "tags": name.map(lambda n: {"tags": [{"key": "pipeline_run_id", "value": n}]}),
            "airflow": name.map(lambda n: {"task": {"task_id": n}, "dagRun": {"run_id": n}}),
            "jobDependencies": name.map(lambda n: {"upstream": [{"run": {"runId": n}}]}),
        },
    )
    return st.fixed_dictionaries(
        {
            "eventTime": st.integers(0, 3).map(lambda s: f"2026-01-01T00:00:0{s}Z"),
            "eventType": st.sampled_from(["START", "RUNNING", "COMPLETE", "FAIL", "ABORT", "X"]),
            "job": name.map(lambda n: {"namespace": "n", "name": n}),
            "run": facets.map(lambda f: {"runId": "r", "facets": f}),
        }
    )


def merged(rows: list[RunRow]) -> RunRow:
    """Return what rows make together."""

    def add(one: RunRow, other: RunRow) -> RunRow:
        result = copy(one)
        result.merge(other)
        return result

    return reduce(add, rows)


@given(st.lists(events(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(
    said: list[dict[str, Any]], chance: random.Random
) -> None:
    rows = [row(event) for event in said]
    again = [*rows, *chance.sample(rows, 1)]
    chance.shuffle(again)
    assert merged(again) == merged(rows)


@given(st.lists(events(), min_size=2, max_size=6))
def test_how_they_are_grouped_does_not_matter(said: list[dict[str, Any]]) -> None:
    rows = [row(event) for event in said]
    middle = len(rows) // 2
    assert merged([merged(rows[:middle]), merged(rows[middle:])]) == merged(rows)


def test_a_run_is_of_airflow_by_its_job_type_alone() -> None:
    job_type = {"integration": "AIRFLOW", "jobType": "TASK", "processingType": "BATCH"}
    event = {
        "eventTime": "2026-01-01T00:00:00Z",
        "run": {
            "runId": "t",
            "facets": {"parent": {"run": {"runId": "d"}, "job": {"namespace": "n", "name": "dag"}}},
        },
        "job": {"namespace": "n", "name": "dag.group.task", "facets": {"jobType": job_type}},
    }
    found = decode(json.dumps(event).encode())
    assert isinstance(found, Decoded)
    runs = rows_of([found]).runs
    assert runs[run_key("t")].task_id == "group.task"
    assert (runs[run_key("d")].is_dag_run, runs[run_key("d")].dag_id) == (True, "dag")
