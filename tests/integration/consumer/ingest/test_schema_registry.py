"""Messages in the Confluent wire format: read with a real registry, waited for while it is away."""

import json
import time
import uuid

import requests

from openlineage_avro import encode
from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import encode_body
from openlineage_avro.codec.framing import confluent
from openlineage_avro.schema_registry import Registry
from services.state import free_ports
from tests.support.storing import Consumer, event, produce, rows, wait_until
from tests.support.tcp_proxy import TcpProxy

OTHER = '{"type": "record", "name": "Other", "fields": []}'

# Apicurio tells JSON schemas by this member.
JSON_SCHEMA = '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}'

NEWEST = schemas.versions()[schemas.newest()]


def _id(url: str, text: str) -> int:
    return Registry(url).id_of(f"{uuid.uuid4().hex}-value", text, time.monotonic() + 20)


def test_all_three_framings_are_told_apart_on_one_topic(
    kafka_bootstrap_servers: str, consumer: Consumer, schema_registry_url: str
) -> None:
    schema_id = _id(schema_registry_url, NEWEST)
    produce(
        kafka_bootstrap_servers,
        consumer.topic,
        [
            confluent(schema_id, encode_body(event(1))),
            encode(event(2)),
            b'{"eventTime": "2026-01-01T00:00:00Z", "job": {"namespace": "n", "name": "j"}}',
            confluent(2_000_000, encode_body(event(4))),
            confluent(_id(schema_registry_url, OTHER), b""),
        ],
    )
    done = consumer.run("run", "--stop-at-end", SCHEMA_REGISTRY_URL=schema_registry_url)
    assert done.returncode == 0, done.stderr
    framings = rows(consumer.url, "SELECT framing, event FROM lineage.events ORDER BY framing")
    assert [framing for framing, _ in framings] == ["avro", "confluent", "json"]
    assert dict(framings)["confluent"] == event(1)
    [(foreign,), (missing,)] = rows(
        consumer.url, "SELECT reason FROM lineage.rejected ORDER BY reason"
    )
    assert "expected a schema of version 1" in foreign
    assert "got the Avro schema Other" in foreign
    assert missing.endswith("has no schema with id 2000000")


def test_json_behind_a_registrys_id_is_read_and_protobuf_is_named(
    kafka_bootstrap_servers: str, consumer: Consumer, schema_registry_url: str
) -> None:
    json_id = _id_of_type(schema_registry_url, "JSON", JSON_SCHEMA)
    protobuf_id = _id_of_type(
        schema_registry_url, "PROTOBUF", 'syntax = "proto3"; message Order { string id = 1; }'
    )
    values = [
        confluent(json_id, json.dumps(event(1)).encode()),
        confluent(2_000_001, json.dumps(event(2)).encode()),
        confluent(protobuf_id, b"\x00\x0a\x01x"),
    ]
    produce(kafka_bootstrap_servers, consumer.topic, values)
    done = consumer.run("run", "--stop-at-end", SCHEMA_REGISTRY_URL=schema_registry_url)
    assert done.returncode == 0, done.stderr
    stored = rows(consumer.url, "SELECT framing, event FROM lineage.events")
    assert len(stored) == 2
    assert all(each in stored for each in [("confluent", event(1)), ("confluent", event(2))])
    [(reason,)] = rows(consumer.url, "SELECT reason FROM lineage.rejected")
    assert f"schema id {protobuf_id}: " in reason
    assert "got a schema of type PROTOBUF" in reason


def _id_of_type(url: str, schema_type: str, text: str) -> int:
    answer = requests.post(
        f"{url}/subjects/{uuid.uuid4().hex}-value/versions",
        json={"schemaType": schema_type, "schema": text},
        timeout=20,
    )
    assert answer.ok, answer.text
    return int(answer.json()["id"])


def test_a_registry_that_is_away_delays_but_rejects_nothing(
    kafka_bootstrap_servers: str, consumer: Consumer, schema_registry_url: str
) -> None:
    schema_id = _id(schema_registry_url, NEWEST)
    upstream = int(schema_registry_url.split(":")[2].split("/")[0])
    with TcpProxy(free_ports(1)[0], upstream) as proxy:
        url = f"http://{proxy.address}/apis/ccompat/v7"
        running = consumer.start("run", "--schema-registry-url", url)
        wait_until(lambda: consumer.counted() == (0, 0, 0, 0, 0) and _has_offsets(consumer))
        proxy.refuse()
        values = [confluent(schema_id, encode_body(event(number))) for number in range(5)]
        produce(kafka_bootstrap_servers, consumer.topic, values)
        assert running.stderr is not None
        while "waiting: schema registry" not in running.stderr.readline():
            assert running.poll() is None
        assert consumer.counted()[1:4] == (0, 0, 0)
        proxy.restore()
        wait_until(lambda: consumer.counted() == (5, 5, 0, 0, 0))
        running.terminate()
        running.communicate(timeout=60)
        assert running.returncode == 0


def _has_offsets(consumer: Consumer) -> bool:
    return len(rows(consumer.url, "SELECT 1 FROM lineage.partitions")) == 3


def test_without_a_registry_the_reason_names_the_setting(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [confluent(7, b"")])
    done = consumer.run("run", "--stop-at-end")
    assert done.returncode == 0, done.stderr
    [(reason,)] = rows(consumer.url, "SELECT reason FROM lineage.rejected")
    assert "schema id 7" in reason
    assert "SCHEMA_REGISTRY_URL" in reason


def test_a_registry_that_asks_for_a_password_stops_the_consumer_with_the_fix(
    kafka_bootstrap_servers: str, consumer: Consumer, guarded: tuple[str, str]
) -> None:
    url, ca_file = guarded
    produce(kafka_bootstrap_servers, consumer.topic, [confluent(7, b"")])
    login = {"SCHEMA_REGISTRY_CA_FILE": ca_file, "SCHEMA_REGISTRY_USERNAME": "me"}
    done = consumer.run("run", "--schema-registry-url", url, **login)
    assert done.returncode == 1
    assert "401" in done.stderr
    assert "correct SCHEMA_REGISTRY_URL or its login" in done.stderr
