"""Canonical JSON tells values apart strictly, and for_jsonb knows what jsonb would change."""

import json
import math
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consumer.decode.canonical import (
    canonical_and_stored,
    canonical_json,
    for_jsonb,
    hash_of,
)
from consumer.decode.json_value import LongNumber, json_value
from tests.support.equality import same
from tests.support.json_values import JSON

LONG = st.sampled_from(["-0", "1e400", "1e-400", "0.12345678901234567890", "7" * 5_000]).map(
    LongNumber
)
VALUES = (
    JSON | LONG | st.lists(JSON | LONG) | st.dictionaries(st.text(st.characters()), JSON | LONG)
)
PAIRS = st.tuples(VALUES, VALUES) | VALUES.map(lambda value: (value, value))


def plain_json(value: Any) -> str:
    """Return what the definition says, for a value without LongNumber or lone surrogate."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(PAIRS)
def test_texts_are_equal_where_values_are(pair: tuple[Any, Any]) -> None:
    one, other = pair
    assert (canonical_json(one) == canonical_json(other)) == same(one, other)


@given(VALUES)
def test_the_text_reads_back_as_the_value(value: Any) -> None:
    text = canonical_json(value)
    text.encode()  # lone surrogates would raise
    assert same(json_value(text.encode()), value) or "\\ud" in text


@given(JSON.filter(lambda value: "\\ud" not in json.dumps(value)))
@example([1e16, 1e-5, 9.9e-5, 0.0001, 9999999999999998.0, -0.0, 1e22, 5e-324])
def test_orjson_and_the_json_module_write_the_same(value: Any) -> None:
    assert canonical_json(value) == plain_json(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.00001)
@example(-0.00001)
def test_floats_written_by_orjson_have_one_form(value: float) -> None:
    if value == 0 or 0.0001 <= abs(value) < 1e16:
        assert orjson.dumps(value).decode() == repr(value)
    assert canonical_json(value) == repr(value)
    assert canonical_json([1, {"a": value}]) == f'[1,{{"a":{value!r}}}]'


@given(VALUES)
def test_what_is_called_exact_is_unchanged(value: Any) -> None:
    text, stored, is_exact = canonical_and_stored(value)
    assert text == canonical_json(value)
    assert (stored, is_exact) == for_jsonb(value, text)
    assert is_exact == (stored == text and not _changed_by_jsonb(value))


def _changed_by_jsonb(value: Any) -> bool:
    """Tell whether jsonb shows a number of the value in another way."""
    if isinstance(value, dict):
        return any(map(_changed_by_jsonb, value.values()))
    if isinstance(value, list):
        return any(map(_changed_by_jsonb, value))
    if isinstance(value, LongNumber):
        return value.text in ("-0", "1e400")
    is_float = isinstance(value, float)
    return is_float and (abs(value) >= 1e16 or (value == 0 and math.copysign(1, value) < 0))


@given(VALUES)
def test_jsonb_text_never_has_what_jsonb_refuses(value: Any) -> None:
    stored, _ = for_jsonb(value, canonical_json(value))
    again = json.loads(stored, parse_constant=pytest.fail, parse_int=str, parse_float=str)
    json.dumps(again, ensure_ascii=False).encode()  # lone surrogates would raise
    assert "\x00" not in json.dumps(again, ensure_ascii=False).replace("\\u0000", "\x00") or (
        "\\\\u0000" in stored
    )


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"a": "x\x00y"}, '{"a":"x\ufffdy"}'),
        ({"a\x00": 1}, '{"a\ufffd":1}'),
        (["\ud800"], '["\ufffd"]'),
        ([float("nan"), float("-inf"), None], '["nan","-inf",null]'),
        ([-0.0], "[-0.0]"),
        ([4.1005172498013169e18], "[4.100517249801317e+18]"),
        ([LongNumber("-0")], "[-0]"),
        ([LongNumber("1e400")], "[1e400]"),
        ([LongNumber("1e131072")], '["1e131072"]'),
        ([LongNumber("1e-16384")], '["1e-16384"]'),
        ([LongNumber("1e-99999999999999999999")], '["1e-99999999999999999999"]'),
    ],
)
def test_what_jsonb_cannot_hold_is_said(value: Any, stored: str) -> None:
    assert canonical_and_stored(value)[1:] == (stored, False)


@pytest.mark.parametrize(
    "value",
    ["😀", "\\u0000", "1e+5,", "0.0000", "-0.0", "NaN", "null", 1e-7, 10.0, 10**40]
    + [LongNumber("1e-400"), LongNumber("-12345678901234567.123456789"), LongNumber("9" * 5_000)],
)
def test_what_only_looks_so_is_exact(value: Any) -> None:
    text = canonical_json([value])
    assert canonical_and_stored([value]) == (text, text, True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [1.0, None]}, '{"a":[1.0,null],"b":1}'),
        ({"é": 1, "z": "\x1f/\x7f\u2028", "😀": 2, "\uffff": 3}, None),
        (
            [1e16, 1e-5, -0.0, 2**64, -(2**63) - 1],
            "[1e+16,1e-05,-0.0,18446744073709551616,-9223372036854775809]",
        ),
        ("\ud83d\ude00", '"\\ud83d\\ude00"'),
        ([float("nan"), float("inf"), -float("inf"), None], "[NaN,Infinity,-Infinity,null]"),
        (LongNumber("1E+400"), "1E+400"),
    ],
)
def test_the_form_is_fixed(value: Any, text: str | None) -> None:
    """Hashes of stored events were made from it."""
    assert canonical_json(value) == (text or '{"z":"\\u001f/\x7f\u2028","é":1,"\uffff":3,"😀":2}')


def test_hash_is_the_same_in_every_process() -> None:
    # printf '{"a":[1.0,null],"b":1}' | sha256sum | cut -c1-32
    assert hash_of(canonical_json({"b": 1, "a": [1.0, None]})).hex == (
        "8075c44d7e50dec3f8149d7f772adea8"
    )
    # printf '"é"' | sha256sum | cut -c1-32
    assert hash_of(canonical_json("é")).hex == "f2886017e9c7abacf804b54d64787dce"
