"""Equality of JSON values by type and value: 1, 1.0 and true all differ, NaN equals NaN."""

from __future__ import annotations

import struct
from typing import Any

from consumer.decode.json_value import LongNumber


def same(left: Any, right: Any) -> bool:
    """Tells whether two values are the same JSON value, at any depth of nesting."""
    pairs = [(left, right)]
    while pairs:
        a, b = pairs.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, dict):
            if a.keys() != b.keys():
                return False
            pairs.extend((a[key], b[key]) for key in a)
        elif isinstance(a, list):
            if len(a) != len(b):
                return False
            pairs.extend(zip(a, b, strict=True))
        elif isinstance(a, LongNumber):
            if a.text != b.text:
                return False
        elif isinstance(a, float):
            if struct.pack("<d", a) != struct.pack("<d", b) and not (a != a and b != b):
                return False
        elif a != b:
            return False
    return True
