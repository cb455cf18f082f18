"""Each way to log in to a real broker, and what is said when it refuses."""

import base64
import json
import logging
import threading
import time
from traceback import format_exception
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from openlineage.client.event_v2 import Job, Run, RunEvent
from openlineage.client.uuid import generate_new_uuid

from openlineage_avro import AvroKafkaTransport, decode
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import (
    ConfigurationError,
    DeliveryError,
    KafkaUnavailable,
    OpenLineageAvroError,
)
from openlineage_avro.kafka.settings import kafka_settings
from openlineage_avro.kafka.topic import create_topic
from tests.support.secure_kafka import STRANGER, TOPIC, WRITER, SecureKafka

LOGIN_REFUSED = "SaslAuthenticationFailedError|perhaps the login was refused"
WRONG = "a-wrong-and-secret-password"


@pytest.fixture
def broker(secure_kafka: SecureKafka) -> SecureKafka:
    return secure_kafka


def token() -> str:
    """Return a token as Kafka's unsecured OAuth takes it: signed by nobody."""
    now = int(time.time())
    parts = ({"alg": "none"}, {"sub": WRITER, "iat": now, "exp": now + 300})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def no_token() -> str:
    """Return what no broker takes."""
    return WRONG


def certificate(broker: SecureKafka, user: str = WRITER) -> dict[str, str]:
    return {
        "ssl_cert_file": broker.file(user),
        "ssl_key_file": broker.file(f"{user}.key"),
        "ssl_key_password": broker.password,
    }


def login(broker: SecureKafka, mechanism: str, user: str = WRITER) -> dict[str, str]:
    return {
        "sasl_mechanism": mechanism,
        "sasl_username": user,
        "sasl_password": broker.password,
    }


def oauth(function: str) -> dict[str, str]:
    return {
        "sasl_mechanism": "OAUTHBEARER",
        "sasl_oauth_token_provider": f"{__name__}.{function}",
    }


def emit(settings: dict[str, Any]) -> str:
    """Send an event, and return the id of its run."""
    event = RunEvent(
        eventTime="2026-01-01T00:00:00+00:00",
        producer="tests",
        run=Run(runId=str(generate_new_uuid())),
        job=Job("ns", "job"),
    )
    transport = AvroKafkaTransport(AvroKafkaConfig.from_dict(settings))
    try:
        transport.emit(event)
    finally:
        transport.close(5)
    return event.run.runId


def arrived(broker: SecureKafka) -> set[str]:
    consumer = KafkaConsumer(bootstrap_servers=broker.plain, auto_offset_reset="earliest")
    partition = TopicPartition(TOPIC, 0)
    consumer.assign([partition])
    [end] = consumer.end_offsets([partition]).values()
    found: set[str] = set()
    while consumer.position(partition) < end:
        for records in consumer.poll(500).values():
            found |= {decode(record.value)["run"]["runId"] for record in records}
    consumer.close()
    return found


@pytest.mark.parametrize(
    ("protocol", "scheme"),
    [
        ("SSL", "certificate"),
        ("SASL_PLAINTEXT", "PLAIN"),
        ("SASL_PLAINTEXT", "SCRAM-SHA-256"),
        ("SASL_SSL", "PLAIN"),
        ("SASL_SSL", "SCRAM-SHA-512"),
        ("SASL_SSL", "OAUTHBEARER"),
    ],
)
def test_every_scheme_lets_an_event_in(broker: SecureKafka, protocol: str, scheme: str) -> None:
    if scheme == "certificate":
        more = certificate(broker)
    else:
        more = oauth("token") if scheme == "OAUTHBEARER" else login(broker, scheme)
    run_id = emit(broker.settings(protocol, **more))
    assert run_id in arrived(broker)


def test_the_names_of_kafka_python_do_as_well(broker: SecureKafka) -> None:
    producer = {
        "security_protocol": "SASL_SSL",
        "ssl_cafile": broker.file("ca"),
        "sasl_mechanism": "PLAIN",
        "sasl_plain_username": WRITER,
        "sasl_plain_password": broker.password,
    }
    place = {"bootstrap_servers": broker.servers["SASL_SSL"], "topic": TOPIC, "spool_dir": "none"}
    assert emit({**place, "producer": producer}) in arrived(broker)


def _wrong(broker: SecureKafka, case: str) -> dict[str, Any]:
    return {
        "password": broker.settings(
            "SASL_SSL", **{**login(broker, "PLAIN"), "sasl_password": WRONG}
        ),
        "scram password": broker.settings(
            "SASL_PLAINTEXT", **{**login(broker, "SCRAM-SHA-256"), "sasl_password": WRONG}
        ),
        "token": broker.settings("SASL_SSL", **oauth("no_token")),
        "no certificate": broker.settings("SSL"),
        "unknown authority": broker.settings(
            "SASL_SSL", **{**login(broker, "PLAIN"), "ssl_ca_file": broker.file(WRITER)}
        ),
        "no rights": broker.settings("SASL_SSL", **login(broker, "PLAIN", STRANGER)),
        "certificate without rights": broker.settings("SSL", **certificate(broker, STRANGER)),
    }[case]


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("password", LOGIN_REFUSED),
        ("scram password", LOGIN_REFUSED),
        ("token", LOGIN_REFUSED),
        ("no certificate", "SSL"),
        ("unknown authority", "CERTIFICATE_VERIFY_FAILED"),
        ("no rights", "TopicAuthorizationFailedError"),
        ("certificate without rights", "TopicAuthorizationFailedError"),
    ],
)
def test_who_is_not_let_in_is_told_why_and_no_secret_is(
    broker: SecureKafka, caplog: pytest.LogCaptureFixture, case: str, reason: str
) -> None:
    settings = {**_wrong(broker, case), "delivery_timeout": 2}
    # Somebody looks for the reason in kafka-python's own log, as far as it goes.
    with (
        caplog.at_level(logging.DEBUG, logger="kafka"),
        pytest.raises(DeliveryError, match=reason) as caught,
    ):
        emit(settings)
    said = caplog.text + "".join(format_exception(caught.value))
    said += repr(AvroKafkaConfig.from_dict(settings))
    assert WRONG not in said
    assert broker.password not in said


