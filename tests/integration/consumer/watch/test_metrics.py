"""The metrics of a real consumer and a real API, and whether they are ready."""

import time

import psycopg
import pytest
import requests
from kafka.admin import KafkaAdminClient, NewTopic
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from openlineage_avro import encode
from services.state import free_ports
from tests.support.metrics import running
from tests.support.storing import Consumer, event, produce, value, wait_until
from tests.support.tcp_proxy import TcpProxy


def test_a_consumer_tells_what_became_of_records(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    avro = encode(event(2))
    values = [value(1), value(1), avro, b"garbage", b"{}", None]
    produce(kafka_bootstrap_servers, consumer.topic, values, 1)
    with running(consumer, "run") as metrics:
        name = "openlineage_consumer_records_total"
        wait_until(lambda: metrics.value(name, outcome="tombstones") == 1)
        assert metrics.value(name, outcome="stored") == 2
        assert metrics.value(name, outcome="duplicates") == 1
        assert metrics.value(name, outcome="rejected") == 2
        for form, size in (("json", len(value(1))), ("avro", len(avro))):
            assert metrics.value("openlineage_consumer_events_stored_total", format=form) == 1
            assert metrics.value("openlineage_consumer_stored_bytes_total", format=form) == size
        rejected = "openlineage_consumer_rejected_total"
        assert metrics.value(rejected, reason="framing") == 1
        assert metrics.value(rejected, reason="event") == 1
        assert metrics.value("openlineage_consumer_event_delay_seconds_count") == 2
        assert metrics.value("openlineage_consumer_emit_delay_seconds_bucket", le="60.0") == 2
        rebalances = metrics.value("openlineage_consumer_rebalances_total")
        assert rebalances is not None
        assert rebalances >= 1
        wait_until(lambda: metrics.value("openlineage_consumer_rejected_kept") == 2)
        place = {"topic": consumer.topic, "partition": "0"}
        assert metrics.value("openlineage_consumer_lag_records", **place) == 0
        size_of_all = metrics.value("openlineage_consumer_database_bytes")
        assert size_of_all is not None
        assert size_of_all > 1_000_000
        assert metrics.get("/ready").json() == {"status": "ok", "problems": []}
        assert metrics.get("/elsewhere").status_code == 404


def test_lag_is_told_while_nothing_is_stored(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    with psycopg.connect(consumer.url) as other:
        # Whoever stores waits: so does a consumer whose database is too slow.
        other.execute("LOCK TABLE lineage_store.event_packs IN EXCLUSIVE MODE")
        sent = time.time()
        produce(kafka_bootstrap_servers, consumer.topic, [value(1), value(2)], 1)
        with running(consumer, "run", "--ready-lag", "0.001") as metrics:
            place = {"topic": consumer.topic, "partition": "0"}
            wait_until(lambda: metrics.value("openlineage_consumer_lag_records", **place) == 2)
            seconds = metrics.value("openlineage_consumer_lag_seconds", **place)
            assert seconds is not None
            assert 0 < seconds <= time.time() - sent + 1
            answer = metrics.get("/ready")
            assert answer.status_code == 503
            assert "lag: expected at most 0.001 s" in answer.text
            assert metrics.get("/health").json() == {"status": "ok"}
            other.rollback()
            wait_until(lambda: metrics.get("/ready").ok)


def test_it_is_not_ready_while_postgresql_is_away(consumer: Consumer) -> None:
    (listening,) = free_ports(1)
    port = int(conninfo_to_dict(consumer.url)["port"] or 0)
    with TcpProxy(listening, port) as proxy:
        consumer.environment["DATABASE_URL"] = make_conninfo(consumer.url, port=listening)
        with running(consumer, "run") as metrics:
            wait_until(lambda: metrics.get("/ready").ok)
            proxy.refuse()
            wait_until(lambda: metrics.get("/ready").status_code == 503, 60)
            assert "PostgreSQL at" in metrics.get("/ready").text
            assert metrics.get("/health").ok
            proxy.restore()
            wait_until(lambda: metrics.get("/ready").ok, 60)


def test_it_is_not_ready_while_its_topic_is_gone(
    kafka_bootstrap_servers: str, kafka_admin: KafkaAdminClient, consumer: Consumer
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(1)])
    with running(consumer, "run") as metrics:
        wait_until(lambda: metrics.get("/ready").ok and consumer.counted()[0] == 1)
        kafka_admin.delete_topics([consumer.topic])
        wait_until(lambda: metrics.value("openlineage_consumer_waiting") == 1)
        answer = metrics.get("/ready")
        assert answer.status_code == 503
        assert f"waiting: topic {consumer.topic} is not there" in answer.text
        kafka_admin.create_topics([NewTopic(consumer.topic, 1, 1)])
        wait_until(lambda: metrics.get("/ready").ok)


def test_a_port_that_is_taken_is_told(consumer: Consumer) -> None:
    with running(consumer, "run") as metrics:
        done = consumer.run("run", "--metrics-port", metrics.base.rpartition(":")[2])
    assert done.returncode == 1
    assert "--metrics-port: cannot listen at 127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_api_tells_of_its_requests_by_route(consumer: Consumer, workers: str) -> None:
    (port,) = free_ports(1)
    base = f"http://127.0.0.1:{port}"
    with running(consumer, "api", "--port", str(port), "--workers", workers) as metrics:

        def is_up() -> bool:
            try:
                return requests.get(f"{base}/health", timeout=30).ok
            except requests.ConnectionError:
                return False

        wait_until(is_up, 60)
        for number in range(6):
            path = f"{base}/api/v1/namespaces/a%2Fb{number}/jobs/none"
            assert requests.get(path, timeout=30).status_code == 404
        assert requests.get(f"{base}/api/v1/namespaces", timeout=30).ok
        of = metrics.values()
        route = "/api/v1/namespaces/{namespace}/jobs/{job}"
        found = {
            dict(labels)["status"]: number
            for (name, labels), number in of.items()
            if name == "openlineage_api_requests_total" and dict(labels)["route"] == route
        }
        assert found == {"404": 6}
        assert metrics.value("openlineage_api_request_seconds_count", route=route) == 6
        assert metrics.value("openlineage_api_pool_connections", state="free") is not None
        assert metrics.value("openlineage_api_pool_waiting") == 0
