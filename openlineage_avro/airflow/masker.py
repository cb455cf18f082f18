"""What is known to be secret in this process: Airflow's live maskers, and names of settings."""

from __future__ import annotations

import logging
import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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
LONGEST_WORD = 15  # letters; what is longer is no word but a secret


class Maskers:
    """Tells which names and texts are secret; asks the maskers that are loaded just now."""

    def __init__(self, more_parts: Iterable[str] = ()) -> None:
        """Add parts of names to those of Airflow's default list."""
        self._own_parts = (*PARTS, *more_parts)
        self._names: dict[Any, bool] = {}
        self._asked: tuple[Any, ...] | None = None

    def refresh(self) -> None:
        """Look for maskers anew: what Airflow knows changes while a task runs."""
        maskers = [(module, made) for module in _loaded() if (made := _masker(module)) is not None]
        self._registered = [
            _registered(made.replacer, frozenset(made.patterns))
            for _, made in maskers
            if made.replacer is not None
        ]
        self._hides = [_hides(module, made) for module, made in maskers]
        parts = tuple(tuple(_parts(module, made)) for module, made in maskers)
        asked = (*(id(made) for _, made in maskers), parts)
        if asked != self._asked or len(self._names) > REMEMBERED_NAMES:
            every = (*self._own_parts, *(part for some in parts for part in some))
            self.parts = tuple(dict.fromkeys(part.strip().lower() for part in every))
            self._asked, self._names = asked, {}

    def hides(self, name: Any) -> bool:
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

    def without_registered(self, text: str, mask: str, *, words: bool = True) -> str:
        """Return a text with each registered value replaced by `mask`; `words`: those that are one
        word of letters, too.
        """
        for each in self._registered:
            text = each.without(text, mask, words=words)
        return text


class _Registered:
    """A masker's registered values, and its own expression that finds any of them."""

    def __init__(self, replacer: Any, patterns: frozenset[str]) -> None:
        """Take a masker's expression and its parts, each an escaped value."""
        values = [re.sub(r"(?s)\\(.)", r"\1", pattern) for pattern in patterns]
        self._replacer = replacer
        # The longest first, of which others may be parts.
        self._values = sorted(values, key=len, reverse=True)
        self._no_words = [value for value in self._values if not _is_word(value)]
        # Another thread may have registered them just now: the expression is older than they.
        self._new = [value for value in self._values if not replacer.fullmatch(value)]

    def is_in(self, text: str) -> bool:
        """Tell whether a text has one of the values, in a tenth of the expression's time."""
        if any(value in text for value in self._values):
            return True
        return bool(self._new) and self._replacer.search(text) is not None

    def without(self, text: str, mask: str, *, words: bool) -> str:
        """Return a text without the values."""
        if words:
            text = self._replacer.sub(mask, text)
        for value in self._new if words else self._no_words:
            text = text.replace(value, mask)
        return text


def _parts(module: Any, masker: Any) -> Iterable[str]:
    """Return the parts of names that Airflow is set up to hide."""
    found = getattr(masker, "sensitive_variables_fields", None)
    if found is None and "get_sensitive_variables_fields" in vars(module):
        found = module.get_sensitive_variables_fields()
    return sorted(found or ())


def _is_word(value: str) -> bool:
    return value.isalpha() and len(value) <= LONGEST_WORD


_registered = lru_cache(maxsize=8)(_Registered)


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
