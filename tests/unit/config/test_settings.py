"""The transport's settings: every way they can be given, every way they can be wrong."""

import json
import logging
import sys
from pathlib import Path
from traceback import format_exception
from types import SimpleNamespace
from typing import Any

import attr
import pytest

from openlineage_avro.config.settings import AvroKafkaConfig, spool_directory
from openlineage_avro.errors import ConfigurationError

SERVERS = {"bootstrap_servers": "kafka-1:9092,kafka-2:9092"}
SASL = {**SERVERS, "security_protocol": "SASL_SSL"}


def test_only_the_servers_must_be_given() -> None:
    config = AvroKafkaConfig.from_dict(SERVERS)
    assert config.bootstrap_servers == "kafka-1:9092,kafka-2:9092"
    assert (config.topic, config.delivery_timeout, config.compression) == ("openlineage", 4, "zstd")


EVERYTHING_TYPED: dict[str, Any] = {
    "topic": "lineage",
    "delivery_timeout": 2.5,
    "compression": "gzip",
    "message_key": "job",
    "security_protocol": "SASL_SSL",
    "ssl_ca_file": __file__,
    "ssl_cert_file": __file__,
    "ssl_key_file": __file__,
    "ssl_key_password": "k",
    "sasl_mechanism": "SCRAM-SHA-512",
    "sasl_username": "me",
    "sasl_password": "p",
    "create_topic": True,
    "topic_partitions": 6,
    "topic_replication_factor": 3,
    "schema_registry_url": "https://registry:8081",
    "schema_registry_username": "me",
    "schema_registry_password": "p",
    "schema_registry_ca_file": __file__,
    "spool_dir": "/var/spool/lineage",
    "spool_max_bytes": 500,
    "spool_max_age": 86400.0,
    "facets_allow": ["schema", "airflow*"],
    "facets_deny": ["debug"],
    "facet_max_bytes": 10_000,
    "redact": False,
    "redact_keys": ["pin", "iban"],
    "pipeline_run_id_name": "batch_id",
    "lineage_url": "https://lineage.example.com/pages",
    "producer": {"client_id": "me", "linger_ms": 0},
}


def test_every_setting_may_be_typed_or_text() -> None:
    typed = AvroKafkaConfig.from_dict({**SERVERS, **EVERYTHING_TYPED})
    text = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in EVERYTHING_TYPED.items()
    }
    names = {field.name for field in attr.fields(AvroKafkaConfig)}
    assert {*EVERYTHING_TYPED, *SERVERS} | {"sasl_oauth_token_provider"} == names
    assert AvroKafkaConfig.from_dict({**SERVERS, **text}) == typed
    lists = {"facets_allow", "facets_deny", "redact_keys"}
    expected = {k: tuple(v) if k in lists else v for k, v in EVERYTHING_TYPED.items()}
    assert {key: getattr(typed, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("bootstrap_servers", ["a:1", "b:2"], "a:1,b:2"),
        ("facets_deny", "debug, airflow*", ("debug", "airflow*")),
        ("spool_max_bytes", "500MB", 500_000_000),
        ("spool_max_bytes", "2 GiB", 2**31),
        ("facet_max_bytes", "64KiB", 65_536),
        ("redact", "False", False),
        ("schema_registry_password", 12345, "12345"),
        ("spool_dir", "none", "none"),
        ("topic", None, "openlineage"),
    ],
)
def test_values_have_more_than_one_spelling(key: str, given: Any, kept: Any) -> None:
    assert getattr(AvroKafkaConfig.from_dict({**SERVERS, key: given}), key) == kept


def test_a_password_may_hold_dollars_and_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_PASSWORD", '"x"')
    config = AvroKafkaConfig.from_dict(
        {
            **SERVERS,
            "schema_registry_password": "pa$word",
            "producer": '{"ssl_password": "$MY_PASSWORD", "sasl_plain_password": "a${b}"}',
        }
    )
    assert config.schema_registry_password == "pa$word"
    assert config.producer == {"ssl_password": '"x"', "sasl_plain_password": "a${b}"}


