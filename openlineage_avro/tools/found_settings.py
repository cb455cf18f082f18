"""Finds our transport's settings where Airflow, or the plain OpenLineage client, will find them.

The provider's and the client's own functions read them. Airflow takes the first that is set of
`[openlineage]` config_conn_id, config_path and transport; the client adds what its YAML file has,
then the environment's OPENLINEAGE__TRANSPORT__…, and what stood earlier wins.
"""

import logging
import os
from configparser import DuplicateOptionError, DuplicateSectionError
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError

OURS = "openlineage_avro.AvroKafkaTransport"
ENVIRONMENT_PREFIX = "OPENLINEAGE__TRANSPORT"
URL = "OPENLINEAGE_URL"
YAML_PLACES = ("./openlineage.yml", "~/.openlineage/openlineage.yml")


@dataclass(frozen=True)
class Found:
    """Settings of one transport of ours, and where they stand."""

    config: AvroKafkaConfig
    where: str


@dataclass(frozen=True)
class Settings:
    """The transport that the client will make, and the places it was looked for in."""

    transport: dict[str, Any] = field(repr=False)
    set_in: list[str]
    not_set: list[str]

    @property
    def where(self) -> str:
        """Return the places that the settings come from."""
        return ", ".join(self.set_in)


def found() -> list[Found]:
    """Return the settings of every transport of ours, at least one; raise ConfigurationError.

    The error lists each place that was searched, or names the setting that is wrong.
    """
    settings = searched()
    leaves = nested(settings.transport)
    ours = [each for each in leaves if is_ours(each.get("type"))]
    if not ours:
        raise ConfigurationError(
            f"expected a transport of type {OURS}, got {_types(leaves)}"
            f"; searched {'; '.join([*settings.set_in, *settings.not_set])}"
        )
    try:
        return [Found(AvroKafkaConfig.from_dict(each), settings.where) for each in ours]
    except ConfigurationError as exc:
        raise ConfigurationError(f"{settings.where}: {exc}") from exc


def searched() -> Settings:
    """Return what stands in all the places; raise ConfigurationError if one cannot be read."""
    from openlineage.client import OpenLineageClient
    from openlineage.client.transport.noop import NoopConfig, NoopTransport

    set_in: list[str] = []
    not_set: list[str] = []
    of_airflow = _of_airflow(set_in, not_set) if has_provider() else None
    _of_client(set_in, not_set)
    config = {"transport": of_airflow} if of_airflow else None
    # Given a transport, the client makes none of the settings, and still merges them. It would
    # say which one it got: nobody asked for that one.
    logging.getLogger("openlineage.client").setLevel(logging.WARNING)
    client = OpenLineageClient(config=config, transport=NoopTransport(NoopConfig()))
    transport = client.config.transport or {}
    if "type" not in transport and os.environ.get(URL):
        transport = {"type": "http"}  # the client's own last resort
    return Settings(transport, set_in, not_set)


