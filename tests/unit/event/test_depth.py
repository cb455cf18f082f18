"""Whether JSON text may be too deep is told from its brackets, and never wrongly denied."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openlineage_avro.event.depth import MAX_DEPTH, is_too_deep, may_be_deep


def _nested(levels: int, innermost: Any) -> Any:
    for _ in range(levels):
        innermost = [innermost]
    return innermost


@given(st.integers(0, 3), st.sampled_from([[], {}, 1, "[]", {"a": {}}]), st.integers(0, 300))
def test_what_is_too_deep_may_be(more: int, innermost: Any, empty: int) -> None:
    value = {"a": [{}] * empty, "b": _nested(MAX_DEPTH - 3 + more, innermost)}
    text = json.dumps(value, separators=(",", ":")).encode()
    assert may_be_deep(text) or not is_too_deep(value)


@pytest.mark.parametrize("empty", [b"{}", b"[]"])
def test_empty_ones_beside_each_other_are_no_levels(empty: bytes) -> None:
    many = b"[" + b",".join([empty] * 1_000) + b"]"
    assert not may_be_deep(many)
    assert may_be_deep(many, MAX_DEPTH - 1)
