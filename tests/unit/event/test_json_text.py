"""Sizes are those that OpenLineage's own transports would send, markers included."""

import datetime
from typing import Any

import pytest
from openlineage.client.event_v2 import Job, Run, RunEvent
from openlineage.client.serde import Serde

from openlineage_avro.event.json_text import sent_size
from openlineage_avro.event.plain import to_dict
from tests.support import corpus


class Unknown:
    """A value that JSON does not know."""


def event_with(**facets: Any) -> RunEvent:
    run = Run(runId="01a20339-894d-7b84-89f7-346e57304397", facets=facets)
    return RunEvent(
        eventTime="2026-01-01T00:00:00Z", producer="tests", run=run, job=Job("ns", "job")
    )


@pytest.mark.parametrize("name", corpus.names())
def test_a_real_event_has_the_size_that_the_client_sends(name: str) -> None:
    for event in corpus.events(name):
        assert sent_size(event) == (len(Serde.to_json(event)), [])


def test_a_value_that_json_does_not_know_is_told_and_counted_as_its_marker() -> None:
    event = event_with(facet={"é": [Unknown()], "when": datetime.date(2026, 1, 1), "set": {1}})
    assert sent_size(to_dict(event)) == (len(Serde.to_json(event)), ["Unknown"])


def test_names_that_are_no_text_are_counted() -> None:
    size, replaced = sent_size(to_dict(event_with(facet={1: "a", None: "b", (1, 2): "c"})))
    assert size > 0
    assert replaced == []
