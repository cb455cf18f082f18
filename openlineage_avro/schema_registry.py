"""A Confluent-compatible schema registry: which id our schema has there, which schema an id names.

API: https://docs.confluent.io/platform/current/schema-registry/develop/api.html
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from openlineage_avro.codec import schemas
from openlineage_avro.codec.schemas import AVRO, WriterSchema
from openlineage_avro.config import checks
from openlineage_avro.config.command_line import found
from openlineage_avro.errors import RegistryRefused, RegistryUnavailable, UnknownSchema

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig

# A new schema must read what every earlier one wrote.
COMPATIBILITY = "BACKWARD_TRANSITIVE"
MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
NOT_FOUND, CONFLICT = 404, 409
ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Registry:
    """Where a registry is and how to log in; `url` ends before /subjects."""

    url: str
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None

    @classmethod
    def of_settings(cls, config: "AvroKafkaConfig") -> "Registry | None":
        """Return the registry of the transport's settings, or None without one."""
        if config.schema_registry_url is None:
            return None
        return cls(
            config.schema_registry_url,
            config.schema_registry_username,
            config.schema_registry_password,
            config.schema_registry_ca_file,
        )

    @classmethod
    def of_environment(cls, url: str | None) -> "Registry | None":
        """Return the registry at `url`, else at SCHEMA_REGISTRY_URL; None if neither is given.

        Its login comes from SCHEMA_REGISTRY_USERNAME, _PASSWORD and _CA_FILE: others on the
        machine can read a command's options. Raises ConfigurationError.
        """
        url = found("SCHEMA_REGISTRY_URL", url)
        if url is None:
            return None
        names = ("USERNAME", "PASSWORD", "CA_FILE")
        login = (found(f"SCHEMA_REGISTRY_{name}") for name in names)
        return cls(checks.url("schema_registry_url", url), *login)

    def __repr__(self) -> str:
        """Show the place, never the password."""
        return f"Registry({self.url})"

    def id_of(self, subject: str, text: str, end: float) -> int:
        """Return the id of a schema under `subject`; register it if the subject lacks it.

        A new subject gets COMPATIBILITY. Gives up at `end`, of time.monotonic(). Raises
        RegistryUnavailable when another try may help, RegistryRefused when it will not.
        """
        body = {"schema": text, "schemaType": AVRO}
        path = f"/subjects/{quote(subject, safe='')}"
        # Looked up first: that needs no right to write, and is all that most processes do.
        found = self._call("POST", path, end, body, accept=(NOT_FOUND,))
        if found is None:
            config = {"compatibility": COMPATIBILITY}
            self._call("PUT", f"/config/{quote(subject, safe='')}", end, config)
            found = self._call("POST", f"{path}/versions", end, body)
        return int(found["id"])

    def schema(self, schema_id: int, end: float) -> WriterSchema | None:
        """Return the schema with an id, or None if the registry has none."""
        found = self._call("GET", f"/schemas/ids/{schema_id}", end, accept=(NOT_FOUND,))
        if found is None:
            return None
        return WriterSchema(str(found["schema"]), str(found.get("schemaType", AVRO)))

    def _call(
        self, method: str, path: str, end: float, body: Any = None, accept: tuple[int, ...] = ()
    ) -> Any:
        import requests

        login = (self.username, self.password or "") if self.username is not None else None
        try:
            response = requests.request(
                method,
                self.url.rstrip("/") + path,
                json=body,
                headers={"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE},
                auth=login,
                verify=self.ca_file or True,
                timeout=max(0.001, end - time.monotonic()),
            )
        except requests.RequestException as exc:
            raise RegistryUnavailable(f"schema registry {self.url}: {exc}") from exc
        if response.status_code in accept:
            return None
        return self._answer(response, f"{method} {path}")

    def _answer(self, response: Any, request: str) -> Any:
        where = f"schema registry {self.url}: {request}: {response.status_code}"
        said = response.text.strip()[:300]
        if response.status_code == CONFLICT:
            raise RegistryRefused(f"{where}: the schema is incompatible with earlier ones: {said}")
        if response.status_code >= 500 or response.status_code == 429:
            raise RegistryUnavailable(f"{where}: {said}")
        if not response.ok:
            raise RegistryRefused(f"{where}: {said}")
        try:
            return response.json()
        except ValueError as exc:
            raise RegistryRefused(f"{where}: expected JSON, got {said!r}") from exc


# A schema by its id in a registry.
SchemaOf = Callable[[int], WriterSchema]


def without_registry(schema_id: int) -> WriterSchema:
    """Refuse to give a schema, since no registry is known: raise UnknownSchema."""
    raise UnknownSchema(
        f"the Confluent wire format with schema id {schema_id}: expected --schema-registry-url"
        " or SCHEMA_REGISTRY_URL, to look it up"
    )


def schemas_of(registry: Registry | None) -> SchemaOf:
    """Return what gives a schema by its id, asking the registry for each id once.

    It raises UnknownSchema for an id that the registry lacks, and the registry's own errors;
    without a registry it is `without_registry`.
    """
    if registry is None:
        return without_registry
    known: dict[int, WriterSchema] = {}

    def schema_of(schema_id: int) -> WriterSchema:
        if schema_id not in known:
            schema = registry.schema(schema_id, time.monotonic() + ANSWER_SECONDS)
            if schema is None:
                raise UnknownSchema(
                    f"schema registry {registry.url} has no schema with id {schema_id}"
                )
            known[schema_id] = schema
        return known[schema_id]

    return schema_of


class RegisteredSchema:
    """The ids that our schemas have under a topic's subject, each asked for once."""

    def __init__(self, registry: Registry, topic: str) -> None:
        """Name the subject after the topic (TopicNameStrategy)."""
        self._registry = registry
        self._subject = f"{topic}-value"
        self._ids: dict[bytes, int] = {}

    @classmethod
    def of(cls, config: "AvroKafkaConfig") -> "RegisteredSchema | None":
        """Return the schemas as the settings want them registered, or None without a registry."""
        registry = Registry.of_settings(config)
        return None if registry is None else cls(registry, config.topic)

    def id(self, fingerprint: bytes, end: float) -> int:
        """Return the id of the schema with a fingerprint.

        Asks until `end`, of time.monotonic(), the first time.
        """
        if fingerprint not in self._ids:
            text = schemas.versions()[schemas.version_of(fingerprint)]
            self._ids[fingerprint] = self._registry.id_of(self._subject, text, end)
        return self._ids[fingerprint]
