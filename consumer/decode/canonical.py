r"""Canonical JSON of a value, its hash, and the nearest JSON that PostgreSQL's jsonb can hold.

Canonical JSON is what Python's json module writes with sorted keys, no white space and text as it
is (in UTF-8 when hashed), but: a surrogate without a partner is escaped as \udXXX, a LongNumber
has the text that was sent. Two values have the same text exactly if they are the same; 1 and 1.0
are not.

orjson writes nearly all of them, ten times as fast. It writes the same where there is one way to
write a value; how it writes very large and very small floats has changed between its versions.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson

from consumer.decode.json_value import LongNumber, decimal_of
from consumer.decode.text import SURROGATE, UNSTORABLE, storable_text

# In the text of every float that has more than one form: below 0.0001, and with an exponent. May
# as well be part of a string. (Patterns that begin with a letter are found ten times as fast as
# those that begin with a choice.)
_TINY = re.compile(r"0\.0000(?<![0-9]0\.0000)")  # not 10:00:00.000000
_EXPONENT = re.compile(r"e[+0-9-][0-9]+(?:[,\]}]|$)")
# What jsonb refuses (NUL) or changes (to 0.0), in a text that orjson has written.
_NUL, _MINUS_ZERO = re.compile(r"\\u0000"), re.compile(r"-0\.0")

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

# What numeric holds (PostgreSQL: "Numeric Types"): digits before and after the decimal point.
MOST_DIGITS_BEFORE, MOST_DIGITS_AFTER = 131_072, 16_383


def canonical_json(value: Any) -> str:
    """Return the canonical JSON of a JSON value; raise RecursionError for hundreds of levels."""
    quick = _by_orjson(value)
    return _by_json(value) if quick is None else quick


def hash_of(text: str) -> UUID:
    """Return the first 16 bytes of the sha256 of a text in UTF-8, as PostgreSQL keeps them."""
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])


def canonical_and_stored(value: Any) -> tuple[str, str, bool]:
    """Return (canonical JSON, what for_jsonb returns for it): the same, mostly without a walk."""
    text = _by_orjson(value)
    if text is None:
        text = _by_json(value)
    elif not _NUL.search(text) and not _MINUS_ZERO.search(text):
        return text, text, True
    return text, *for_jsonb(value, text)


def has_long_number(value: Any) -> bool:
    """Tell whether there is a LongNumber in a value."""
    return _has(value, lambda leaf: isinstance(leaf, LongNumber))


def for_jsonb(value: Any, text: str) -> tuple[str, bool]:
    """Return (JSON text that jsonb takes, whether jsonb gives back exactly the same value).

    `text` is the canonical JSON of `value`. Where the two differ, NUL and lone surrogates have
    become U+FFFD, and NaN, infinities and numbers too long for numeric strings.
    """
    replaced, exact = _replaced(value)
    return (text, True) if exact else (canonical_json(replaced), False)


def _by_orjson(value: Any) -> str | None:
    """Return the canonical JSON, or None where orjson may not write it as it must be."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # a lone surrogate, an int beyond 64 bits, a LongNumber
        return None
    if _TINY.search(text) or _EXPONENT.search(text):
        return None
    # NaN and infinities are null for orjson; nulls are rare in events.
    return None if "null" in text and _has(value, _is_not_finite) else text


def _by_json(value: Any) -> str:
    """Return the canonical JSON of any value, as it is defined above."""
    text = _with_long_numbers(value) if has_long_number(value) else _ENCODER.encode(value)
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _with_long_numbers(value: Any) -> str:
    """Return what the encoder does, and the text of LongNumbers, which it takes for floats."""
    if isinstance(value, LongNumber):
        return value.text
    if isinstance(value, list):
        return f"[{','.join(map(_with_long_numbers, value))}]"
    if isinstance(value, dict):
        names = sorted(value)
        members = (f"{_ENCODER.encode(n)}:{_with_long_numbers(value[n])}" for n in names)
        return f"{{{','.join(members)}}}"
    return _ENCODER.encode(value)


def _has(value: Any, is_wanted: Callable[[Any], bool]) -> bool:
    """Tell whether a value or something in it is a leaf of some kind."""
    if isinstance(value, dict):
        return any(_has(each, is_wanted) for each in value.values())
    if isinstance(value, list):
        return any(_has(each, is_wanted) for each in value)
    return is_wanted(value)


def _is_not_finite(leaf: Any) -> bool:
    return isinstance(leaf, float) and not math.isfinite(leaf)


def _replaced(value: Any) -> tuple[Any, bool]:
    """Return (the nearest value that jsonb can hold, whether jsonb gives back the given one)."""
    if isinstance(value, str):
        return storable_text(value), not UNSTORABLE.search(value)
    if isinstance(value, LongNumber):
        return _replaced_number(value)
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
    return value, not is_minus_zero and abs(value) < 1e16


def _replaced_number(value: LongNumber) -> tuple[Any, bool]:
    number = decimal_of(value.text)
    if number is None or number.adjusted() >= MOST_DIGITS_BEFORE:
        return value.text, False
    digits_after = -int(number.as_tuple().exponent)
    if digits_after > MOST_DIGITS_AFTER:
        return value.text, False
    # jsonb shows what has no digits after the point as an integer, and has no minus zero.
    is_integer = value.text.lstrip("-").isdigit()
    return value, bool(number) and is_integer == (digits_after <= 0)
