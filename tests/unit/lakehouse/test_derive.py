"""Rows of the tables from records: of every form, and nothing from what is no event."""

import json
from datetime import datetime, timezone
from typing import Any

from lakehouse.derive import KafkaRecord, derive
from lakehouse.tables import DEAD_LETTERS, EVENTS, RUNS, TABLES, Table
from openlineage_avro import encode
from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import encode_body
from openlineage_avro.codec.framing import confluent
from openlineage_avro.schema_registry import without_registry
from tests.support import corpus

NOW = datetime(2026, 11, 27, tzinfo=timezone.utc)


def record(value: bytes | None, offset: int = 0) -> KafkaRecord:
    """Return a record of one topic."""
    return KafkaRecord("t", 0, offset, NOW, b"key", value)


def registered(schema_id: int) -> schemas.WriterSchema:
    """Return the newest schema, whichever id is asked for."""
    return schemas.WriterSchema(schemas.versions()[schemas.newest()])


def rows(table: Table, values: list[bytes | None]) -> list[dict[str, Any]]:
    """Return the rows of one table that records make."""
    derived = derive(map(record, values), registered)
    return [dict(zip(table.columns, row, strict=True)) for row in derived[table.name]]


def test_an_event_is_the_same_in_every_form() -> None:
    event = corpus.events("airflow-events")[0]
    forms: list[bytes | None] = [
        encode(event),
        confluent(1, encode_body(event)),
        json.dumps(event).encode(),
    ]
    found = rows(EVENTS, forms)
    assert [row["framing"] for row in found] == ["avro", "confluent", "json"]
    assert len({(row["event_id"], row["event"]) for row in found}) == 1
    assert json.loads(found[0]["event"]) == event
    assert len(rows(RUNS, forms[:1])) == len(rows(RUNS, forms))


def test_what_is_no_event_is_kept_with_its_reason() -> None:
    derived = derive([record(b"garbage", 5), record(None, 6)], without_registry)
    [row] = derived[DEAD_LETTERS.name]
    letter = dict(zip(DEAD_LETTERS.columns, row, strict=True))
    assert letter["value"] == b"garbage"
    assert (letter["topic"], letter["partition"], letter["record_offset"]) == ("t", 0, 5)
    assert letter["reason"].startswith("expected JSON ({)")
    assert not any(derived[table.name] for table in TABLES if table is not DEAD_LETTERS)


def test_text_that_only_json_holds_is_kept_exactly() -> None:
    event = corpus.events("airflow-events")[0] | {"odd": "\x00\ud800"}
    [row] = rows(EVENTS, [encode(event)])
    assert json.loads(row["event"]) == event
    row["event"].encode()
