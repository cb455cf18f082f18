"""Canonical JSON of a value, its hash, and the nearest JSON that PostgreSQL's jsonb can hold."""

import hashlib
import json
import math
from typing import Any
from uuid import UUID

from consumer.decode.text import UNSTORABLE, storable_text

# Found in the text of every value that jsonb would change: escapes of NUL and surrogates; numbers
# that its numeric changes (1e+16 comes back as an integer, -0.0 as 0.0) or does not know. They
# may as well be part of a string; `_replaced` decides.
_SUSPECT = ("\\u0000", "\\ud", "e+", "-0.0", "NaN", "Infinity")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def canonical_json(value: Any) -> str:
    """Return a JSON value as text: keys sorted, no white space, ASCII; 1 and 1.0 differ.

    Raises RecursionError or ValueError where Python cannot write it (depth, digits).
    """
    return _ENCODER.encode(value)


def hash_of(text: str) -> UUID:
    """Return the first 16 bytes of the sha256 of a canonical text, as PostgreSQL keeps them."""
    return UUID(bytes=hashlib.sha256(text.encode("ascii")).digest()[:16])


def for_jsonb(value: Any, text: str) -> tuple[str, bool]:
    """Return (JSON text that jsonb takes, whether jsonb gives back exactly the same value).

    `text` is the canonical JSON of `value`. Where the two differ, NUL and lone surrogates have
    become U+FFFD and NaN and infinities strings.
    """
    if not any(suspect in text for suspect in _SUSPECT):
        return text, True
    replaced, exact = _replaced(value)
    return (text, True) if exact else (canonical_json(replaced), False)


def _replaced(value: Any) -> tuple[Any, bool]:
    if isinstance(value, str):
        return storable_text(value), not UNSTORABLE.search(value)
    if isinstance(value, float):
        return _replaced_float(value)
    if isinstance(value, dict):
        items = [(storable_text(key), *_replaced(each)) for key, each in value.items()]
        exact = all(each[2] for each in items) and not any(map(UNSTORABLE.search, value))
        return {key: each for key, each, _ in items}, exact
    if isinstance(value, list):
        parts = [_replaced(each) for each in value]
        return [each for each, _ in parts], all(exact for _, exact in parts)
    return value, True


def _replaced_float(value: float) -> tuple[Any, bool]:
    if not math.isfinite(value):
        return str(value), False
    is_minus_zero = value == 0 and math.copysign(1, value) < 0
    return value, not is_minus_zero and "e+" not in repr(value)
