"""One check for each kind of setting: it returns the value typed, or says what was expected.

A check takes the setting's name and the given value, text or typed, and raises ConfigurationError
with the name, what was expected and what came; the value of a secret is left out.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openlineage_avro.errors import ConfigurationError

Check = Callable[[str, Any], Any]

NO_SPOOL = "none"
UNITS = {
    **{"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12},
    **{"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40},
}


def text(key: str, value: Any) -> str:
    """Return text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{key}: expected text, got {value!r}")
    return value


def topic(key: str, value: Any) -> str:
    """Return a name that Kafka allows for a topic."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,249}", text(key, value)) or value in (".", ".."):
        raise ConfigurationError(
            f"{key}: expected at most 249 letters, digits, '.', '_' or '-', got {value!r}"
        )
    return str(value)


def servers(key: str, value: Any) -> str:
    """Return `host:port[,host:port]`, of text or a list."""
    listed = ",".join(map(str, value)) if isinstance(value, list) else value
    for server in text(key, listed).split(","):
        host, _, port = server.strip().rpartition(":")
        if not host or not port.isdigit():
            raise ConfigurationError(f"{key}: expected host:port[,host:port], got {server!r}")
    return str(listed)


def secret(key: str, value: Any) -> str:
    """Return text that no message repeats; a whole number is taken as its digits.

    OpenLineage reads variables of the environment as JSON, so a password of digits comes as one.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(
            f"{key}: expected text (in OPENLINEAGE__TRANSPORT__{key.upper()}: in double quotes)"
        )
    return value


def url(key: str, value: Any) -> str:
    """Return an http or https URL without a login."""
    try:
        parts = urlsplit(text(key, value))
    except ValueError:
        parts = urlsplit("")  # such as brackets around no IPv6 address
    if "@" in value:
        # Errors name the URL, so it must not hold a password.
        raise ConfigurationError(f"{key}: expected no login in it, but {key[:-3]}username")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(f"{key}: expected http://host or https://host, got {value!r}")
    return str(value)


def file(key: str, value: Any) -> str:
    """Return the path of a file that is there."""
    if not Path(text(key, value)).is_file():
        raise ConfigurationError(f"{key}: expected a file, got {value!r}")
    return str(value)


def folder(key: str, value: Any) -> str:
    """Return an absolute path, or NO_SPOOL; `~` stands for the home folder."""
    if text(key, value) == NO_SPOOL:
        return NO_SPOOL
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        path = Path(value)
    if not path.is_absolute():
        # Airflow's processes have different working folders, so a relative one is many.
        raise ConfigurationError(f"{key}: expected an absolute path or {NO_SPOOL}, got {value!r}")
    return str(path)


def seconds(key: str, value: Any) -> float:
    """Return a number of seconds above 0."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = 0
    if isinstance(value, bool) or not 0 < number < float("inf"):
        raise ConfigurationError(f"{key}: expected a number of seconds above 0, got {value!r}")
    return number


def size(key: str, value: Any) -> int:
    """Return a number of bytes above 0, of a number or text such as 500MB or 1 GiB."""
    match = re.fullmatch(r"([0-9]{1,30}) ?([kmgt]i?b)?", str(value).strip().lower())
    if isinstance(value, bool) or match is None or not int(match[1]):
        raise ConfigurationError(
            f"{key}: expected a number of bytes above 0, such as 500000000 or 500MB, got {value!r}"
        )
    return int(match[1]) * UNITS[match[2] or ""]


def count(key: str, value: Any) -> int:
    """Return a whole number above 0."""
    if isinstance(value, (bool, float)) or not re.fullmatch(r"[0-9]*[1-9][0-9]*", str(value)):
        raise ConfigurationError(f"{key}: expected a whole number above 0, got {value!r}")
    return int(value)


def boolean(key: str, value: Any) -> bool:
    """Return True or False, of a bool or the text true or false in any case."""
    known = {"true": True, "false": False}
    if str(value).lower() not in known:
        raise ConfigurationError(f"{key}: expected true or false, got {value!r}")
    return known[str(value).lower()]


def names(key: str, value: Any) -> tuple[str, ...]:
    """Return names, of a list, of a JSON list as text, or of text with commas between them."""
    found = value
    if isinstance(value, str):
        try:
            found = json.loads(value) if value.lstrip().startswith("[") else value.split(",")
        except ValueError:
            found = None
    if not isinstance(found, (list, tuple)) or not all(_is_name(name) for name in found):
        raise ConfigurationError(f"{key}: expected a JSON list of names or a,b,c, got {value!r}")
    return tuple(name.strip() for name in found)


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and bool(name.strip())


def dotted(key: str, value: Any) -> str:
    """Return the name of something in a module, as `module.name`."""
    parts = text(key, value).split(".")
    if len(parts) < 2 or not all(part.isidentifier() for part in parts):
        raise ConfigurationError(f"{key}: expected module.callable, got {value!r}")
    return str(value)


def one_of(*choices: str) -> Check:
    """Return a check that takes one of `choices`, as they are spelt."""

    def check(key: str, value: Any) -> str:
        if value not in choices:
            raise ConfigurationError(f"{key}: expected one of {', '.join(choices)}, got {value!r}")
        return str(value)

    return check


def settings(key: str, value: Any) -> dict[str, Any]:
    """Return a dict, of one or of a JSON object as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, dict):
        # The value may hold a password, so the message does not repeat it.
        raise ConfigurationError(f"{key}: expected a JSON object of KafkaProducer settings")
    return value
