"""POST /lineage on a real Kafka: what is acknowledged is on it, what is refused is told."""

import gzip
import json
import secrets
import threading
from collections import defaultdict
from typing import Any

import pytest
import requests
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import DatasetEvent, Job, JobEvent
from openlineage.client.generated.base import StaticDataset
from openlineage.client.serde import Serde
from openlineage.client.transport import get_default_factory

from consumer.api.intake import RECORDS_AT_ONCE
from consumer.api.settings import ApiSettings
from consumer.decode.canonical import canonical_json
from consumer.decode.decode import Decoded, decode, original
from consumer.decode.json_value import json_value
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.record.record import record_of
from tests.support import corpus
from tests.support.emitting import TIME, read_records, run_event
from tests.support.equality import same
from tests.support.http import Client, serving
from tests.support.storing import Consumer, event, rows
from tests.support.tcp_proxy import TcpProxy

LINES = "application/x-ndjson"
DEEP = '{"a":' + "[" * 300 + "]" * 300 + "}"


@pytest.fixture
def small(store_url: str, kafka_bootstrap_servers: str, topic: str) -> Any:
    """Yield a client of an API that takes 10,000 bytes at most."""
    kafka = AvroKafkaConfig(bootstrap_servers=kafka_bootstrap_servers, topic=topic)
    with serving(ApiSettings(store_url, kafka, most_bytes=10_000)) as client:
        yield client


def texts(events: list[Any]) -> list[bytes]:
    return [json.dumps(each).encode() for each in events]


def arrived(servers: str, topic: str) -> list[Any]:
    """Return the events on a topic, in the order of each key."""
    found = [decode(record.value) for record in read_records(servers, topic)]
    return [each.event if isinstance(each, Decoded) else each for each in found]


def test_a_record_is_the_one_that_the_transport_sends(
    intake: Client, kafka_bootstrap_servers: str, topic: str
) -> None:
    sent = corpus.events("airflow-events")[3]
    answer = intake.post("/lineage", json.dumps(sent).encode())
    assert (answer.status_code, answer.content) == (201, b"")
    [record] = read_records(kafka_bootstrap_servers, topic)
    expected = record_of(sent, AvroKafkaConfig(bootstrap_servers="unused:1", topic=topic))
    assert (record.key, record.value) == (expected.key, expected.value)
    assert tuple(record.headers) == expected.headers


@pytest.mark.parametrize("compression", [None, "gzip"])
def test_openlineages_own_http_transport(
    intake: Client, kafka_bootstrap_servers: str, topic: str, compression: str | None
) -> None:
    settings = {"type": "http", "url": intake.base, "compression": compression}
    transport = get_default_factory().create({k: v for k, v in settings.items() if v})
    client = OpenLineageClient(transport=transport)
    sent: list[Any] = [
        run_event(),
        JobEvent(eventTime=TIME, producer="tests", job=Job("a space in it", "job")),
        DatasetEvent(eventTime=TIME, producer="tests", dataset=StaticDataset("ns", "table")),
    ]
    for each in sent:
        client.emit(each)
    found = {json.dumps(each, sort_keys=True) for each in arrived(kafka_bootstrap_servers, topic)}
    assert found == {json.dumps(Serde.to_dict(each), sort_keys=True) for each in sent}


def test_every_event_at_hand_is_stored_as_it_was(intake: Client, consumer: Consumer) -> None:
    events = corpus.all_events()
    distinct = {canonical_json(json_value(each)) for each in texts(events)}
    answer = intake.post("/lineage", b"\n".join(texts(events)), Content_Type=LINES)
    assert (answer.status_code, answer.content) == (201, b"")
    assert consumer.run("run", "--stop-at-end").returncode == 0
    stored = rows(consumer.url, "SELECT event::text, raw FROM lineage.events")
    assert {canonical_json(original(*each)) for each in stored} == distinct


