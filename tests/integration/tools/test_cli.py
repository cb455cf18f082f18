"""`openlineage-avro decode --topic` prints what a real Kafka topic holds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from kafka import KafkaProducer

from openlineage_avro import encode
from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import encode_body
from openlineage_avro.codec.framing import confluent
from openlineage_avro.schema_registry import Registry

if TYPE_CHECKING:
    import pytest

COMMAND = [sys.executable, "-m", "openlineage_avro.tools.cli"]


def event(run_id: str) -> dict[str, Any]:
    return {"eventType": "START", "run": {"runId": run_id}, "job": {"namespace": "n", "name": "j"}}


def test_a_topic_is_printed_with_what_cannot_be_read(
    topic: str, kafka_bootstrap_servers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with KafkaProducer(bootstrap_servers=kafka_bootstrap_servers) as producer:
        values = [
            encode(event("a")),
            b"garbage",
            json.dumps(event("b")).encode(),
            encode(event("c")),
        ]
        for value in values:
            producer.send(topic, key=b"run:n/j", value=value, partition=0)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka_bootstrap_servers)
    done = subprocess.run(
        [*COMMAND, "decode", "--topic", topic, "--meta"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["event"] for row in seen] == [event("a"), event("b"), event("c")]
    assert [row["offset"] for row in seen] == [0, 2, 3]
    assert [row["framing"] for row in seen] == ["single-object", "JSON", "single-object"]
    assert {(row["key"], row["partition"]) for row in seen} == {("run:n/j", 0)}
    assert [row["bytes"] for row in seen] == [len(values[0]), len(values[2]), len(values[3])]
    assert f"{topic} partition 0 offset 1: expected JSON" in done.stderr


def test_follow_prints_what_comes_later(topic: str, kafka_bootstrap_servers: str) -> None:
    command = [*COMMAND, "decode", "--topic", topic, "--follow"]
    command += ["--bootstrap-servers", kafka_bootstrap_servers]
    follower = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert follower.stdout is not None
        with KafkaProducer(bootstrap_servers=kafka_bootstrap_servers) as producer:
            for run_id in ("a", "b"):
                producer.send(topic, value=encode(event(run_id))).get(timeout=30)
                assert json.loads(follower.stdout.readline()) == event(run_id)
    finally:
        follower.terminate()
        follower.communicate()


def test_a_topic_that_is_not_there_is_named(kafka_bootstrap_servers: str) -> None:
    command = [*COMMAND, "decode", "--topic", "no-such-topic"]
    command += ["--bootstrap-servers", kafka_bootstrap_servers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "expected topic no-such-topic, got no such topic" in done.stderr


def test_messages_of_a_registry_are_read(schema_registry_url: str) -> None:
    text = schemas.versions()[schemas.newest()]
    schema_id = Registry(schema_registry_url).id_of("cli-value", text, time.monotonic() + 30)
    message = confluent(schema_id, encode_body(event("a"))).hex()
    command = [*COMMAND, "decode", "--schema-registry-url", schema_registry_url]
    command += ["--hex", message, "--hex", confluent(2_000_000, b"x").hex()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == event("a")
    assert "--hex 2: schema registry" in done.stderr
    assert "has no schema with id 2000000" in done.stderr
