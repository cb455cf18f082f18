"""Where Kafka is and how to log in: one set of names for transport, consumer and command line."""

from collections.abc import Mapping
from typing import Any

import attr

from openlineage_avro.config import checks
from openlineage_avro.errors import ConfigurationError

SSL_PROTOCOLS, SASL_PROTOCOLS = ("SSL", "SASL_SSL"), ("SASL_PLAINTEXT", "SASL_SSL")
PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")

# Ours, and kafka-python's for the same.
KAFKA_PYTHON_NAMES = {
    "security_protocol": "security_protocol",
    "ssl_ca_file": "ssl_cafile",
    "ssl_cert_file": "ssl_certfile",
    "ssl_key_file": "ssl_keyfile",
    "ssl_key_password": "ssl_password",
    "sasl_mechanism": "sasl_mechanism",
    "sasl_username": "sasl_plain_username",
    "sasl_password": "sasl_plain_password",
}


def setting(
    check: checks.Check, default: Any = attr.NOTHING, *, secret: bool = False, meaning: str = ""
) -> Any:
    """Return a field whose value `check` looks at; a secret shows in no repr.

    meaning: what an option of the command line says of it.
    """
    metadata = {"check": check, "meaning": meaning}
    return attr.field(default=default, repr=not secret, metadata=metadata)


@attr.define(kw_only=True)
class KafkaSettings:
    """What every client of a Kafka needs to know; docs/configuration.md has the meaning."""

    bootstrap_servers: str = setting(
        checks.servers, meaning="Kafka's addresses, HOST:PORT, separated by commas"
    )
    security_protocol: str = setting(
        checks.one_of(*PROTOCOLS), "PLAINTEXT", meaning=f"one of {', '.join(PROTOCOLS)}"
    )
    ssl_ca_file: str | None = setting(
        checks.file, None, meaning="PEM file of the authorities that sign the brokers' certificates"
    )
    ssl_cert_file: str | None = setting(
        checks.file, None, meaning="PEM file of the client certificate"
    )
    ssl_key_file: str | None = setting(checks.file, None, meaning="PEM file of its key")
    ssl_key_password: str | None = setting(checks.secret, None, secret=True)
    sasl_mechanism: str | None = setting(
        checks.one_of(*MECHANISMS), None, meaning=f"one of {', '.join(MECHANISMS)}"
    )
    sasl_username: str | None = setting(checks.secret, None, meaning="user to log in as")
    sasl_password: str | None = setting(checks.secret, None, secret=True)
    sasl_oauth_token_provider: str | None = setting(
        checks.dotted, None, meaning="module.function that returns a token, for OAUTHBEARER"
    )

    @property
    def kafka_python(self) -> Mapping[str, Any]:
        """Further settings of kafka-python's client, which win over all others."""
        return {}


def check_together(config: KafkaSettings) -> None:
    """Raise ConfigurationError where settings of security need or exclude each other.

    What kafka-python's own settings say of security wins, so nothing is asked of settings that
    they replace.
    """
    protocol = config.kafka_python.get("security_protocol", config.security_protocol)
    _check_protocol(config, "ssl_", SSL_PROTOCOLS, protocol)
    _check_protocol(config, "sasl_", SASL_PROTOCOLS, protocol)
    if bool(config.ssl_cert_file) != bool(config.ssl_key_file):
        raise ConfigurationError(
            "ssl_cert_file, ssl_key_file: expected both or neither, got one of them"
        )
    if config.ssl_key_password and not config.ssl_key_file:
        raise ConfigurationError("ssl_key_password: expected ssl_key_file with it, got none")
    replaced = any(name.startswith("sasl_") for name in config.kafka_python)
    if protocol in SASL_PROTOCOLS and not replaced:
        _check_mechanism(config)


def _check_protocol(
    config: KafkaSettings, prefix: str, wanted: tuple[str, ...], protocol: str
) -> None:
    for field in attr.fields(KafkaSettings):
        if field.name.startswith(prefix) and getattr(config, field.name) and protocol not in wanted:
            raise ConfigurationError(
                f"{field.name}: expected security_protocol {' or '.join(wanted)}, got {protocol}"
            )


def _check_mechanism(config: KafkaSettings) -> None:
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
