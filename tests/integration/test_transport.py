"""The transport on a real broker: in order, in trouble, across forks and threads."""

import json
import logging
import os
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from openlineage.client import OpenLineageClient
from openlineage.client import run as old
from openlineage.client.event_v2 import DatasetEvent, Job, JobEvent, RunEvent
from openlineage.client.generated.base import StaticDataset
from openlineage.client.serde import Serde
from openlineage.client.transport import get_default_factory, transform
from openlineage.client.uuid import generate_new_uuid

from openlineage_avro import AvroKafkaTransport, decode
from openlineage_avro.errors import ConfigurationError, DeliveryError
from tests.support.emitting import (
    TIME,
    event_with,
    eventually,
    expect,
    make_transport,
    read_records,
    run_event,
)
from tests.support.tcp_proxy import TcpProxy

MISSING = f"missing-{uuid.uuid4().hex}"  # of the topics that others may have made


@pytest.fixture
def transport(kafka_bootstrap_servers: str, topic: str) -> Iterator[AvroKafkaTransport]:
    made = make_transport(kafka_bootstrap_servers, topic)
    yield made
    assert made.close(5)


@pytest.fixture(scope="module")
def proxied_topic(proxied_broker: TcpProxy) -> str:
    admin = KafkaAdminClient(bootstrap_servers=proxied_broker.address)
    admin.create_topics([NewTopic("openlineage", num_partitions=3, replication_factor=1)])
    admin.close()
    return "openlineage"


def test_every_kind_of_event_arrives_as_it_was(
    transport: AvroKafkaTransport, kafka_bootstrap_servers: str, topic: str
) -> None:
    run = old.Run(str(generate_new_uuid()))
    events = [
        run_event(),
        JobEvent(eventTime=TIME, producer="tests", job=Job("ns", "job")),
        DatasetEvent(eventTime=TIME, producer="tests", dataset=StaticDataset("ns", "table")),
        old.RunEvent(old.RunState.START, TIME, run, old.Job("old", "job"), "tests"),
        old.JobEvent(TIME, "tests", "url", job=old.Job("old", "job")),
        old.DatasetEvent(TIME, "tests", "url", dataset=old.Dataset("old", "table")),
    ]
    for event in events:
        transport.emit(event)
    arrived = {
        record.key.decode(): decode(record.value)
        for record in read_records(kafka_bootstrap_servers, topic)
    }
    sent = [Serde.to_dict(event) for event in events]
    keys = [f"{kind}/{name}" for name in ("ns", "old") for kind in ("run", "job", "dataset")]
    assert {key.split("/")[0].replace(":", "/"): event for key, event in arrived.items()} == dict(
        zip(keys, sent, strict=True)
    )


def test_headers_say_what_is_in_a_record(
    transport: AvroKafkaTransport, kafka_bootstrap_servers: str, topic: str
) -> None:
    conf = {"dagRun": {"conf": {"pipeline_run_id": "one"}}}
    transport.emit(event_with({"airflowDagRun": conf}))
    [record] = read_records(kafka_bootstrap_servers, topic)
    assert dict(record.headers) == {
        "content-type": b"avro/binary",
        "schema": record.value[2:10],
        "event_type": b"OTHER",
        "pipeline_run_id": b"one",
    }


def test_the_openlineage_client_builds_it_from_settings(
    kafka_bootstrap_servers: str, topic: str
) -> None:
    settings = {
        "type": "openlineage_avro.AvroKafkaTransport",
        "bootstrap_servers": kafka_bootstrap_servers,
        "topic": topic,
        "delivery_timeout": "10",
    }
    transport = get_default_factory().create(settings)
    OpenLineageClient(transport=transport).emit(run_event())
    transport.close(5)
    assert len(read_records(kafka_bootstrap_servers, topic)) == 1


def test_a_transform_transport_hands_on_what_it_made_of_an_event(
    kafka_bootstrap_servers: str, topic: str
) -> None:
    ours = {
        "type": "openlineage_avro.AvroKafkaTransport",
        "bootstrap_servers": kafka_bootstrap_servers,
        "topic": topic,
    }
    settings: dict[str, Any] = {
        "type": "transform",
        "transport": ours,
        "transformer_class": f"{transform.__name__}.JobNamespaceReplaceTransformer",
        "transformer_properties": {"new_job_namespace": "changed"},
    }
    transport = get_default_factory().create(settings)
    OpenLineageClient(transport=transport).emit(run_event())
    transport.close(5)
    [record] = read_records(kafka_bootstrap_servers, topic)
    assert decode(record.value)["job"]["namespace"] == "changed"


