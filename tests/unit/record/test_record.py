"""A record's headers let a consumer route it without decoding it."""

from typing import Any

import pytest

from openlineage_avro import decode
from openlineage_avro.codec import schemas
from openlineage_avro.codec.framing import split_single_object
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.record.record import record_of
from tests.support.corpus import all_events

JOB = {"namespace": "n", "name": "j"}


def headers_of(event: dict[str, Any], **settings: Any) -> dict[str, str]:
    config = AvroKafkaConfig.from_dict({"bootstrap_servers": "kafka:9092", **settings})
    headers = record_of(event, config).headers
    return {name: value.decode() for name, value in headers if name != "schema"}


@pytest.mark.parametrize(
    ("event", "event_type"),
    [
        ({"eventType": "START", "run": {"runId": "r"}, "job": JOB}, "START"),
        ({"eventType": "FAIL", "run": {"runId": "r"}, "job": JOB}, "FAIL"),
        ({"run": {"runId": "r"}, "job": JOB}, "OTHER"),
        ({"eventType": 7, "run": {"runId": "r"}, "job": JOB}, "OTHER"),
        ({"job": JOB}, "JOB"),
        ({"dataset": JOB}, "DATASET"),
        ({"eventType": "START", "run": None, "job": JOB}, "JOB"),
    ],
)
def test_the_event_type_is_told(event: dict[str, Any], event_type: str) -> None:
    assert headers_of(event)["event_type"] == event_type


@pytest.mark.parametrize("event", [{}, {"eventType": "START"}, {"run": None, "note": "x"}])
def test_what_is_no_event_has_no_type(event: dict[str, Any]) -> None:
    assert "event_type" not in headers_of(event)


def test_the_schema_is_told_as_in_the_value() -> None:
    config = AvroKafkaConfig.from_dict({"bootstrap_servers": "kafka:9092"})
    record = record_of({"job": JOB}, config)
    fingerprint, _ = split_single_object(record.value)
    headers = dict(record.headers)
    assert headers["schema"] == fingerprint
    assert fingerprint == schemas.fingerprint_of(schemas.newest())
    assert headers["content-type"] == b"avro/binary"


def test_the_pipeline_run_id_is_told_where_it_is_known() -> None:
    conf = {"dagRun": {"conf": {"batch": "b-\ud800", "pipeline_run_id": "p"}}}
    event = {"run": {"runId": "r", "facets": {"airflowDagRun": conf}}, "job": JOB}
    assert headers_of(event)["pipeline_run_id"] == "p"
    config = {"bootstrap_servers": "kafka:9092", "pipeline_run_id_name": "batch"}
    record = record_of(event, AvroKafkaConfig.from_dict(config))
    told = dict(record.headers)["pipeline_run_id"]
    assert told.decode(errors="surrogatepass") == "b-\ud800"
    assert "pipeline_run_id" not in headers_of({"job": JOB})


def test_every_real_event_makes_a_record() -> None:
    config = AvroKafkaConfig.from_dict({"bootstrap_servers": "kafka:9092", "topic": "t"})
    for event in all_events():
        record = record_of(event, config)
        assert decode(record.value) == event
        assert record.topic == "t"
