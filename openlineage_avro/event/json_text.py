"""JSON text of values that have no typed place in a record."""

from __future__ import annotations

import json
from typing import Any

from openlineage_avro.event.plain import NON_SERIALIZABLE, json_form

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=json_form)
_ascii = json.JSONEncoder(separators=(",", ":"), default=json_form)

# Raises ValueError for what is no JSON, RecursionError for what is nested far too deeply.
loads = json.JSONDecoder().decode


def dumps(value: Any) -> str:
    """Return compact JSON text; what JSON does not know is written as OpenLineage's Serde does.

    Raises ValueError or RecursionError if the value contains itself.
    """
    return _text(_compact, value)


def dumps_ascii(value: Any) -> str:
    """Return JSON text in ASCII, which holds even text that has no UTF-8: lone surrogates."""
    return _text(_ascii, value)


def compact_size(value: Any) -> int:
    """Return the bytes of a value as JSON text without white space."""
    return len(dumps(value).encode("utf-8", "replace"))


def sent_size(event: dict[str, Any]) -> tuple[int, list[str]]:
    """Return the bytes an event has as OpenLineage's own transports write it.

    Then the types of the values that JSON does not know, for which they write a marker.
    """
    replaced: list[str] = []

    def form(value: Any) -> Any:
        made = json_form(value)
        if isinstance(made, str) and made.startswith(NON_SERIALIZABLE):
            replaced.append(type(value).__qualname__)
        return made

    return len(_text(json.JSONEncoder(default=form), event)), replaced


def key_text(key: Any) -> str:
    """Return the text that JSON gives to a member's name that is not a string."""
    if isinstance(key, str):
        return str(key)
    if key is None or isinstance(key, (bool, int, float)):
        return json.dumps(key)
    return str(key)


def _text(encoder: json.JSONEncoder, value: Any) -> str:
    try:
        return encoder.encode(value)
    except TypeError:  # a member's name for which JSON has no text
        return encoder.encode(_with_text_keys(value))


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key_text(key): _with_text_keys(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_text_keys(member) for member in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    return _with_text_keys(json_form(value))