def test_the_environment_configures_it(
    kafka_bootstrap_servers: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "OPENLINEAGE__TRANSPORT__"
    monkeypatch.setenv(f"{place}TYPE", "openlineage_avro.AvroKafkaTransport")
    monkeypatch.setenv(f"{place}BOOTSTRAP_SERVERS", kafka_bootstrap_servers)
    monkeypatch.setenv(f"{place}TOPIC", topic)
    monkeypatch.setenv(f"{place}DELIVERY_TIMEOUT", "10")
    monkeypatch.setenv(f"{place}PRODUCER__CLIENT_ID", "from-the-environment")
    client = OpenLineageClient()
    client.emit(run_event())
    client.close(5)
    assert len(read_records(kafka_bootstrap_servers, topic)) == 1
    assert isinstance(client.transport, AvroKafkaTransport)
    assert client.transport.config.producer == {"client_id": "from-the-environment"}


def test_openlineage_yml_configures_it(
    kafka_bootstrap_servers: str, topic: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "openlineage.yml"
    file.write_text(
        "transport:\n  type: openlineage_avro.AvroKafkaTransport\n"
        f"  bootstrap_servers: {kafka_bootstrap_servers}\n  topic: {topic}\n"
    )
    monkeypatch.setenv("OPENLINEAGE_CONFIG", str(file))
    client = OpenLineageClient()
    client.emit(run_event())
    client.close(5)
    assert len(read_records(kafka_bootstrap_servers, topic)) == 1


def test_threads_share_one_transport(
    transport: AvroKafkaTransport, kafka_bootstrap_servers: str, topic: str
) -> None:
    def emit_some(name: str) -> None:
        for _ in range(20):
            transport.emit(run_event(name))

    threads = [threading.Thread(target=emit_some, args=[f"job-{n}"]) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = read_records(kafka_bootstrap_servers, topic)
    assert len(records) == 100
    assert len({decode(record.value)["run"]["runId"] for record in records}) == 100


def test_events_too_large_cost_other_threads_none_of_theirs(
    transport: AvroKafkaTransport, kafka_bootstrap_servers: str, topic: str
) -> None:
    def emit_all(events: list[RunEvent]) -> None:
        for event in events:
            transport.emit(event)

    large = {"plan": {"text": secrets.token_urlsafe(1_500_000)}}
    streams = [[event_with(large) for _ in range(3)], [run_event() for _ in range(300)]]
    threads = [threading.Thread(target=emit_all, args=[events]) for events in streams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = [decode(record.value) for record in read_records(kafka_bootstrap_servers, topic)]
    assert len({event["run"]["runId"] for event in events}) == 303


def test_a_child_that_was_forked_after_the_first_event_sends_too(
    transport: AvroKafkaTransport, kafka_bootstrap_servers: str, topic: str
) -> None:
    transport.emit(run_event("parent"))
    child = os.fork()
    if child == 0:  # as Airflow's adapter: the child sends and ends without any cleaning up
        status = 1
        try:
            transport.emit(run_event("child"))
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    transport.emit(run_event("parent again"))
    names = {
        decode(record.value)["job"]["name"]
        for record in read_records(kafka_bootstrap_servers, topic)
    }
    assert (status, names) == (0, {"parent", "child", "parent again"})


def _refuse(proxy: TcpProxy) -> None:
    proxy.refuse()


def _silence(proxy: TcpProxy) -> None:
    proxy.silence()


def _slow_down(proxy: TcpProxy) -> None:
    proxy.delay = 3.0


@pytest.mark.parametrize("warm", [False, True], ids=["first event", "later event"])
@pytest.mark.parametrize("break_line", [_refuse, _silence, _slow_down])
def test_a_broken_line_raises_and_a_mended_one_sends(
    kafka_proxy: TcpProxy,
    proxied_topic: str,
    break_line: Callable[[TcpProxy], None],
    warm: bool,
) -> None:
    others = set(threading.enumerate())
    settings = {"delivery_timeout": 1, "spool_dir": "none"}
    transport = make_transport(kafka_proxy.address, proxied_topic, **settings)
    if warm:
        transport.emit(run_event())
    break_line(kafka_proxy)
    with pytest.raises(DeliveryError, match=f"topic {proxied_topic} on {kafka_proxy.address}"):
        transport.emit(run_event())
    kafka_proxy.restore()
    eventually(lambda: transport.emit(run_event()))
    transport.close(5)
    eventually(lambda: expect(_ours(others) == []))


def test_a_connection_cut_between_events_costs_no_event(
    kafka_proxy: TcpProxy, proxied_topic: str
) -> None:
    transport = make_transport(kafka_proxy.address, proxied_topic)
    transport.emit(run_event())
    kafka_proxy.cut()
    transport.emit(run_event())
    transport.close(5)


def test_an_unknown_host_is_a_delivery_error() -> None:
    transport = make_transport(
        "no-such-host.invalid:9092", "openlineage", delivery_timeout=0.5, spool_dir="none"
    )
    with pytest.raises(DeliveryError, match=r"no-such-host\.invalid"):
        transport.emit(run_event())
    transport.close(0)


def test_a_missing_topic_is_a_delivery_error(kafka_bootstrap_servers: str) -> None:
    transport = make_transport(
        kafka_bootstrap_servers, MISSING, delivery_timeout=1, spool_dir="none"
    )
    with pytest.raises(DeliveryError, match=f"topic {MISSING} on"):
        transport.emit(run_event())
    transport.close(5)


def test_what_compresses_below_the_brokers_limit_is_sent_whole(
    transport: AvroKafkaTransport, kafka_bootstrap_servers: str, topic: str
) -> None:
    event = event_with({"plan": {"_producer": "p", "_schemaURL": "u", "text": "x" * 3_000_000}})
    transport.emit(event)
    [record] = read_records(kafka_bootstrap_servers, topic)
    assert decode(record.value) == Serde.to_dict(event)


def test_what_is_too_large_is_sent_with_its_largest_facet_cut(
    transport: AvroKafkaTransport,
    kafka_bootstrap_servers: str,
    topic: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    large = secrets.token_urlsafe(2_000_000)
    small = {"_producer": "p", "_schemaURL": "u", "text": "kept"}
    transport.emit(event_with({"plan": {**small, "text": large}, "small": small}))
    [record] = read_records(kafka_bootstrap_servers, topic)
    facets = decode(record.value)["run"]["facets"]
    assert facets["small"] == small
    assert facets["plan"]["openlineageAvro_cut"]["bytes"] > len(large)
    assert "cut to 1000000 bytes" in caplog.text


def test_a_topic_with_a_low_limit_gets_what_it_takes(
    transport: AvroKafkaTransport,
    kafka_bootstrap_servers: str,
    kafka_admin: KafkaAdminClient,
    topic: str,
) -> None:
    limit = ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": "100000"})
    kafka_admin.alter_configs([limit])
    transport.emit(event_with({"plan": {"text": secrets.token_urlsafe(300_000)}}))
    [record] = read_records(kafka_bootstrap_servers, topic)
    assert "openlineageAvro_cut" in decode(record.value)["run"]["facets"]["plan"]


def test_an_unknown_producer_setting_is_named_without_its_value(
    kafka_bootstrap_servers: str, topic: str
) -> None:
    producer = {"sasl_plain_pasword": "hidden"}
    transport = make_transport(kafka_bootstrap_servers, topic, producer=producer, spool_dir="none")
    with pytest.raises(ConfigurationError, match="sasl_plain_pasword") as caught:
        transport.emit(run_event())
    assert "hidden" not in str(caught.value)


def _ours(others: set[threading.Thread]) -> list[str]:
    names = [thread.name for thread in set(threading.enumerate()) - others]
    return [name for name in names if name.startswith(("kafka", "openlineage-avro"))]


def test_a_value_that_json_does_not_know_is_told_once(
    transport: AvroKafkaTransport, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        transport.emit(event_with({"trigger": {"callback": object()}}))
    told = [record for record in caplog.records if "values of type object" in record.message]
    assert len(told) == 1


def test_one_log_line_says_what_was_sent_and_where_its_page_is(
    kafka_bootstrap_servers: str, topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "openlineage_avro.transport")
    transport = make_transport(
        kafka_bootstrap_servers, topic, lineage_url="https://lineage.example.com/"
    )
    event = run_event("daily.load")
    transport.emit(event)
    transport.emit(event)
    [record] = read_records(kafka_bootstrap_servers, topic)[:1]
    [line] = [each.message for each in caplog.records if "OpenLineage event" in each.message]
    json_bytes = len(json.dumps(Serde.to_dict(event)))
    assert line == (
        f"OpenLineage event OTHER of daily.load: {len(record.value)} bytes of Avro for"
        f" {json_bytes} of JSON, on topic {topic};"
        f" https://lineage.example.com/#/dag-runs/{event.run.runId}"
    )
