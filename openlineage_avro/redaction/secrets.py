"""A snapshot of what is secret: names whose values are, and values that were told to Airflow.

It is taken anew for each event, since what Airflow knows grows while a task runs, and never
changes. What it is made of is kept from one to the next as long as Airflow knows the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openlineage_avro.airflow.masker import live_maskers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What stands for a secret.
MASK = "***"
# Parts of names whose values are secret: those of Airflow 3.3 and of 2.11.
NAME_PARTS = (
    *("access_key", "access_token", "api_key", "apikey", "auth_header", "authorization", "bearer"),
    *("connection_string", "dsn", "keyfile_dict", "passphrase", "passwd", "password"),
    *("private_key", "proxies", "proxy", "secret", "service_account", "service_key", "token"),
    "webhook_url",
)
REMEMBERED_NAMES = 10_000
LONGEST_WORD = 15  # letters; what is longer is no word but a secret


@dataclass(frozen=True)
class Secrets:
    """What is secret while one event is masked."""

    # In lower case.
    name_parts: tuple[str, ...]
    # Tells whether the value under a name is secret.
    is_secret_name: Callable[[Any], bool]
    registered: tuple[RegisteredValues, ...]

    def are_in(self, text: str) -> bool:
        """Tell whether a registered value is in a text."""
        return any(values.are_in(text) for values in self.registered)

    def masked(self, text: str, *, words: bool = True) -> str:
        """Return a text with each registered value masked; `words`: those that are words, too."""
        for values in self.registered:
            text = values.masked(text, words=words)
        return text


def secrets_now(more_name_parts: Iterable[str] = ()) -> Secrets:
    """Return what is secret now; `more_name_parts` are added to Airflow's."""
    maskers = live_maskers()
    set_up = (part for masker in maskers for part in masker.name_parts)
    name_parts = _lowered((*NAME_PARTS, *more_name_parts, *set_up))
    questions = tuple(masker.is_secret_name for masker in maskers)
    return Secrets(
        name_parts=name_parts,
        is_secret_name=_name_test(name_parts, questions),
        registered=tuple(
            registered_values(masker.expression, masker.patterns)
            for masker in maskers
            if masker.expression is not None
        ),
    )


@lru_cache(maxsize=8)
def _lowered(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip().lower() for part in parts))


@lru_cache(maxsize=8)
def _name_test(
    parts: tuple[str, ...], questions: tuple[Callable[[str], object], ...]
) -> Callable[[Any], bool]:
    """Return what tells by its parts whether a name is secret, else asks; it remembers names."""

    @lru_cache(maxsize=REMEMBERED_NAMES)
    def is_secret(name: Any) -> bool:
        lowered = str(name).strip().lower()
        return any(part in lowered for part in parts) or any(
            question(str(name)) for question in questions
        )

    return is_secret


class RegisteredValues:
    """The values that were registered with one of Airflow's maskers, and its expression."""

    def __init__(self, expression: re.Pattern[str], patterns: Iterable[str]) -> None:
        """Take a masker's expression and its alternatives, each an escaped value."""
        values = [re.sub(r"(?s)\\(.)", r"\1", pattern) for pattern in patterns]
        self._expression = expression
        # The longest first, of which others may be parts.
        self._values = sorted(values, key=len, reverse=True)
        self._no_words = [value for value in self._values if not _is_word(value)]
        # Another thread may have registered them just now: the expression is older than they.
        self._new = [value for value in self._values if not expression.fullmatch(value)]

    def are_in(self, text: str) -> bool:
        """Tell whether a text has one of the values, in a tenth of the expression's time."""
        if any(value in text for value in self._values):
            return True
        return bool(self._new) and self._expression.search(text) is not None

    def masked(self, text: str, *, words: bool) -> str:
        """Return a text with the values masked; without `words` those that are words stay."""
        if words:
            text = self._expression.sub(MASK, text)
        for value in self._new if words else self._no_words:
            text = text.replace(value, MASK)
        return text


registered_values = lru_cache(maxsize=8)(RegisteredValues)


def _is_word(value: str) -> bool:
    return value.isalpha() and len(value) <= LONGEST_WORD
