"""Where Kafka is and how to be let in, in kafka-python's names, for all of its clients."""

import logging
import ssl
from importlib import import_module
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openlineage_avro.config.settings import AvroKafkaConfig

NAMES = {
    "security_protocol": "security_protocol",
    "ssl_ca_file": "ssl_cafile",
    "ssl_cert_file": "ssl_certfile",
    "ssl_key_file": "ssl_keyfile",
    "ssl_key_password": "ssl_password",
    "sasl_mechanism": "sasl_mechanism",
    "sasl_username": "sasl_plain_username",
    "sasl_password": "sasl_plain_password",
}
# Settings given in `producer` that every client of the same cluster needs.
SHARED = {
    *NAMES.values(),
    *("bootstrap_servers", "client_dns_lookup", "api_version", "proxy_url", "socks5_proxy"),
    *("ssl_context", "ssl_check_hostname", "ssl_crlfile", "sasl_oauth_token_provider"),
    *("sasl_kerberos_name", "sasl_kerberos_service_name", "sasl_kerberos_domain_name"),
}


def kafka_settings(config: "AvroKafkaConfig") -> dict[str, Any]:
    """Return the settings that kafka-python's producer, consumer and admin client share.

    What stands in `config.producer` wins. Raises ConfigurationError if the token provider cannot
    be imported or a certificate cannot be used. Passwords show neither in the settings' reprs,
    since kafka-python logs them, nor in what it logs of connections.
    """
    given = {name: getattr(config, ours) for ours, name in NAMES.items()}
    settings = {name: value for name, value in given.items() if value is not None}
    settings["bootstrap_servers"] = config.bootstrap_servers.split(",")
    if config.sasl_oauth_token_provider:
        settings["sasl_oauth_token_provider"] = _token_provider(config.sasl_oauth_token_provider)
    if config.security_protocol.endswith("SSL") and not any(
        "ssl_" in key for key in config.producer
    ):
        settings["ssl_context"] = _ssl_context(config)
    settings.update({name: config.producer[name] for name in SHARED & set(config.producer)})
    for name, value in settings.items():
        if "password" in name and isinstance(value, str):
            settings[name] = Hidden(value)
    if str(settings["security_protocol"]).startswith("SASL"):
        for wire in ("kafka.protocol.parser", "kafka.net.connection"):
            logging.getLogger(wire).addFilter(_no_bytes)
    return settings


def _no_bytes(record: logging.LogRecord) -> bool:
    """Tell whether a log record is free of what goes over the wire: it has the password."""
    return record.levelno > logging.DEBUG


def _ssl_context(config: "AvroKafkaConfig") -> ssl.SSLContext:
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


class Hidden(str):
    """Text whose repr does not show it."""

    def __repr__(self) -> str:
        """Return the same for every text."""
        return "'***'"


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
