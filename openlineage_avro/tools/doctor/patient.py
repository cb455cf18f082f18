"""What is being examined: the settings that were found, and the connection that is shared."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig

SECRET = re.compile(r"passw|secret|token|credential|private|jaas|proxy|_key", re.IGNORECASE)
SHORTEST_SECRET = 3  # characters; masking less would make the texts unreadable


@dataclass
class Patient:
    """One transport's settings (None until they are found) and what earlier checks learned.

    raw: the settings as they were given. topic: as kafka-python describes it.
    """

    raw: dict[str, Any] = field(default_factory=dict, repr=False)
    settings: AvroKafkaConfig | None = None
    admin: Any = None
    clients: Any = None
    topic: dict[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> AvroKafkaConfig:
        """The settings; only for checks that need the check of the settings."""
        if self.settings is None:
            raise RuntimeError("the settings have not been found")
        return self.settings

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self.clients is not None:
            self.clients.close()

    def hide(self, text: str) -> str:
        """Return `text` without the secrets of the settings."""
        for secret in sorted(self._secrets(), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def _secrets(self) -> set[str]:
        given = dict(self.raw)
        if self.settings is not None:
            names = getattr(self.settings, "__attrs_attrs__", ())
            given |= {each.name: getattr(self.settings, each.name) for each in names}
            given |= self.settings.producer
        return {
            value
            for name, value in given.items()
            if isinstance(value, str) and len(value) >= SHORTEST_SECRET and SECRET.search(name)
            if not value.startswith(("/", "$")) and name != "message_key"
        }


def milliseconds_until(end: float) -> int:
    """Return how many of them are left until `end`, of time.monotonic(); 100 at least."""
    return max(100, int((end - time.monotonic()) * 1000))
