"""The transport's settings, checked once: what was expected, what came, under which key."""

import logging
import os
from pathlib import Path
from typing import Any

import attr
from openlineage.client.transport.transport import Config

from openlineage_avro.airflow import host
from openlineage_avro.config import checks
from openlineage_avro.config.kafka import KafkaSettings, check_together, setting
from openlineage_avro.config.references import filled
from openlineage_avro.errors import ConfigurationError

log = logging.getLogger(__name__)

COMPRESSIONS = ("zstd", "gzip", "lz4", "snappy", "none")
# What the OpenLineage client itself may add to any transport's settings.
NOT_OURS = {"type", "name", "priority", "url", "endpoint", "auth", "timeout", "verify"}


@attr.define(kw_only=True)
class AvroKafkaConfig(KafkaSettings, Config):
    """Settings of `AvroKafkaTransport`, from airflow.cfg, OpenLineage's YAML or environment.

    docs/configuration.md has their meaning. Text may refer to the environment as `$NAME` or
    `${NAME}`, and to Airflow's connections as `{{ conn.my_id.password }}`.
    """

    topic: str = setting(checks.topic, "openlineage")
    delivery_timeout: float = setting(checks.seconds, 4.0)  # seconds
    compression: str = setting(checks.one_of(*COMPRESSIONS), "zstd")
    message_key: str = setting(checks.one_of("root_job", "job", "run", "none"), "root_job")

    create_topic: bool = setting(checks.boolean, False)
    topic_partitions: int | None = setting(checks.count, None)
    topic_replication_factor: int | None = setting(checks.count, None)

    schema_registry_url: str | None = setting(checks.url, None)
    schema_registry_username: str | None = setting(checks.secret, None)
    schema_registry_password: str | None = setting(checks.secret, None, secret=True)
    schema_registry_ca_file: str | None = setting(checks.file, None)

    spool_dir: str | None = setting(checks.folder, None)
    spool_max_bytes: int = setting(checks.size, 1_000_000_000)
    spool_max_age: float | None = setting(checks.seconds, None)  # seconds

    facets_allow: tuple[str, ...] | None = setting(checks.names, None)
    facets_deny: tuple[str, ...] = setting(checks.names, ())
    facet_max_bytes: int | None = setting(checks.size, None)

    redact: bool = setting(checks.boolean, True)
    redact_keys: tuple[str, ...] = setting(checks.names, ())
    pipeline_run_id_name: str | None = setting(checks.text, None)
    lineage_url: str | None = setting(checks.url, None)

    # May hold passwords, so it never shows in a repr.
    producer: dict[str, Any] = attr.field(
        factory=dict, repr=False, metadata={"check": checks.settings}
    )

    @property
    def kafka_python(self) -> dict[str, Any]:
        """Further settings of kafka-python's producer, which win over all others."""
        return self.producer

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
        check_together(config)
        return config


def spool_directory(config: AvroKafkaConfig) -> Path | None:
    """Return the folder for events that Kafka did not take, or None where none is wanted.

    It need not exist. Raises ConfigurationError where no folder is set and none can be found.
    """
    if config.spool_dir == checks.NO_SPOOL:
        return None
    if config.spool_dir:
        return Path(config.spool_dir)
    if home := host.home():
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
    known = filled(key, value, secret=not field.repr)
    if known == value:
        return check(key, value)
    try:
        return check(key, known)
    except ConfigurationError as exc:
        # What was filled in may be a secret, so the message has the reference in its place.
        expected = str(exc).split(", got ")[0]
        raise ConfigurationError(f"{expected}, got something else from {value!r}") from None
