"""Airflow's connections as values of settings: `{{ conn.my_kafka.password }}`.

The only file that knows how Airflow 2 and 3 differ in this.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openlineage_avro.airflow import task_channel
from openlineage_avro.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

ATTRIBUTES = ("host", "port", "login", "password", "schema")
# To be part of a regular expression. The last group holds what looks like a reference and is none.
TEMPLATE = (
    r"\{\{\s*conn\.(?P<connection>[\w.-]+?)\."
    rf"(?P<attribute>{'|'.join(ATTRIBUTES)}|extra_dejson(?:\.[\w-]+)+)\s*\}}\}}"
    r"|(?P<malformed>\{\{\s*conn\b[^}]*\}*)"
)
OVER_CHANNEL = "ExecutionAPISecretsBackend"


def connection_value(key: str, connection_id: str, attribute: str) -> str:
    """Return an attribute of one of Airflow's connections as text.

    `attribute` is one of ATTRIBUTES or `extra_dejson.<name>[.<name>]`. Raises ConfigurationError,
    which names setting, connection and attribute but no value.
    """
    where = f"{key}: {{{{ conn.{connection_id}.{attribute} }}}}"
    try:
        connection = _connection(connection_id)
    except ImportError:
        raise ConfigurationError(f"{where}: expected Airflow to be installed, it is not") from None
    except Exception as exc:
        # A backend's own text may hold the connection's URI.
        raise ConfigurationError(
            f"{where}: expected connection {connection_id} in Airflow, got {type(exc).__name__}"
        ) from None
    if connection is None:
        raise ConfigurationError(
            f"{where}: expected connection {connection_id} in AIRFLOW_CONN_{connection_id.upper()}"
            " or in a secrets backend, since the process forked from a task must not ask Airflow's"
            " API for it; or set [openlineage] execute_in_thread = True"
        )
    value = _attribute(connection, attribute)
    if value is None or value == "":
        raise ConfigurationError(f"{where}: expected the connection to have it, it has not")
    return value if isinstance(value, str) else json.dumps(value)


def malformed(key: str, text: str) -> ConfigurationError:
    """Return the error for what looks like a reference to a connection and is none."""
    return ConfigurationError(
        f"{key}: expected {{{{ conn.<id>.<attribute> }}}} with one of {', '.join(ATTRIBUTES)},"
        f" extra_dejson.<name>, got {text}"
    )


def _attribute(connection: Any, attribute: str) -> Any:
    name, *path = attribute.split(".")
    # Airflow 3's own extra_dejson has the supervisor mask what it holds, over the task's channel.
    value = _extra(connection) if path else getattr(connection, name)
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _extra(connection: Any) -> Any:
    try:
        return json.loads(connection.extra or "{}")
    except ValueError:
        return None


def _connection(connection_id: str) -> Any:
    """Return a connection; None if only asking over a channel that is not ours could find it."""
    if not task_channel.exists():
        # Airflow 2, and what runs no tasks in Airflow 3.
        from airflow.models.connection import Connection

        return Connection.get_connection_from_secrets(connection_id)
    if task_channel.may_be_asked(task_is_over=False):
        from airflow.sdk import Connection

        return Connection.get(connection_id)
    return _without_channel(connection_id)


def _without_channel(connection_id: str) -> Any:
    """Ask those backends of a task's process that need no answer from its supervisor."""
    from airflow.sdk.configuration import ensure_secrets_loaded
    from airflow.sdk.execution_time.secrets import DEFAULT_SECRETS_SEARCH_PATH_WORKERS

    backends = ensure_secrets_loaded(default_backends=DEFAULT_SECRETS_SEARCH_PATH_WORKERS)
    asks: list[Callable[..., Any]] = [
        backend.get_connection for backend in backends if type(backend).__name__ != OVER_CHANNEL
    ]
    for ask in asks:
        if (found := ask(conn_id=connection_id)) is not None:
            return found
    return None