def test_a_wrong_key_password_is_told_at_once(broker: SecureKafka) -> None:
    wrong = {**certificate(broker), "ssl_key_password": WRONG}
    with pytest.raises(ConfigurationError, match="ssl_key_password if it has one") as caught:
        emit(broker.settings("SSL", **wrong))
    assert WRONG not in "".join(format_exception(caught.value))


def test_a_key_without_its_password_asks_nobody(broker: SecureKafka) -> None:
    wrong = {**certificate(broker), "ssl_key_password": None}
    with pytest.raises(ConfigurationError, match="ssl_key_password if it has one"):
        emit(broker.settings("SSL", **wrong))


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        ("no_such_module.token", "No module named 'no_such_module'"),
        (f"{__name__}.nothing", "has no attribute 'nothing'"),
        (f"{__name__}.WRONG", "expected a callable, got str"),
    ],
)
def test_a_token_provider_that_cannot_be_imported_is_named(provider: str, message: str) -> None:
    settings = {
        **{"bootstrap_servers": "kafka:9092", "security_protocol": "SASL_SSL"},
        **{"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_provider": provider},
    }
    with pytest.raises(ConfigurationError, match=f"sasl_oauth_token_provider: .*{message}"):
        kafka_settings(AvroKafkaConfig.from_dict(settings))


def test_the_settings_show_no_password(broker: SecureKafka) -> None:
    config = AvroKafkaConfig.from_dict(broker.settings("SASL_SSL", **login(broker, "PLAIN")))
    assert broker.password not in repr(kafka_settings(config))


def _create(settings: dict[str, Any], seconds: float = 10) -> None:
    create_topic(AvroKafkaConfig.from_dict(settings), time.monotonic() + seconds)


def test_a_topic_is_created_once(kafka_bootstrap_servers: str, topic: str) -> None:
    others = set(threading.enumerate())
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    place = {"bootstrap_servers": kafka_bootstrap_servers}
    _create({**place, "topic": topic})  # it is there, with 3 partitions
    _create({**place, "topic": f"{topic}-5", "topic_partitions": 5, "topic_replication_factor": 1})
    _create({**place, "topic": f"{topic}-default"})
    names = [topic, f"{topic}-5", f"{topic}-default"]
    found = {each["name"]: len(each["partitions"]) for each in admin.describe_topics(names)}
    assert found == dict(zip(names, [3, 5, 3], strict=True))
    admin.delete_topics(names[1:])
    admin.close()
    assert set(threading.enumerate()) == others


def test_the_first_event_makes_its_topic_where_that_is_wanted(
    kafka_bootstrap_servers: str, topic: str
) -> None:
    name = f"{topic}-made"
    place = {"bootstrap_servers": kafka_bootstrap_servers, "topic": name, "spool_dir": "none"}
    emit({**place, "create_topic": "true", "topic_partitions": "2"})
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    [found] = admin.describe_topics([name])
    admin.delete_topics([name])
    admin.close()
    assert len(found["partitions"]) == 2


def test_a_topic_that_is_there_needs_no_right_to_create_it(broker: SecureKafka) -> None:
    settings = broker.settings("SASL_SSL", **login(broker, "PLAIN"))
    assert emit({**settings, "create_topic": True}) in arrived(broker)


def test_a_topic_needs_the_right_to_create_it(broker: SecureKafka) -> None:
    others = set(threading.enumerate())
    settings = broker.settings("SASL_SSL", **login(broker, "PLAIN"))
    with pytest.raises(KafkaUnavailable, match=r"topic new could not be created: .*Authorization"):
        _create({**settings, "topic": "new"})
    assert set(threading.enumerate()) == others


@pytest.mark.parametrize("case", ["password", "nobody"])
def test_a_topic_that_cannot_be_created_in_time_says_why(broker: SecureKafka, case: str) -> None:
    others = set(threading.enumerate())
    reason = LOGIN_REFUSED if case == "password" else "ECONNREFUSED"
    settings = _wrong(broker, case) if case == "password" else {"bootstrap_servers": "127.0.0.1:1"}
    begun = time.monotonic()
    with pytest.raises(OpenLineageAvroError, match=f"could not be created: .*({reason})"):
        _create(settings, seconds=2)
    assert time.monotonic() - begun < 20  # kafka-python's own bound is 30 s
    assert set(threading.enumerate()) == others
