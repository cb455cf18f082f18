"""Reads JSON text without losing a digit: what neither int nor float has exactly keeps its text."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from openlineage_avro.event.depth import MAX_DEPTH, TooDeep, check_depth, may_be_deep

# Every decimal of so many digits comes back from a float as it was.
EXACT_DIGITS = 15
# Python itself refuses to read longer ones (sys.int_info.default_max_str_digits).
MOST_INT_DIGITS = 4_300


class LongNumber(float):
    """A JSON number that neither int nor float has exactly; as a float it is the nearest one.

    It has more digits than a float, is beyond a float's range (inf or 0.0 is the nearest), is an
    integer of more than MOST_INT_DIGITS, or -0.
    """

    text: str  # the number as it was sent

    def __new__(cls, text: str) -> "LongNumber":
        """Take the number as it is written in JSON."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same text: numbers that differ in a late digit differ."""
        return isinstance(other, LongNumber) and self.text == other.text

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> Any:
        return LongNumber, (self.text,)


def _float(text: str) -> float:
    value = float(text)
    if len(text) <= EXACT_DIGITS and "e" not in text and "E" not in text:
        return value
    return value if decimal_of(repr(value)) == decimal_of(text) else LongNumber(text)


def decimal_of(text: str) -> Decimal | None:
    """Return the exact value of a number, or None if its exponent is beyond even a Decimal's."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _int(text: str) -> int | LongNumber:
    return LongNumber(text) if text == "-0" or len(text) > MOST_INT_DIGITS else int(text)


_decoder = json.JSONDecoder(parse_float=_float, parse_int=_int)
_white_space = re.compile(r"[ \t\r\n]*").match


def json_text(value: bytes) -> str:
    """Return JSON text that is in UTF-8, UTF-16 or UTF-32, with byte order mark or none.

    Raises ValueError for bytes that are none of these.
    """
    # Surrogates in UTF-8 are taken for the lone surrogates that somebody meant.
    return value.decode(json.detect_encoding(value), "surrogatepass")


def json_value(value: bytes) -> Any:
    """Return the value of JSON text, encoded as `json_text` takes it.

    Raises ValueError for what is no JSON, TooDeep for what has more levels than an event may.
    """
    text = json_text(value)
    try:
        found = _decoder.decode(text)
    except RecursionError:  # far beyond what is allowed
        raise TooDeep("event") from None
    if may_be_deep(value):
        check_depth(found)
    return found


def json_of(text: str) -> Any:
    """Return the value of JSON text that is known to be an event, or of PostgreSQL's jsonb."""
    return _decoder.decode(text)


def json_items(text: str) -> Iterator[Any]:
    """Yield the items of a JSON array one by one; for one that is too deep a TooDeep.

    Raises ValueError where the text is no array, when it comes to that.
    """
    at = _after(text, "[", 0)
    while not text.startswith("]", at):
        item, at = _item(text, at)
        yield item
        at = _end(text, at)
        if not text.startswith("]", at):
            at = _after(text, ",", at)
            if text.startswith("]", at):
                raise json.JSONDecodeError("Expecting value", text, at)
    end = _after(text, "]", at)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)


def _item(text: str, at: int) -> tuple[Any, int]:
    try:
        found, end = _decoder.raw_decode(text, at)
    except RecursionError:
        raise json.JSONDecodeError("More levels than an event may have", text, at) from None
    if text.count("[", at, end) + text.count("{", at, end) > MAX_DEPTH:
        try:
            check_depth(found)
        except TooDeep as exc:
            return exc, end
    return found, end


def _end(text: str, at: int) -> int:
    """Return the position of what follows white space."""
    found = _white_space(text, at)
    assert found is not None  # it matches nothing, too
    return found.end()


def _after(text: str, sign: str, at: int) -> int:
    """Return the position of what follows a sign, which is there behind white space."""
    at = _end(text, at)
    if not text.startswith(sign, at):
        raise json.JSONDecodeError(f"Expecting {sign!r}", text, at)
    return _end(text, at + 1)
