"""Fills in what settings refer to: variables of the environment, connections of Airflow."""

import os
import re
from typing import Any

from openlineage_avro.airflow import connections
from openlineage_avro.errors import ConfigurationError

REFERENCE = rf"\$(?:(?P<name>\w+)|\{{(?P<braced>\w+)\}})|{connections.TEMPLATE}"


def filled(key: str, value: Any, *, secret: bool) -> Any:
    """Return the value of setting `key` with references in its texts filled in, at any depth.

    In a secret, a `$` is a reference only if the whole text is one. Raises ConfigurationError.
    """
    if isinstance(value, dict):
        return {
            name: filled(f"{key}.{name}", each, secret="pass" in str(name).lower())
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [filled(key, each, secret=secret) for each in value]
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
