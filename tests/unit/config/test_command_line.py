"""Settings of commands come from options, the environment or files, and secrets from no option."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from openlineage_avro.config.command_line import (
    ClientSettings,
    add_kafka_options,
    client_settings,
    found,
)
from openlineage_avro.errors import ConfigurationError
from openlineage_avro.kafka.settings import kafka_settings

SERVERS = ("--bootstrap-servers", "kafka:9092")


def parsed(*arguments: str) -> ClientSettings:
    parser = argparse.ArgumentParser()
    add_kafka_options(parser)
    return client_settings(parser.parse_args(arguments))


def test_an_option_wins_over_the_environment_and_that_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "servers").write_text("of-file:1\n")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS_FILE", str(tmp_path / "servers"))
    assert parsed().bootstrap_servers == "of-file:1"
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "of-environment:1")
    assert parsed().bootstrap_servers == "of-environment:1"
    assert parsed(*SERVERS).bootstrap_servers == "kafka:9092"


def test_what_must_be_given_is_named_with_every_place() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parsed()
    places = ("--bootstrap-servers", "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BOOTSTRAP_SERVERS_FILE")
    assert all(place in str(caught.value) for place in places)


def test_a_password_of_digits_stays_text_and_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("0123\n")
    monkeypatch.setenv("KAFKA_SASL_PASSWORD_FILE", str(tmp_path / "password"))
    login = ("--sasl-mechanism", "PLAIN", "--sasl-username", "me")
    settings = parsed(*SERVERS, *login, "--security-protocol", "SASL_PLAINTEXT")
    assert settings.sasl_password == "0123"
    assert "0123" not in repr(settings)
    of_kafka_python = kafka_settings(settings)
    assert of_kafka_python["sasl_plain_password"] == "0123"
    assert "0123" not in repr(of_kafka_python)


@pytest.mark.parametrize(
    ("given", "value"),
    [("false", False), ("true", True), ("7", 7), ("0.5", 0.5), ("null", None), ("a=b", "a=b")]
    + [('"quoted"', '"quoted"'), ("[1]", "[1]")],
)
def test_further_settings_are_typed(given: str, value: Any) -> None:
    assert parsed(*SERVERS, "--kafka-setting", f"name={given}").more == {"name": value}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("security_protocol", "expected NAME=VALUE, got 'security_protocol'"),
        ("security_protocol=SSL", "expected --security-protocol or KAFKA_SECURITY_PROTOCOL"),
        ("bootstrap_servers=a:1", "expected --bootstrap-servers or KAFKA_BOOTSTRAP_SERVERS"),
        ("sasl_plain_password=hidden", "expected KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE"),
        ("ssl_password=hidden", "expected KAFKA_SSL_KEY_PASSWORD or KAFKA_SSL_KEY_PASSWORD_FILE"),
    ],
)
def test_what_has_a_place_of_its_own_is_sent_there(given: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^--kafka-setting.*{message}") as caught:
        parsed(*SERVERS, "--kafka-setting", given)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--bootstrap-servers", "kafka"), "bootstrap_servers: expected host:port"),
        ((*SERVERS, "--security-protocol", "TLS"), "security_protocol: expected one of"),
        ((*SERVERS, "--sasl-username", "me"), "sasl_username: expected security_protocol SASL_"),
        ((*SERVERS, "--ssl-ca-file", "/nowhere"), "ssl_ca_file: expected a file, got '/nowhere'"),
    ],
)
def test_a_wrong_value_is_named(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        parsed(*arguments)


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", "/nowhere")
    with pytest.raises(ConfigurationError, match="DATABASE_URL_FILE: expected a readable file"):
        found("DATABASE_URL")
