"""JSON text of values that have no typed place in a record, at any depth of nesting.

The standard library's own functions do the work; only values nested deeper than Python's
recursion limit take the slower functions here that keep their own stack.
"""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from openlineage_avro.event.plain import json_form

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=json_form)
_ascii = json.JSONEncoder(separators=(",", ":"), default=json_form)
_decoder = json.JSONDecoder()


def dumps(value: Any) -> str:
    """Returns compact JSON text; what JSON does not know is written as OpenLineage's Serde does.

    Raises ValueError if the value contains itself.
    """
    try:
        return _compact.encode(value)
    except RecursionError:
        return _dumps_deep(value, _compact)
    except TypeError:
        return _dumps_deep(value, _compact)  # a key that JSON has no text for


def dumps_ascii(value: Any) -> str:
    """Returns JSON text in ASCII, which holds even text that has no UTF-8: lone surrogates."""
    try:
        return _ascii.encode(value)
    except (RecursionError, TypeError):
        return _dumps_deep(value, _ascii)


def loads(text: str) -> Any:
    """Returns the value of JSON text, or raises ValueError."""
    try:
        return _decoder.decode(text)
    except RecursionError:
        return _loads_deep(text)


def key_text(key: Any) -> str:
    """Returns the text that JSON gives to a member's name that is not a string."""
    if isinstance(key, str):
        return str(key)
    if key is None or isinstance(key, (bool, int, float)):
        return json.dumps(key)
    return str(key)


def _dumps_deep(value: Any, encoder: json.JSONEncoder) -> str:
    out: list[str] = []
    # each entry is either text to write or a value to expand
    stack: list[tuple[bool, Any]] = [(False, value)]
    while stack:
        is_text, item = stack.pop()
        if is_text:
            out.append(item)
        elif isinstance(item, dict):
            stack.append((True, "}"))
            for position, (key, member) in enumerate(reversed(item.items())):
                comma = "," if position < len(item) - 1 else ""
                stack.append((False, member))
                stack.append((True, f"{comma}{encoder.encode(key_text(key))}:"))
            out.append("{")
        elif isinstance(item, (list, tuple)):
            stack.append((True, "]"))
            for position in range(len(item) - 1, -1, -1):
                stack.append((False, item[position]))
                if position:
                    stack.append((True, ","))
            out.append("[")
        elif item is None or isinstance(item, (str, int, float)):
            out.append(encoder.encode(item))
        else:
            stack.append((False, json_form(item)))
    return "".join(out)


_TOKEN = re.compile(r'[ \t\r\n]*(?:([{}\[\],:])|(")|([^ \t\r\n{}\[\],:"]+))')


def _tokens(text: str) -> list[tuple[str, Any]]:
    tokens: list[tuple[str, Any]] = []
    position, end = 0, len(text.rstrip(" \t\r\n"))
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"expected JSON, got {text[position : position + 10]!r}")
        position = match.end()
        if match[1]:
            tokens.append((match[1], None))
        elif match[2]:
            string, position = scanstring(text, position, True)
            tokens.append(("value", string))
        else:
            tokens.append(("value", _decoder.decode(match[3])))
    return tokens


def _loads_deep(text: str) -> Any:
    """Returns the value of JSON text that json.loads finds nested too deeply."""
    root: list[Any] = []
    open_values: list[Any] = [root]
    keys: list[Any] = []
    key: Any = None
    tokens = _tokens(text)
    for position, (kind, value) in enumerate(tokens):
        inside = open_values[-1]
        if kind in ",:":
            continue
        if kind in "}]":
            open_values.pop()
            key = keys.pop()
            continue
        if kind == "value" and isinstance(inside, dict) and tokens[position + 1][0] == ":":
            key = value
            continue
        made: Any = {"{": {}, "[": []}.get(kind, value)
        if isinstance(inside, dict):
            inside[key] = made
        else:
            inside.append(made)
        if kind in "{[":
            open_values.append(made)
            keys.append(key)
    if len(root) != 1 or len(open_values) != 1:
        raise ValueError("expected one JSON value")
    return root[0]
