"""The transport's settings, checked once: what was expected, what came, under which key."""

import logging
import os
import re
import sys
from pathlib import Path
from typing import Any

import attr
from openlineage.client.transport.transport import Config

from openlineage_avro.airflow import connections
from openlineage_avro.config import checks
from openlineage_avro.errors import ConfigurationError

log = logging.getLogger(__name__)

COMPRESSIONS = ("zstd", "gzip", "lz4", "snappy", "none")
SSL_PROTOCOLS, SASL_PROTOCOLS = ("SSL", "SASL_SSL"), ("SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")
# What the OpenLineage client itself may add to any transport's settings.
NOT_OURS = {"type", "name", "priority", "url", "endpoint", "auth", "timeout", "verify"}
REFERENCE = rf"\$(?:(?P<name>\w+)|\{{(?P<braced>\w+)\}})|{connections.TEMPLATE}"


def _setting(check: checks.Check, default: Any = attr.NOTHING, *, shown: bool = True) -> Any:
    return attr.field(default=default, repr=shown, metadata={"check": check})


@attr.define(kw_only=True)
class AvroKafkaConfig(Config):
    """Settings of `AvroKafkaTransport`, from airflow.cfg, OpenLineage's YAML or environment.

    docs/configuration.md has their meaning. Text may refer to the environment as `$NAME` or
    `${NAME}`, and to Airflow's connections as `{{ conn.my_id.password }}`.
    """

    bootstrap_servers: str = _setting(checks.servers)
    topic: str = _setting(checks.topic, "openlineage")
    delivery_timeout: float = _setting(checks.seconds, 4.0)  # seconds
    compression: str = _setting(checks.one_of(*COMPRESSIONS), "zstd")
    message_key: str = _setting(checks.one_of("root_job", "job", "run", "none"), "root_job")

    security_protocol: str = _setting(
        checks.one_of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"), "PLAINTEXT"
    )
    ssl_ca_file: str | None = _setting(checks.file, None)
    ssl_cert_file: str | None = _setting(checks.file, None)
    ssl_key_file: str | None = _setting(checks.file, None)
    ssl_key_password: str | None = _setting(checks.secret, None, shown=False)
    sasl_mechanism: str | None = _setting(checks.one_of(*MECHANISMS), None)
    sasl_username: str | None = _setting(checks.secret, None)
    sasl_password: str | None = _setting(checks.secret, None, shown=False)
    sasl_oauth_token_provider: str | None = _setting(checks.dotted, None)

    create_topic: bool = _setting(checks.boolean, False)
    topic_partitions: int | None = _setting(checks.count, None)
    topic_replication_factor: int | None = _setting(checks.count, None)

    schema_registry_url: str | None = _setting(checks.url, None)
    schema_registry_username: str | None = _setting(checks.secret, None)
    schema_registry_password: str | None = _setting(checks.secret, None, shown=False)
    schema_registry_ca_file: str | None = _setting(checks.file, None)

    spool_dir: str | None = _setting(checks.folder, None)
    spool_max_bytes: int = _setting(checks.size, 1_000_000_000)
    spool_max_age: float | None = _setting(checks.seconds, None)  # seconds

    facets_allow: tuple[str, ...] | None = _setting(checks.names, None)
    facets_deny: tuple[str, ...] = _setting(checks.names, ())
    facet_max_bytes: int | None = _setting(checks.size, None)

    redact: bool = _setting(checks.boolean, True)
    redact_keys: tuple[str, ...] = _setting(checks.names, ())
    pipeline_run_id_name: str | None = _setting(checks.text, None)

    # May hold passwords, so it never shows in a repr.
    producer: dict[str, Any] = attr.field(
        factory=dict, repr=False, metadata={"check": checks.settings}
    )

    @classmethod
    def from_dict(cls, params: dict[str, Any]) -> "AvroKafkaConfig":
        """Build the settings from `params`, which stays as it is; raise ConfigurationError.

        A setting that is None (null in YAML and JSON) counts as not given.
        """
        fields = {field.name: field for field in attr.fields(cls)}
        unknown = sorted(set(params) - set(fields) - NOT_OURS)
        if unknown:
            log.warning("Unknown transport settings are ignored: %s", ", ".join(unknown))
        given = {key: params[key] for key in fields if params.get(key) is not None}
        if "bootstrap_servers" not in given:
            raise ConfigurationError(
                "bootstrap_servers: expected host:port[,host:port] in [openlineage] transport,"
                " OPENLINEAGE__TRANSPORT__BOOTSTRAP_SERVERS or openlineage.yml, got nothing"
            )
        config = cls(**{key: _checked(fields[key], given[key]) for key in given})
        _check_together(config)
        return config


