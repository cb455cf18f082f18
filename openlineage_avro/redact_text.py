"""Masks secrets inside text: registered values, passwords in URLs, settings written out."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openlineage_avro.maskers import Maskers

MASK = "***"
# `://user:password@`; it begins with fixed characters, so that long text costs little. A password
# may hold @ when somebody has not encoded it.
URL_PASSWORD = re.compile(r"(://[^\s/:@?#\"'<>]*:)[^\s/?#\"'<>]+@")
URL_PARAMETER = re.compile(r"([?&;])([\w.%-]{1,100})=([^&;\s\"'<>]+)")
# 'name': 'value' and "name": 123, as in dicts and JSON written out, and name='value' as in calls
WRITTEN_OUT = re.compile(
    r"(?P<quote>\\?['\"])(?P<key>[\w .-]{1,100})(?P=quote)\s*:\s*"
    r"(?:[bru]?(?P<mark>\\?['\"])(?P<text>(?:(?!(?P=mark))(?:\\.|[^\\]))*)|(?P<number>\d{5,}))"
    r"|(?<!\w)(?P<name>\w{1,100})\s*=\s*"
    r"[bru]?(?P<marked>\\?['\"])(?P<value>(?:(?!(?P=marked))(?:\\.|[^\\]))*)",
    re.DOTALL,
)
# name=value without quotes, as in libpq's messages
BARE = re.compile(r"(?<![\w.?&;-])([\w-]{1,100})=([^\s\"'&,;()\[\]{}<>]+)")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
DEEPEST_ESCAPES = 3
LONGEST_LITERAL = 1_000_000  # characters


class Clues(NamedTuple):
    """What of the things to look for is anywhere in an event; most events have nothing of it."""

    parts: tuple[str, ...]  # of names whose values are secret
    registered: bool

    @classmethod
    def of(cls, texts: list[str], names: set[str], maskers: Maskers) -> Clues:
        """Look through all texts of an event at once, also for what is written with escapes.

        In the names of its members, only registered values are looked for.
        """
        text = "\0".join(texts)
        text = "\0".join((text, *unescaped(text)))
        lowered = text.lower()
        parts = tuple(part for part in maskers.parts if part in lowered)
        found = maskers.registered(text) or maskers.registered("\0".join(map(str, names)))
        return cls(parts, found)


def masked_text(
    text: str, maskers: Maskers, clues: Clues, walk: Callable[[Any], Any], *, code: bool
) -> str:
    """Return a text without secrets; the same object if there are none.

    A dict or list written out, as JSON or as Python, goes through `walk` as a value and is written
    out again if that changed it. In `code`, name=value without quotes is left alone.
    """
    literal = _literal(text, walk)
    if literal is not None:
        text = literal
    text = masked_name(text, maskers, clues)
    if "://" in text:
        text = URL_PARAMETER.sub(lambda found: _parameter(found, maskers), text)
    lowered = text.lower() if clues.parts else ""
    if any(part in lowered for part in clues.parts):
        text = WRITTEN_OUT.sub(lambda found: _written_out(found, maskers), text)
        if not code:
            text = BARE.sub(lambda found: _bare(found, maskers), text)
    return text


def masked_name(text: str, maskers: Maskers, clues: Clues) -> str:
    """Return a text without registered values, escaped ones included, and without URL passwords."""
    if clues.registered:
        text = maskers.without_registered(text, MASK)
        for plain in unescaped(text):
            if maskers.registered(plain):
                text = maskers.without_registered(plain, MASK)
                break
    return URL_PASSWORD.sub(rf"\1{MASK}@", text) if "://" in text else text


def unescaped(text: str) -> Iterator[str]:
    r"""Yield a text with each sign that Python or JSON escaped (\n, \", \u00e4) as the sign itself.

    Then the same of that, as often as one has been written into the other.
    """
    for _ in range(DEEPEST_ESCAPES):
        if "\\" not in text:
            return
        text = ESCAPE.sub(_sign, text)
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
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        masked = walk(value)
        return None if masked == value else str(write(masked))
    return None


def _parameter(found: re.Match[str], maskers: Maskers) -> str:
    return f"{found[1]}{found[2]}={MASK}" if maskers.hides(found[2]) else found[0]


def _written_out(found: re.Match[str], maskers: Maskers) -> str:
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


def _bare(found: re.Match[str], maskers: Maskers) -> str:
    return f"{found[1]}={MASK}" if maskers.hides(found[1]) else found[0]
