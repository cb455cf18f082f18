"""Canonical JSON tells values apart strictly, and for_jsonb knows what jsonb would change."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumer.decode.canonical import canonical_json, for_jsonb, hash_of

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\x00", "\ud800", "\udfff\ud800", "e+1", "-0.0", "NaN", "\\u0000", "😀"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def strictly_equal(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are the same, 1 and 1.0 and true and -0.0 told apart."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(strictly_equal(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(strictly_equal, one, other))
    if isinstance(one, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


@given(JSON, JSON)
def test_texts_are_equal_where_values_are(one: Any, other: Any) -> None:
    assert (canonical_json(one) == canonical_json(other)) == strictly_equal(one, other)


@given(JSON)
def test_what_is_called_exact_is_unchanged(value: Any) -> None:
    text = canonical_json(value)
    stored, is_exact = for_jsonb(value, text)
    if is_exact:
        assert stored == text
        assert strictly_equal(json.loads(stored), value)


@given(JSON)
def test_jsonb_text_never_has_what_jsonb_refuses(value: Any) -> None:
    stored, _ = for_jsonb(value, canonical_json(value))
    again = json.loads(stored, parse_constant=pytest.fail)
    json.dumps(again, ensure_ascii=False).encode()  # lone surrogates would raise
    assert "\x00" not in json.dumps(again, ensure_ascii=False).replace("\\u0000", "\x00") or (
        "\\\\u0000" in stored
    )


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"a": "x\x00y"}, '{"a":"x\\ufffdy"}'),
        ({"a\x00": 1}, '{"a\\ufffd":1}'),
        (["\ud800"], '["\\ufffd"]'),
        ([float("nan"), float("-inf")], '["nan","-inf"]'),
        ([-0.0], "[-0.0]"),
        ([4.1005172498013169e18], "[4.100517249801317e+18]"),
    ],
)
def test_what_jsonb_cannot_hold_is_said(value: Any, stored: str) -> None:
    assert for_jsonb(value, canonical_json(value)) == (stored, False)


@pytest.mark.parametrize("value", ["😀", "\\u0000", "1e+5", "-0.0", "NaN", 1e-7, 10.0, 10**40])
def test_what_only_looks_so_is_exact(value: Any) -> None:
    text = canonical_json([value])
    assert for_jsonb([value], text) == (text, True)


def test_hash_is_the_same_in_every_process() -> None:
    # printf '{"a":[1.0,null],"b":1}' | sha256sum | cut -c1-32
    assert hash_of(canonical_json({"b": 1, "a": [1.0, None]})) == "8075c44d7e50dec3f8149d7f772adea8"
