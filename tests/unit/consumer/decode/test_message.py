"""A message gives back exactly the event that was read, whatever its numbers are."""

import json

import pytest
from hypothesis import given

from consumer.decode.decode import Decoded, decode
from consumer.decode.json_value import json_value
from consumer.decode.message import message_of
from openlineage_avro import encode
from tests.support.equality import same
from tests.support.json_values import JSON

EVENT = {"eventTime": "2026-01-01T00:00:00Z", "run": {"runId": "r"}, "job": {}}
EVENT["job"] = {"namespace": "n", "name": "j"}


@pytest.mark.parametrize(
    "number",
    [
        "1e400",
        "-1e400",
        "1e-400",
        "-0",
        "0.1234567890123456789012",
        "12345678901234567.5",
        "9" * 5000,
    ],
)
@pytest.mark.parametrize("beside", ["", "é", "\ud800"])
def test_numbers_that_only_their_text_holds(number: str, beside: str) -> None:
    text = json.dumps({**EVENT, "more": ["HERE", beside]}).replace('"HERE"', number)
    event = json_value(text.encode())
    found = decode(message_of(event))
    assert isinstance(found, Decoded)
    assert same(found.event, event)


@given(JSON)
def test_all_other_events_are_written_as_the_transport_writes_them(value: object) -> None:
    event = {**EVENT, "more": value}
    assert message_of(event) == encode(event)