@pytest.mark.parametrize("number", ["1e400", "-0", "0.1234567890123456789012", "9" * 5000])
def test_numbers_keep_their_text(
    intake: Client, kafka_bootstrap_servers: str, topic: str, number: str
) -> None:
    text = json.dumps(event(1, more="HERE")).replace('"HERE"', number).encode()
    assert intake.post("/lineage", text).status_code == 201
    [found] = arrived(kafka_bootstrap_servers, topic)
    assert same(found, json_value(text))


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b'[{"a":1}, 2]', {}),
        (b' \r\n[{"a":1}\n,2]\n', {"Content-Type": LINES}),
        (b'{"a":1}\n\n2\n', {"Content-Type": LINES}),
        (b'{"a":1}\n2', {"Content-Type": "application/json"}),
        (gzip.compress(b'[{"a":1},') + gzip.compress(b"2]"), {"Content-Encoding": "gzip"}),
    ],
)
def test_each_form_of_a_bulk(intake: Client, content: bytes, headers: dict[str, str]) -> None:
    url = f"{intake.base}/api/v1/lineage"
    answer = requests.post(url, data=content, headers=headers, timeout=30)
    assert answer.status_code == 422
    assert answer.json() == {
        "code": 422,
        "message": "2 of 2 events are not on Kafka",
        "accepted": 0,
        "errors": [
            {
                "index": 0,
                "status": 422,
                "reason": "event: expected run, job or dataset, got none of them",
            },
            {"index": 1, "status": 422, "reason": "event: expected object, got 2"},
        ],
    }


def test_of_a_bulk_all_that_are_events_are_sent(
    intake: Client, kafka_bootstrap_servers: str, topic: str
) -> None:
    lines = texts([event(number) for number in range(6)])
    lines[1], lines[3], lines[5] = b"{", DEEP.encode(), b'{"run": {}}'
    answer = intake.post("/lineage", b"\n".join(lines), Content_Type=LINES)
    assert answer.status_code == 422
    assert answer.json()["accepted"] == 3
    told = {each["index"]: (each["status"], each["reason"]) for each in answer.json()["errors"]}
    assert told == {
        1: (
            400,
            "expected JSON: Expecting property name enclosed in double quotes:"
            " line 1 column 2 (char 1)",
        ),
        3: (422, "a[0][0][0]: expected at most 200 levels of nesting, got more"),
        5: (422, "run.runId: expected string, got nothing"),
    }
    found = {each["run"]["runId"] for each in arrived(kafka_bootstrap_servers, topic)}
    assert found == {"run 0", "run 2", "run 4"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "body: expected JSON: Expecting property name"),
        (b"[{}", "body: expected a JSON array, after 1 items: Expecting ','"),
        (b"", "body: expected an event, an array or lines of events, got nothing"),
        (b"\xff\xff", "body: expected JSON in UTF-8"),
    ],
)
def test_what_is_no_json_is_a_bad_request(intake: Client, content: bytes, reason: str) -> None:
    answer = intake.post("/lineage", content)
    assert answer.status_code == 400
    assert answer.json()["code"] == 400
    assert answer.json()["message"].startswith(reason)


def test_of_an_array_that_ends_too_early_nothing_is_sent(
    intake: Client, kafka_bootstrap_servers: str, topic: str
) -> None:
    whole = b"[" + b",".join(texts([event(number) for number in range(2 * RECORDS_AT_ONCE)])) + b"]"
    assert intake.post("/lineage", whole[:-9]).status_code == 400
    assert read_records(kafka_bootstrap_servers, topic) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"run": {"runId": 5}}', "run.runId: expected string, got 5"),
        (json.dumps(event(1, eventTime="soon")).encode(), "eventTime: expected"),
        (DEEP.encode(), "a[0][0][0]: expected at most 200 levels of nesting, got more"),
        (b"5", "event: expected object, got 5"),
    ],
)
def test_what_is_no_event_is_told_as_marquez_does(
    intake: Client, content: bytes, reason: str
) -> None:
    answer = intake.post("/lineage", content)
    assert answer.status_code == 422
    assert answer.json().keys() == {"errors"}
    [error] = answer.json()["errors"]
    assert error.startswith(reason)


def test_more_than_the_limit_is_refused(small: Client) -> None:
    for content, headers in (
        (b" " * 10_001, {}),
        (gzip.compress(b" " * 10_001), {"Content_Encoding": "gzip"}),
        (gzip.compress(b" " * 1_000_000_000, 1), {"Content_Encoding": "gzip"}),
    ):
        answer = small.post("/lineage", content, **headers)
        assert answer.status_code == 413
        assert answer.json()["message"].startswith("expected a body of 10,000 bytes at most")


