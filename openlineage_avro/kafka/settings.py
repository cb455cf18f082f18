"""The settings of a Kafka in kafka-python's names, for all of its clients."""

import ssl
from importlib import import_module
from typing import TYPE_CHECKING, Any

from openlineage_avro.config.kafka import KAFKA_PYTHON_NAMES
from openlineage_avro.errors import ConfigurationError
from openlineage_avro.kafka.workarounds import Hidden, without_passwords

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openlineage_avro.config.kafka import KafkaSettings

# Settings of kafka-python that every client of the same cluster needs.
SHARED = {
    *KAFKA_PYTHON_NAMES.values(),
    *("bootstrap_servers", "client_dns_lookup", "api_version", "proxy_url", "socks5_proxy"),
    *("ssl_context", "ssl_check_hostname", "ssl_crlfile", "sasl_oauth_token_provider"),
    *("sasl_kerberos_name", "sasl_kerberos_service_name", "sasl_kerberos_domain_name"),
}


def kafka_settings(config: "KafkaSettings") -> dict[str, Any]:
    """Return the settings that kafka-python's producer, consumer and admin client share.

    What stands in `config.kafka_python` wins. Raises ConfigurationError if the token provider
    cannot be imported or a certificate cannot be used.
    """
    given = {name: getattr(config, ours) for ours, name in KAFKA_PYTHON_NAMES.items()}
    settings = {name: value for name, value in given.items() if value is not None}
    settings["bootstrap_servers"] = config.bootstrap_servers.split(",")
    if config.sasl_oauth_token_provider:
        settings["sasl_oauth_token_provider"] = _token_provider(config.sasl_oauth_token_provider)
    if config.security_protocol.endswith("SSL") and not any(
        "ssl_" in key for key in config.kafka_python
    ):
        settings["ssl_context"] = _ssl_context(config)
    settings |= {name: config.kafka_python[name] for name in SHARED & set(config.kafka_python)}
    return without_passwords(settings)


def check_types(given: "Mapping[str, Any]", known: "Mapping[str, Any]") -> None:
    """Raise ConfigurationError for what is no number, or neither true nor false, but must be.

    given: settings by kafka-python's names; known: the default values of its client.
    """
    for name, value in given.items():
        default = known.get(name)
        if isinstance(default, bool):
            if not isinstance(value, bool):
                raise ConfigurationError(f"{name}: expected true or false, got {value!r}")
        elif isinstance(default, (int, float)) and not isinstance(value, (int, float)):
            raise ConfigurationError(f"{name}: expected a number, got {value!r}")


def _ssl_context(config: "KafkaSettings") -> ssl.SSLContext:
    """Return what kafka-python makes for each connection; here a mistake is told at once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if config.ssl_ca_file:
            context.load_verify_locations(config.ssl_ca_file)
        else:
            context.load_default_certs()
    except (ssl.SSLError, OSError) as exc:
        raise ConfigurationError(f"ssl_ca_file: expected certificates as PEM, got {exc}") from exc
    if config.ssl_cert_file:
        password = config.ssl_key_password or ""
        try:
            # A function, since without a password OpenSSL would ask for it on the terminal.
            context.load_cert_chain(config.ssl_cert_file, config.ssl_key_file, lambda: password)
        except (ssl.SSLError, OSError) as exc:
            raise ConfigurationError(
                "ssl_cert_file, ssl_key_file: expected a certificate and its key as PEM, and"
                f" ssl_key_password if it has one, got {exc}"
            ) from exc
    return context


def _token_provider(name: str) -> Any:
    from kafka.net.sasl.oauth import AbstractTokenProvider

    token = _callable(name)

    class TokenProvider(AbstractTokenProvider):  # type: ignore[misc] # kafka is not followed
        """Asks for a token whenever a connection is made."""

        def token(self) -> str:
            found = token()
            if not isinstance(found, str) or not found:
                kind = type(found).__name__
                raise ConfigurationError(f"{name}: expected it to return a token, got {kind}")
            return Hidden(found)

    return TokenProvider()


def _callable(name: str) -> "Callable[[], Any]":
    module, _, attribute = name.rpartition(".")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as exc:
        raise ConfigurationError(f"sasl_oauth_token_provider: {name}: {exc}") from exc
    if not callable(found):
        raise ConfigurationError(
            f"sasl_oauth_token_provider: {name}: expected a callable, got {type(found).__name__}"
        )
    return found  # type: ignore[no-any-return] # whatever the user wrote
