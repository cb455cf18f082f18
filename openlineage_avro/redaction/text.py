"""Masks secrets inside text: registered values, passwords in URLs, settings written out."""

from __future__ import annotations

import ast
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openlineage_avro.airflow.masker import Maskers

MASK = "***"
# `://user:password@`; it begins with fixed characters, so that long text costs little. A password
# may hold @ when somebody has not encoded it. The other expressions are compiled when needed.
URL_PASSWORD = re.compile(r"(://[^\s/:@?#\"'<>]*:)[^\s/?#\"'<>]+@")
URL_PARAMETER = r"([?&;])([\w.%-]{1,100})=([^&;\s\"'<>]+)"
# 'name': 'value' and "name": 123, as in dicts and JSON written out, and name='value' as in calls
WRITTEN_OUT = (
    r"(?s)"
    r"(?P<quote>\\?['\"])(?P<key>[\w .-]{1,100})(?P=quote)\s*:\s*"
    r"(?:[bru]?(?P<mark>\\?['\"])(?P<text>(?:(?!(?P=mark))(?:\\.|[^\\]))*)|(?P<number>\d{5,}))"
    r"|(?<!\w)(?P<name>\w{1,100})\s*=\s*"
    r"[bru]?(?P<marked>\\?['\"])(?P<value>(?:(?!(?P=marked))(?:\\.|[^\\]))*)"
)
# name=value without quotes, as in libpq's messages
BARE = r"(?<![\w.?&;-])([\w-]{1,100})=([^\s\"'&,;()\[\]{}<>]+)"
ESCAPE = r"(?s)\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)"
DEEPEST_ESCAPES = 3
LONGEST_LITERAL = 1_000_000  # characters


class Clues:
    """What of the things to look for is anywhere in an event; most events have nothing of it."""

    def __init__(self, texts: list[str], names: set[Any], maskers: Maskers) -> None:
        """Look through all texts of an event at once, also for what is written with escapes.

        In the names of its members, only registered values are looked for.
        """
        text = "\0".join(texts)
        text = "\0".join((text, *unescaped(text)))
        lowered = text.lower()
        self.parts = tuple(part for part in maskers.parts if part in lowered)
        self.registered = maskers.registered(text) or maskers.registered("\0".join(map(str, names)))
        self.url = any("://" in each and URL_PASSWORD.search(each) for each in texts)
        self.named = any(map(maskers.hides, names))

    def __bool__(self) -> bool:
        """Tell whether there may be anything to mask."""
        return self.registered or self.url or self.named or bool(self.parts)


def masked_text(
    text: str, maskers: Maskers, clues: Clues, walk: Callable[[Any], Any], *, code: bool
) -> str:
    """Return a text without secrets; the same object if there are none.

    A dict or list written out, as JSON or as Python, goes through `walk` as a value and is written
    out again if that changed it. In `code`, name=value without quotes is left alone.
    """
    lowered = text.lower() if clues.parts else ""
    named = any(part in lowered for part in clues.parts)
    if (named or "\\" in text) and (literal := _literal(text, walk)) is not None:
        text = literal
    if clues.registered:
        text = _without_registered(text, maskers)
    text = without_url_passwords(text)
    if named:
        for pattern, change in ((URL_PARAMETER, _parameter), (WRITTEN_OUT, _written_out)):
            text = re.sub(pattern, partial(change, maskers), text)
        if not code:
            text = re.sub(BARE, partial(_bare, maskers), text)
    return text


def masked_name(text: str, maskers: Maskers, clues: Clues) -> str:
    """Return what identifies something without URL passwords and registered values.

    Values that are words, such as postgres, stay: masking them would take the same dataset for
    another one, as soon as a task has read a connection with such a password.
    """
    if clues.registered:
        text = maskers.without_registered(text, MASK, words=False)
    return without_url_passwords(text)


def without_url_passwords(text: str) -> str:
    """Return a text in which no URL has a password."""
    return URL_PASSWORD.sub(rf"\1{MASK}@", text) if "://" in text else text


def _without_registered(text: str, maskers: Maskers) -> str:
    """Return a text without registered values, also where they are written with escapes."""
    text = maskers.without_registered(text, MASK)
    for plain in unescaped(text):
        if maskers.registered(plain):
            return maskers.without_registered(plain, MASK)
    return text


def unescaped(text: str) -> Iterator[str]:
    r"""Yield a text with each sign that Python or JSON escaped (\n, \", \u00e4) as the sign itself.

    Then the same of that, as often as one has been written into the other.
    """
    for _ in range(DEEPEST_ESCAPES):
        if "\\" not in text:
            return
        text = re.sub(ESCAPE, _sign, text)
        yield text


def _sign(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(code, code)


def _literal(text: str, walk: Callable[[Any], Any]) -> str | None:
    """Return a dict or list written out without secrets; None if it has none, or is no literal."""
    if len(text) > LONGEST_LITERAL or not text.lstrip().startswith(("{", "[", "(")):
        return None
    for read, write in ((json.loads, json.dumps), (ast.literal_eval, repr)):
        try:
            value = read(text)
            masked = walk(value)
            return None if masked == value else str(write(masked))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue  # too deep, or none: what is written out in it is looked for one by one
    return None


def _parameter(maskers: Maskers, found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}={MASK}" if maskers.hides(found[2]) else found[0]


def _written_out(maskers: Maskers, found: re.Match[str]) -> str:
    name = found["key"] or found["name"]
    if not maskers.hides(name):
        return found[0]
    for group in ("text", "number", "value"):
        if found[group]:
            start = found.start(group) - found.start()
            # A number has no quotes around it, and its place stays one.
            mask = f"'{MASK}'" if group == "number" else MASK
            return found[0][:start] + mask + found[0][start + len(found[group]) :]
    return found[0]


def _bare(maskers: Maskers, found: re.Match[str]) -> str:
    return f"{found[1]}={MASK}" if maskers.hides(found[1]) else found[0]