def test_a_variable_may_hold_all_settings_of_the_producer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_PRODUCER", '{"client_id": "me"}')
    config = AvroKafkaConfig.from_dict({**SERVERS, "producer": "$MY_PRODUCER"})
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
        ({**SERVERS, "topic": "a b"}, "topic: expected at most 249 letters.* got 'a b'"),
        ({**SERVERS, "message_key": "dag"}, "message_key: expected one of root_job.* got 'dag'"),
        ({**SERVERS, "create_topic": "maybe"}, "create_topic: expected true or false, got 'maybe'"),
        ({**SERVERS, "topic_partitions": 0}, "topic_partitions: expected a whole number.* got 0"),
        ({**SERVERS, "topic_partitions": 1.5}, "topic_partitions: .* got 1.5"),
        ({**SERVERS, "spool_dir": "spool"}, "spool_dir: expected an absolute path.* got 'spool'"),
        ({**SERVERS, "spool_max_bytes": "lots"}, "spool_max_bytes: expected .*500MB, got 'lots'"),
        ({**SERVERS, "facet_max_bytes": "-1"}, "facet_max_bytes: .* got '-1'"),
        ({**SERVERS, "facets_deny": "a,,b"}, "facets_deny: expected a JSON list .* got 'a,,b'"),
        ({**SERVERS, "facets_allow": "[1]"}, r"facets_allow: expected a JSON list .* got '\[1\]'"),
        ({**SERVERS, "redact_keys": 5}, "redact_keys: expected a JSON list .* got 5"),
        ({**SERVERS, "schema_registry_url": "registry"}, "schema_registry_url: expected http://h"),
        (
            {**SERVERS, "schema_registry_url": "http://me:secret@registry"},
            "schema_registry_url: expected no login in it, but schema_registry_username$",
        ),
        ({**SERVERS, "security_protocol": "TLS"}, "security_protocol: expected one of .* 'TLS'"),
        ({**SERVERS, "security_protocol": "SSL", "ssl_ca_file": "/no"}, "ssl_ca_file: .* '/no'"),
        (
            {**SERVERS, "ssl_ca_file": __file__},
            "ssl_ca_file: expected security_protocol SSL or SASL_SSL, got PLAINTEXT",
        ),
        (
            {**SERVERS, "security_protocol": "SSL", "sasl_username": "me"},
            "sasl_username: expected security_protocol SASL_PLAINTEXT or SASL_SSL, got SSL",
        ),
        (
            {**SERVERS, "security_protocol": "SSL", "ssl_cert_file": __file__},
            "ssl_cert_file, ssl_key_file: expected both or neither",
        ),
        (
            {**SERVERS, "security_protocol": "SSL", "ssl_key_password": "x"},
            "ssl_key_password: expected ssl_key_file with it, got none",
        ),
        ({**SERVERS, "security_protocol": "SASL_SSL"}, "sasl_mechanism: expected one of PLAIN"),
        ({**SASL, "sasl_mechanism": "GSSAPI"}, "sasl_mechanism: expected one of .* 'GSSAPI'"),
        (
            {**SASL, "sasl_mechanism": "PLAIN", "sasl_username": "me"},
            "sasl_password: expected it with sasl_mechanism PLAIN, got nothing",
        ),
        (
            {**SASL, "sasl_mechanism": "OAUTHBEARER"},
            "sasl_oauth_token_provider: expected it with sasl_mechanism OAUTHBEARER, got nothing",
        ),
        (
            {**SASL, "sasl_oauth_token_provider": "token"},
            "sasl_oauth_token_provider: expected module.callable, got 'token'",
        ),
    ],
)
def test_a_wrong_value_names_key_expectation_and_value(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        AvroKafkaConfig.from_dict(settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"producer": "hidden"},
        {"producer": "{hidden"},
        {"producer": {"sasl_plain_password": "$hidden"}},
        {"schema_registry_password": "$hidden"},
        {"schema_registry_password": ["hidden"]},
        {"topic": "$WITH_SECRET"},
        {"schema_registry_url": "http://me:hidden@registry"},
        {"security_protocol": "SSL", "sasl_password": "hidden"},
    ],
)
def test_no_error_repeats_a_secret(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WITH_SECRET", "{hidden}")
    with pytest.raises(ConfigurationError) as caught:
        AvroKafkaConfig.from_dict({**SERVERS, **settings})
    assert "hidden" not in "".join(format_exception(caught.value))


def test_no_secret_shows_in_a_repr() -> None:
    secrets = {
        "ssl_key_password": "hidden",
        "sasl_password": "hidden",
        "schema_registry_password": "hidden",
        "producer": {"sasl_plain_password": "hidden"},
    }
    config = AvroKafkaConfig.from_dict({**SERVERS, **EVERYTHING_TYPED, **secrets})
    assert "hidden" not in repr(config)


@pytest.fixture
def no_airflow(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Neither Airflow nor a variable says where to keep things."""
    monkeypatch.delitem(sys.modules, "airflow.configuration", raising=False)
    for name in ("AIRFLOW_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def spool(**settings: str) -> Path | None:
    return spool_directory(AvroKafkaConfig.from_dict({**SERVERS, **settings}))


def test_the_spool_is_where_it_was_set(no_airflow: pytest.MonkeyPatch) -> None:
    no_airflow.setenv("HOME", "/home/me")
    assert spool(spool_dir="none") is None
    assert spool(spool_dir="/a/b") == Path("/a/b")
    assert spool(spool_dir="~/b") == Path("/home/me/b")


def test_the_spool_is_in_airflows_folder_where_there_is_one(
    no_airflow: pytest.MonkeyPatch,
) -> None:
    no_airflow.setenv("AIRFLOW_HOME", "/opt/airflow")
    assert spool() == Path("/opt/airflow/openlineage_avro_spool")
    airflow = SimpleNamespace(AIRFLOW_HOME="/home/me/airflow")
    no_airflow.setitem(sys.modules, "airflow.configuration", airflow)
    assert spool() == Path("/home/me/airflow/openlineage_avro_spool")


def test_the_spool_is_in_the_state_folder_elsewhere(no_airflow: pytest.MonkeyPatch) -> None:
    no_airflow.setenv("HOME", "/home/me")
    assert spool() == Path("/home/me/.local/state/openlineage-avro")
    no_airflow.setenv("XDG_STATE_HOME", "relative")
    assert spool() == Path("/home/me/.local/state/openlineage-avro")
    no_airflow.setenv("XDG_STATE_HOME", "/state")
    assert spool() == Path("/state/openlineage-avro")


def test_a_user_without_a_home_must_name_the_spool(no_airflow: pytest.MonkeyPatch) -> None:
    no_airflow.delenv("HOME", raising=False)
    no_airflow.setattr("os.getuid", lambda: 2**31 - 5)
    with pytest.raises(ConfigurationError, match="spool_dir: expected a folder, or AIRFLOW_HOME"):
        spool()
