"""Canonical JSON tells values apart strictly, and for_jsonb knows what jsonb would change."""

import json
from typing import Any

import pytest
from hypothesis import given

from consumer.decode.canonical import canonical_json, for_jsonb, hash_of
from tests.support.equality import same
from tests.support.json_values import JSON


@given(JSON, JSON)
def test_texts_are_equal_where_values_are(one: Any, other: Any) -> None:
    assert (canonical_json(one) == canonical_json(other)) == same(one, other)


@given(JSON)
def test_what_is_called_exact_is_unchanged(value: Any) -> None:
    text = canonical_json(value)
    stored, is_exact = for_jsonb(value, text)
    if is_exact:
        assert stored == text
        assert same(json.loads(stored), value)


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
    assert hash_of(canonical_json({"b": 1, "a": [1.0, None]})).hex == (
        "8075c44d7e50dec3f8149d7f772adea8"
    )