def spool_directory(config: AvroKafkaConfig) -> Path | None:
    """Return the folder for events that Kafka did not take, or None where there shall be none.

    It need not exist. Raises ConfigurationError where no folder is set and none can be found.
    """
    if config.spool_dir == checks.NO_SPOOL:
        return None
    if config.spool_dir:
        return Path(config.spool_dir)
    airflow = getattr(sys.modules.get("airflow.configuration"), "AIRFLOW_HOME", None)
    if home := airflow or os.environ.get("AIRFLOW_HOME"):
        return Path(home).expanduser() / "openlineage_avro_spool"
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        base = state if state.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError as exc:  # a container's user may have no home
        raise ConfigurationError(
            "spool_dir: expected a folder, or AIRFLOW_HOME, XDG_STATE_HOME or HOME, got none"
        ) from exc
    return base / "openlineage-avro"


def _checked(field: "attr.Attribute[Any]", value: Any) -> Any:
    check, key = field.metadata["check"], field.name
    if check is checks.settings and isinstance(value, str) and value.lstrip().startswith("{"):
        value = check(key, value)  # before it is filled in: a password may hold quotes
    filled = _filled(key, value, secret=not field.repr)
    if filled == value:
        return check(key, value)
    try:
        return check(key, filled)
    except ConfigurationError as exc:
        # What was filled in may be a secret, so the message has the reference in its place.
        expected = str(exc).split(", got ")[0]
        raise ConfigurationError(f"{expected}, got something else from {value!r}") from None


def _filled(key: str, value: Any, *, secret: bool) -> Any:
    """Return `value` with environment and connections in its texts, at any depth."""
    if isinstance(value, dict):
        return {
            name: _filled(f"{key}.{name}", each, secret="pass" in str(name).lower())
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_filled(key, each, secret=secret) for each in value]
    if not isinstance(value, str):
        return value

    # One pass, so that nothing is looked for in what was filled in.
    def fill(found: re.Match[str]) -> str:
        if found["attribute"]:
            return connections.connection_value(key, found["connection"], found["attribute"])
        if found["malformed"]:
            raise connections.malformed(key, found["malformed"])
        if secret and found[0] != value:
            return found[0]  # a password may hold a $
        return _variable(key, found["name"] or found["braced"], secret)

    return re.sub(REFERENCE, fill, value)


def _variable(key: str, name: str, secret: bool) -> str:
    if name in os.environ:
        return os.environ[name]
    # A password such as $ecret looks like a reference, so it is not repeated.
    shown = "variable it refers to" if secret else f"variable {name}"
    raise ConfigurationError(f"{key}: expected environment {shown}, it is not set")


def _check_together(config: AvroKafkaConfig) -> None:
    """Raise ConfigurationError where settings need or exclude each other.

    What `producer` says of security wins, so nothing is asked of settings that it replaces.
    """
    protocol = config.producer.get("security_protocol", config.security_protocol)
    _check_protocol(config, "ssl_", SSL_PROTOCOLS, protocol)
    _check_protocol(config, "sasl_", SASL_PROTOCOLS, protocol)
    if bool(config.ssl_cert_file) != bool(config.ssl_key_file):
        raise ConfigurationError(
            "ssl_cert_file, ssl_key_file: expected both or neither, got one of them"
        )
    if config.ssl_key_password and not config.ssl_key_file:
        raise ConfigurationError("ssl_key_password: expected ssl_key_file with it, got none")
    if protocol in SASL_PROTOCOLS and not any(key.startswith("sasl_") for key in config.producer):
        _check_mechanism(config)


def _check_protocol(
    config: AvroKafkaConfig, prefix: str, wanted: tuple[str, ...], protocol: str
) -> None:
    for field in attr.fields(type(config)):
        if field.name.startswith(prefix) and getattr(config, field.name) and protocol not in wanted:
            raise ConfigurationError(
                f"{field.name}: expected security_protocol {' or '.join(wanted)}, got {protocol}"
            )


def _check_mechanism(config: AvroKafkaConfig) -> None:
    if config.sasl_mechanism is None:
        raise ConfigurationError(
            f"sasl_mechanism: expected one of {', '.join(MECHANISMS)}, got nothing"
        )
    oauth = config.sasl_mechanism == "OAUTHBEARER"
    needed = ("sasl_oauth_token_provider",) if oauth else ("sasl_username", "sasl_password")
    for name in needed:
        if getattr(config, name) is None:
            raise ConfigurationError(
                f"{name}: expected it with sasl_mechanism {config.sasl_mechanism}, got nothing"
            )
