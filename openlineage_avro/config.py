"""The transport's settings, checked once: what was expected, what came, under which key."""

import json
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attr
from openlineage.client.transport.transport import Config

from openlineage_avro.errors import ConfigurationError

log = logging.getLogger(__name__)

COMPRESSIONS = ("zstd", "gzip", "lz4", "snappy", "none")
# What the OpenLineage client itself may add to any transport's settings.
NOT_OURS = {"type", "name", "priority", "url", "endpoint", "auth", "timeout", "verify"}


@attr.define(kw_only=True)
class AvroKafkaConfig(Config):
    """Settings of `AvroKafkaTransport`, from airflow.cfg, OpenLineage's YAML or environment.

    bootstrap_servers: `host:port[,host:port]`. topic: its name. delivery_timeout: seconds within
    which `emit` returns or raises. compression: of the Kafka batch, one of COMPRESSIONS.
    schema_registry_url: of a Confluent-compatible registry; with it messages have the Confluent
    wire format. schema_registry_username, _password, _ca_file: how to be let in.
    producer: further settings of kafka-python's KafkaProducer, by their names there.
    Text values may refer to the environment as `$NAME` or `${NAME}`.
    """

    bootstrap_servers: str
    topic: str = "openlineage"
    delivery_timeout: float = 4.0
    compression: str = "zstd"
    schema_registry_url: str | None = None
    schema_registry_username: str | None = None
    schema_registry_password: str | None = attr.field(default=None, repr=False)
    schema_registry_ca_file: str | None = None
    # May hold passwords, so it never shows in a repr.
    producer: dict[str, Any] = attr.field(factory=dict, repr=False)

    @classmethod
    def from_dict(cls, params: dict[str, Any]) -> "AvroKafkaConfig":
        """Build the settings from `params`, which stays as it is; raise ConfigurationError."""
        known = {field.name for field in attr.fields(cls)}
        unknown = sorted(set(params) - known - NOT_OURS)
        if unknown:
            log.warning("Unknown transport settings are ignored: %s", ", ".join(unknown))
        given = {key: _expand(key, params[key]) for key in known & set(params)}
        if "bootstrap_servers" not in given:
            raise ConfigurationError(
                "bootstrap_servers: expected host:port[,host:port] in [openlineage] transport,"
                " OPENLINEAGE__TRANSPORT__BOOTSTRAP_SERVERS or openlineage.yml, got nothing"
            )
        return cls(**{key: _CHECKS[key](key, value) for key, value in given.items()})


def _expand(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _expand(f"{key}.{name}", each) for name, each in value.items()}
    if not isinstance(value, str):
        return value
    return re.sub(
        r"\$(?:(\w+)|\{(\w+)\})", lambda found: _variable(key, found[1] or found[2]), value
    )


def _variable(key: str, name: str) -> str:
    if name not in os.environ:
        raise ConfigurationError(f"{key}: expected environment variable {name}, it is not set")
    return os.environ[name]


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{key}: expected text, got {value!r}")
    return value


def _servers(key: str, value: Any) -> str:
    listed = ",".join(value) if isinstance(value, list) else value
    for server in _text(key, listed).split(","):
        host, _, port = server.strip().rpartition(":")
        if not host or not port.isdigit():
            raise ConfigurationError(f"{key}: expected host:port[,host:port], got {server!r}")
    return str(listed)


def _secret(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{key}: expected text")
    return value


def _url(key: str, value: Any) -> str:
    parts = urlsplit(_text(key, value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(f"{key}: expected http://host or https://host, got {value!r}")
    if parts.username or parts.password:
        # Errors name the URL, so it must not hold a password.
        raise ConfigurationError(f"{key}: expected no login in it, but {key[:-3]}username")
    return str(value)


def _file(key: str, value: Any) -> str:
    if not Path(_text(key, value)).is_file():
        raise ConfigurationError(f"{key}: expected a file, got {value!r}")
    return str(value)


def _seconds(key: str, value: Any) -> float:
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = 0
    if isinstance(value, bool) or not 0 < seconds < float("inf"):
        raise ConfigurationError(f"{key}: expected a number of seconds above 0, got {value!r}")
    return seconds


def _compression(key: str, value: Any) -> str:
    if value not in COMPRESSIONS:
        raise ConfigurationError(f"{key}: expected one of {', '.join(COMPRESSIONS)}, got {value!r}")
    return str(value)


def _settings(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, dict):
        # The value may hold a password, so the message does not repeat it.
        raise ConfigurationError(f"{key}: expected a JSON object of KafkaProducer settings")
    return value


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "bootstrap_servers": _servers,
    "topic": _text,
    "delivery_timeout": _seconds,
    "compression": _compression,
    "schema_registry_url": _url,
    "schema_registry_username": _text,
    "schema_registry_password": _secret,
    "schema_registry_ca_file": _file,
    "producer": _settings,
}
