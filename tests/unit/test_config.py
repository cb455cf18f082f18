"""The transport's settings: every way they can be given, every way they can be wrong."""

import logging
from typing import Any

import pytest

from openlineage_avro.config import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError

SERVERS = {"bootstrap_servers": "kafka-1:9092,kafka-2:9092"}


def test_only_the_servers_must_be_given() -> None:
    config = AvroKafkaConfig.from_dict(SERVERS)
    assert config.bootstrap_servers == "kafka-1:9092,kafka-2:9092"
    assert (config.topic, config.delivery_timeout, config.compression) == ("openlineage", 4, "zstd")


def test_everything_may_come_as_text_as_it_does_from_the_environment() -> None:
    config = AvroKafkaConfig.from_dict(
        {**SERVERS, "delivery_timeout": "2.5", "producer": '{"client_id": "me"}'}
    )
    assert config.delivery_timeout == 2.5
    assert config.producer == {"client_id": "me"}


def test_text_may_refer_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KAFKA", "kafka:9092")
    monkeypatch.setenv("MY_PASSWORD", "x$y")
    config = AvroKafkaConfig.from_dict(
        {
            "bootstrap_servers": "${MY_KAFKA}",
            "producer": {"sasl_plain_password": "$MY_PASSWORD"},
        }
    )
    assert config.bootstrap_servers == "kafka:9092"
    assert config.producer == {"sasl_plain_password": "x$y"}


def test_the_given_dictionary_stays_as_it_is() -> None:
    given: dict[str, Any] = {**SERVERS, "type": "x", "producer": {"client_id": "me"}}
    before = {**given, "producer": dict(given["producer"])}
    AvroKafkaConfig.from_dict(given)
    assert given == before


def test_unknown_keys_are_named_once_and_ignored(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        AvroKafkaConfig.from_dict({**SERVERS, "type": "x", "url": "y", "topics": "z", "a": 1})
    assert [record.getMessage() for record in caplog.records] == [
        "Unknown transport settings are ignored: a, topics"
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "bootstrap_servers: expected host:port"),
        ({"bootstrap_servers": ""}, "bootstrap_servers: expected text, got ''"),
        ({"bootstrap_servers": "kafka"}, r"bootstrap_servers: expected host:port.*got 'kafka'"),
        ({"bootstrap_servers": "$NOWHERE"}, "expected environment variable NOWHERE"),
        ({**SERVERS, "topic": 5}, "topic: expected text, got 5"),
        ({**SERVERS, "delivery_timeout": "soon"}, "delivery_timeout: .* got 'soon'"),
        ({**SERVERS, "delivery_timeout": -1}, "delivery_timeout: .* got -1"),
        ({**SERVERS, "delivery_timeout": True}, "delivery_timeout: .* got True"),
        ({**SERVERS, "compression": "zip"}, "compression: expected one of zstd.* got 'zip'"),
        ({**SERVERS, "producer": "secret"}, "producer: expected a JSON object"),
    ],
)
def test_a_wrong_value_names_key_expectation_and_value(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        AvroKafkaConfig.from_dict(settings)


def test_secrets_show_neither_in_reprs_nor_in_errors() -> None:
    config = AvroKafkaConfig.from_dict({**SERVERS, "producer": {"sasl_plain_password": "hidden"}})
    assert "hidden" not in repr(config)
    with pytest.raises(ConfigurationError) as caught:
        AvroKafkaConfig.from_dict({**SERVERS, "producer": "hidden"})
    assert "hidden" not in str(caught.value)
