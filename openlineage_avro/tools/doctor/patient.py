"""What is being examined: the settings that were found, and the connection that is shared."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

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
    topic: dict[str, Any] = field(default_factory=dict)
    _opened: ExitStack = field(default_factory=ExitStack, repr=False)

    @property
    def config(self) -> AvroKafkaConfig:
        """The settings; only for checks that need the check of the settings."""
        if self.settings is None:
            raise RuntimeError("the settings have not been found")
        return self.settings

    def close(self) -> None:
        """Close what the checks have opened."""
        self._opened.close()

    def enter(self, context: AbstractContextManager[Any]) -> Any:
        """Enter a context that is left when the patient is closed; return what it gives."""
        return self._opened.enter_context(context)

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