def nested(transport: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the transports that send: `transport` itself, or those that it holds."""
    if transport.get("type") == "composite":
        held = transport.get("transports") or []
        inner = list(held.values()) if isinstance(held, dict) else held
    elif transport.get("type") == "transform":
        inner = [transport.get("transport")]
    else:
        return [transport] if transport else []
    return [each for one in inner if isinstance(one, dict) for each in nested(one)]


def is_ours(kind: Any) -> bool:
    """Tell whether a transport's type names AvroKafkaTransport or a class made from it."""
    from openlineage.client.utils import import_from_string

    from openlineage_avro.transport import AvroKafkaTransport

    if not isinstance(kind, str) or "." not in kind:
        return False
    try:
        named = import_from_string(kind)
    except Exception:  # whatever a foreign module raises: it is not ours
        return False
    return isinstance(named, type) and issubclass(named, AvroKafkaTransport)


def has_provider() -> bool:
    """Tell whether Airflow and its OpenLineage provider are installed."""
    try:
        return find_spec("airflow.providers.openlineage") is not None
    except ModuleNotFoundError:
        return False


def _types(transports: list[dict[str, Any]]) -> str:
    return ", ".join(str(each.get("type", "one without type")) for each in transports) or "none"


def _of_airflow(set_in: list[str], not_set: list[str]) -> dict[str, Any] | None:
    """Return the transport of Airflow's configuration, and note where it stands."""
    conf = _provider_conf()
    readers: dict[str, Any] = {
        "config_conn_id": _connection,
        "config_path": lambda: _yaml(conf.config_path(check_legacy_env_var=False)),
        "transport": conf.transport,
    }
    for option, read in readers.items():
        name = _name_in_airflow(option)
        try:
            transport: dict[str, Any] | None = read()
        except Exception as exc:
            # The error itself may repeat what stands there, passwords included.
            raise ConfigurationError(f"{name}: {_expected(option, exc)}") from None
        if transport:
            set_in.append(name)
            return transport
        not_set.append(name)
    return None


def _provider_conf() -> Any:
    try:
        from airflow.providers.openlineage import conf
    except (DuplicateOptionError, DuplicateSectionError) as exc:
        raise ConfigurationError(f"Airflow cannot read its configuration: {exc}") from None
    return conf


def _name_in_airflow(option: str) -> str:
    variable = f"AIRFLOW__OPENLINEAGE__{option.upper()}"
    for name in (variable, f"{variable}_CMD", f"{variable}_SECRET"):
        if name in os.environ:
            return f"environment {name}"
    return f"airflow.cfg [openlineage] {option}"


def _expected(option: str, exc: Exception) -> str:
    if option == "transport":
        return "expected a JSON object"
    if isinstance(exc, OSError):
        return f"expected a readable file: {exc}"
    kind = "a YAML file" if option == "config_path" else "a connection whose extra is JSON"
    return f"expected {kind} with a transport, got {type(exc).__name__}"


def _connection() -> dict[str, Any] | None:
    from airflow.providers.openlineage import conf

    # Older providers know no such option.
    name = conf.config_conn_id() if hasattr(conf, "config_conn_id") else ""
    if not name:
        return None
    from airflow.providers.openlineage.token_provider import AirflowConnectionConfigProvider

    transport: dict[str, Any] = AirflowConnectionConfigProvider(name).get_config()["transport"]
    return transport


def _yaml(path: str) -> dict[str, Any] | None:
    import yaml

    if not path:
        return None
    with Path(path).open(encoding="utf-8") as file:
        content = yaml.safe_load(file) or {}
    transport: dict[str, Any] | None = content.get("transport")
    return transport


def _of_client(set_in: list[str], not_set: list[str]) -> None:
    """Note which of the client's own places hold a transport; it reads the first YAML file."""
    given = os.environ.get("OPENLINEAGE_CONFIG")
    read = False
    for name, path in [(f"OPENLINEAGE_CONFIG {given or ''}".strip(), given), *_yaml_places()]:
        usable = bool(path) and not read and os.access(path or "", os.R_OK)
        holds = usable and _has_transport(path or "")
        (set_in if holds else not_set).append(name)
        read = read or usable
    if os.environ.get(URL):
        set_in.append(f"environment {URL}")
    names = sorted(name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX))
    (set_in if names else not_set).append(
        f"environment {', '.join(names) or ENVIRONMENT_PREFIX + '__…'}"
    )


def _yaml_places() -> list[tuple[str, str]]:
    return [(name, str(Path(name).expanduser())) for name in YAML_PLACES]


def _has_transport(path: str) -> bool:
    try:
        return bool(_yaml(path))
    except Exception as exc:
        # The client would log it and go on without the file.
        raise ConfigurationError(
            f"{path}: expected YAML with a transport, got {type(exc).__name__}"
        ) from None