def test_a_body_without_a_length_is_counted(small: Client) -> None:
    url = f"{small.base}/api/v1/lineage"
    answer = requests.post(url, data=iter([b" " * 6_000] * 2), timeout=30)
    assert answer.status_code == 413


def test_other_packing_and_broken_packing(intake: Client) -> None:
    assert intake.post("/lineage", b"{}", Content_Encoding="br").status_code == 415
    for broken in (b"{}", gzip.compress(b"{}" * 100)[:-12]):
        answer = intake.post("/lineage", broken, Content_Encoding="gzip")
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("body: expected gzip")


def test_an_event_that_is_too_large_for_kafka_is_cut(
    intake: Client, kafka_admin: KafkaAdminClient, kafka_bootstrap_servers: str, topic: str
) -> None:
    limit = ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": "100000"})
    kafka_admin.alter_configs([limit])
    mine = {"text": secrets.token_hex(200_000)}  # which cannot be compressed
    sent = [event(0), event(1, run={"runId": "large", "facets": {"mine": mine}}), event(2)]
    assert intake.post("/lineage", json.dumps(sent).encode()).status_code == 201
    found = arrived(kafka_bootstrap_servers, topic)
    assert sorted(each["run"]["runId"] for each in found) == ["large", "run 0", "run 2"]
    assert "openlineageAvro_cut" in json.dumps(found)


def test_the_order_of_each_key_is_kept(
    intake: Client, kafka_bootstrap_servers: str, topic: str
) -> None:
    def one(key: int, number: int) -> dict[str, Any]:
        return event(key, job={"namespace": "n", "name": f"j{key}"}, at=number)

    with requests.Session() as connection:
        for number in range(10):
            connection.post(
                f"{intake.base}/api/v1/lineage", json=one(number % 3, number), timeout=30
            ).raise_for_status()
    bulk = [one(number % 3, number) for number in range(10, 3 * RECORDS_AT_ONCE)]
    assert intake.post("/lineage", json.dumps(bulk).encode()).status_code == 201
    numbers = defaultdict(list)
    for each in arrived(kafka_bootstrap_servers, topic):
        numbers[each["job"]["name"]].append(each["at"])
    assert numbers == {
        f"j{key}": [n for n in range(3 * RECORDS_AT_ONCE) if n % 3 == key] for key in range(3)
    }


def test_an_api_without_kafka_says_so(api: Client) -> None:
    answer = api.post("/lineage", json.dumps(event(1)).encode())
    assert answer.status_code == 501
    assert "KAFKA_BOOTSTRAP_SERVERS" in answer.json()["message"]


def test_while_kafka_is_away_the_sender_is_told_to_come_again(
    store_url: str, kafka_proxy: TcpProxy, new_topic: str
) -> None:
    kafka = AvroKafkaConfig(
        bootstrap_servers=kafka_proxy.address, topic=new_topic, delivery_timeout=2.0
    )
    one, many = json.dumps(event(1)).encode(), json.dumps([event(2), {}, event(3)]).encode()
    with serving(ApiSettings(store_url, kafka)) as client:
        assert client.post("/lineage", one).status_code == 201
        for trouble in (kafka_proxy.refuse, kafka_proxy.silence):
            trouble()
            answer = client.post("/lineage", one)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            answer = client.post("/lineage", many)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert [each["status"] for each in answer.json()["errors"]] == [503, 422, 503]
            assert client.get("/namespaces").status_code == 200
            kafka_proxy.restore()
            assert client.post("/lineage", one).status_code == 201


def test_what_waits_for_kafka_keeps_no_question_waiting(
    store_url: str, kafka_proxy: TcpProxy, new_topic: str
) -> None:
    kafka = AvroKafkaConfig(
        bootstrap_servers=kafka_proxy.address, topic=new_topic, delivery_timeout=8.0
    )
    content, statuses = json.dumps(event(1)).encode(), []
    with serving(ApiSettings(store_url, kafka)) as client:
        client.post("/lineage", content)
        kafka_proxy.silence()
        waiting = [
            threading.Thread(
                target=lambda: statuses.append(client.post("/lineage", content).status_code)
            )
            for _ in range(60)  # more than there are threads for questions
        ]
        for each in waiting:
            each.start()
        assert client.get("/namespaces").status_code == 200
        assert statuses == []
        kafka_proxy.restore()
        for each in waiting:
            each.join()
    assert len(statuses) == 60
