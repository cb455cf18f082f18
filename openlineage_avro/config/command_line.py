"""Settings of command lines: each from its option, the environment, or a file that it names.

A setting `name` with the variable NAME is looked for in `--name`, `$NAME`, and in the file named by
`$NAME_FILE` (as container platforms mount secrets). Secrets have no option: whoever may list the
machine's processes would read it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attr

from openlineage_avro.config.kafka import KAFKA_PYTHON_NAMES, KafkaSettings, check_together
from openlineage_avro.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

KAFKA_SETTING = "--kafka-setting"
SECRET_PARTS = ("password", "token", "secret")


@attr.define(kw_only=True)
class ClientSettings(KafkaSettings):
    """What a command knows of Kafka; `more` goes to kafka-python's KafkaConsumer as it is."""

    more: dict[str, Any] = attr.field(factory=dict, repr=False)

    @property
    def kafka_python(self) -> dict[str, Any]:
        """Further settings of kafka-python's consumer, which win over all others."""
        return self.more


def found(variable: str, option: str | None = None) -> str | None:
    """Return what the option, `$variable` or the file of `$variable_FILE` gives; None for nothing.

    A line's end at the end of the file is no part of it. Raises ConfigurationError.
    """
    if option:
        return option
    if value := os.environ.get(variable):
        return value
    file = os.environ.get(f"{variable}_FILE")
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n") or None
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"{variable}_FILE: expected a readable file: {exc}") from exc


def required(name: str, variable: str, option: str | None, example: str) -> str:
    """Return a setting that must be given; raise ConfigurationError that lists where it may be."""
    value = found(variable, option)
    if value is None:
        raise ConfigurationError(
            f"{name}: not set; searched option {option_of(name)}, environment variables {variable}"
            f" and {variable}_FILE; for example {variable}={example}"
        )
    return value


def add_kafka_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting of Kafka that is no secret, and `--kafka-setting`."""
    group = parser.add_argument_group(
        "Kafka",
        "each also as an environment variable, KAFKA_SASL_USERNAME for --sasl-username, or as"
        " the file that KAFKA_SASL_USERNAME_FILE names; secrets only so: KAFKA_SASL_PASSWORD,"
        " KAFKA_SSL_KEY_PASSWORD",
    )
    for field in attr.fields(KafkaSettings):
        if field.repr:
            meaning = f"{field.metadata['meaning']} (default: ${_variable(field.name)})"
            group.add_argument(option_of(field.name), dest=field.name, help=meaning)
    group.add_argument(
        KAFKA_SETTING,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another setting of kafka-python's KafkaConsumer; may be repeated",
    )


def client_settings(options: argparse.Namespace) -> ClientSettings:
    """Return what the options of add_kafka_options and the environment say of Kafka.

    Raises ConfigurationError that names the setting, what was expected and what came.
    """
    given: dict[str, Any] = {}
    for field in attr.fields(KafkaSettings):
        option = getattr(options, field.name, None)
        value = found(_variable(field.name), option)
        if field.name == "bootstrap_servers":
            value = required(field.name, _variable(field.name), option, "127.0.0.1:9092")
        if value is not None:
            given[field.name] = field.metadata["check"](field.name, value)
    settings = ClientSettings(**given, more=_more(options.kafka_setting))
    check_together(settings)
    return settings


def option_of(name: str) -> str:
    """Return the option of a setting: --sasl-username for sasl_username."""
    return f"--{name.replace('_', '-')}"


def _variable(name: str) -> str:
    return f"KAFKA_{name.upper()}"


def _more(texts: Iterable[str]) -> dict[str, Any]:
    more: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigurationError(f"{KAFKA_SETTING}: expected NAME=VALUE, got {text!r}")
        _check_name(name)
        more[name] = _typed(value)
    return more


def _check_name(name: str) -> None:
    """Raise ConfigurationError for what has a place of its own, or must not be listed."""
    ours = {theirs: our for our, theirs in KAFKA_PYTHON_NAMES.items()}
    ours |= {"bootstrap_servers": "bootstrap_servers"}
    if name in ours:
        raise ConfigurationError(
            f"{KAFKA_SETTING} {name}: expected {option_of(ours[name])} or {_variable(ours[name])}"
            if not any(part in name for part in SECRET_PARTS)
            else f"{KAFKA_SETTING} {name}: expected {_variable(ours[name])} or"
            f" {_variable(ours[name])}_FILE, since other users of the machine can read options"
        )


def _typed(text: str) -> Any:
    """Return true, false, numbers and null as such, all else as text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, (str, list, dict)) else value
