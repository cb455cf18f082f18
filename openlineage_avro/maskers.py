"""What is known to be secret in this process: Airflow's live maskers, and names of settings."""

from __future__ import annotations

import logging
import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

# Where copies of Airflow's masker live. Each holds the values that were registered through it, and
# in Airflow 3 there are two: of the core and of the task SDK. The last two are those of 3.0 and 2.
MODULES = (
    "airflow._shared.secrets_masker.secrets_masker",
    "airflow.sdk._shared.secrets_masker.secrets_masker",
    "airflow.sdk.execution_time.secrets_masker",
    "airflow.utils.log.secrets_masker",
)
# Parts of names whose values are secret: those of Airflow 3.3 and of 2.11.
PARTS = (
    *("access_key", "access_token", "api_key", "apikey", "auth_header", "authorization", "bearer"),
    *("connection_string", "dsn", "keyfile_dict", "passphrase", "passwd", "password"),
    *("private_key", "proxies", "proxy", "secret", "service_account", "service_key", "token"),
    "webhook_url",
)
REMEMBERED_NAMES = 10_000


class Maskers:
    """Tells which names and texts are secret; asks the maskers that are loaded just now."""

    def __init__(self, more_parts: Iterable[str] = ()) -> None:
        """Add parts of names to those of Airflow's default list."""
        self.parts = tuple(dict.fromkeys((*PARTS, *(part.lower() for part in more_parts))))
        self._names: dict[str, bool] = {}
        self._asked: tuple[Any, ...] = ()

    def refresh(self) -> None:
        """Look for maskers anew: what Airflow knows changes while a task runs."""
        maskers = [(module, made) for module in _loaded() if (made := _masker(module)) is not None]
        self._registered = [
            _Registered.of(made) for _, made in maskers if made.replacer is not None
        ]
        self._hides = [_hides(module, made) for module, made in maskers]
        asked = tuple(
            (id(made), len(getattr(made, "sensitive_variables_fields", ()))) for _, made in maskers
        )
        if asked != self._asked or len(self._names) > REMEMBERED_NAMES:
            self._asked, self._names = asked, {}

    def hides(self, name: str) -> bool:
        """Tell whether the value under a name is secret, by parts of the name."""
        known = self._names.get(name)
        if known is None:
            lowered = str(name).strip().lower()
            known = any(part in lowered for part in self.parts)
            known = known or any(hides(str(name)) for hides in self._hides)
            self._names[name] = known
        return known

    def registered(self, text: str) -> bool:
        """Tell whether a value that was registered with Airflow is in a text."""
        return any(each.is_in(text) for each in self._registered)

    def without_registered(self, text: str, mask: str) -> str:
        """Return a text with each registered value replaced by `mask`."""
        for each in self._registered:
            text = each.replacer.sub(mask, text)
        return text


class _Registered(NamedTuple):
    """A masker's registered values, and its own expression that finds any of them."""

    replacer: Any
    values: tuple[str, ...]

    @classmethod
    def of(cls, masker: Any) -> _Registered:
        return _registered(masker.replacer, frozenset(masker.patterns))

    def is_in(self, text: str) -> bool:
        """Tell whether a text has one of the values, in a tenth of the expression's time."""
        return any(value in text for value in self.values)


@lru_cache(maxsize=8)
def _registered(replacer: Any, patterns: frozenset[str]) -> _Registered:
    values = tuple(re.sub(r"\\(.)", r"\1", pattern, flags=re.DOTALL) for pattern in patterns)
    if not all(replacer.fullmatch(value) for value in values):
        raise ValueError("expected a masker's patterns to be escaped values")
    return _Registered(replacer, values)


def _loaded() -> Iterable[Any]:
    """Return the modules of maskers that somebody has imported; none is imported for this."""
    return [sys.modules[name] for name in MODULES if name in sys.modules]


def _masker(module: Any) -> Any:
    find = vars(module).get("_secrets_masker")
    if find is None:
        return None
    try:
        return find()
    except RuntimeError:
        # Airflow 2's logging can be set up without a masker; then nothing can be registered.
        log.debug("Airflow's logging has no secrets masker")
        return None


def _hides(module: Any, masker: Any) -> Callable[[str], bool]:
    """Return the masker's own question, a method in Airflow 3 and a function in Airflow 2."""
    asked = getattr(masker, "should_hide_value_for_key", None) or module.should_hide_value_for_key
    return lambda name: bool(asked(name))
