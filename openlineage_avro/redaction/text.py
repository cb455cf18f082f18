"""Masks secrets inside text: registered values, passwords in URLs, settings written out."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openlineage_avro.redaction.secrets import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openlineage_avro.redaction.secrets import Secrets

# `://user:password@`; it begins with fixed characters, so that long text costs little. A password
# may hold @ when somebody has not encoded it. The other expressions are compiled when needed.
URL_PASSWORD = re.compile(r"(:(?://|\\/\\/)[^\s/:@?#\"'<>]*:)[^\s/?#\"'<>]+@")
URL_STARTS = ("://", ":\\/\\/")  # the second as some write it in JSON
URL_PARAMETER = r"([?&;])([\w.%-]{1,100})=([^&;\s\"'<>]+)"
# 'name': 'value' and "name": 123, as in dicts and JSON written out, and name='value' as in calls
WRITTEN_OUT = (
    r"(?s)"
    r"(?P<quote>\\?['\"])(?P<key>[\w .-]{1,100})(?P=quote)\s*:\s*"
    r"(?:[bBfFrRuU]{0,2}(?P<mark>\\?['\"])(?P<text>(?:(?!(?P=mark))(?:\\.|[^\\]))*)|(?P<number>\d{5,}))"
    r"|(?<!\w)(?P<name>\w{1,100})\s*=\s*"
    r"[bBfFrRuU]{0,2}(?P<marked>\\?['\"])(?P<value>(?:(?!(?P=marked))(?:\\.|[^\\]))*)"
)
# The same where a list or an object follows: 'tokens': ['value'], password=('value',)
NESTED = (
    r"(?:(?P<quote>\\?['\"])(?P<key>[\w .-]{1,100})(?P=quote)\s*:"
    r"|(?<![\w.])(?P<name>[\w.-]{1,100})\s*=)\s*(?=[\[({])"
)
# What is within brackets: texts with quotes around them, brackets, anything else.
BRACKETS = (
    r"(?s)(?P<mark>\\?['\"])(?:(?!(?P=mark))(?:\\.|[^\\]))*(?P=mark)"
    r"|(?P<sign>[\[({\])}])|[^'\"\\\[({\])}]+|."
)
# {"name": "PASSWORD", "value": "value"}, as environment variables are listed
LISTED = (
    r"(?i)(?P<quote>\\?['\"])(?:name|key)(?P=quote)\s*:\s*"
    r"(?P=quote)(?P<key>[\w .-]{1,100})(?P=quote)\s*,\s*(?P=quote)value(?P=quote)\s*:\s*"
    r"(?P=quote)(?P<value>(?:(?!(?P=quote))(?:\\.|[^\\]))+)"
)
# name=value without quotes, as in libpq's messages and options of commands: to the next blank,
# since a password may have any sign
UNQUOTED = (
    r"(?<![\w.?&;-])([\w.-]{1,200})=(?![bBfFrRuU]{1,2}['\"])"
    r"([^\s\"'<>\[({](?:[^\s\"'<>]|[\"'](?![\s,;)\]}]|$))*)"
)
ESCAPE = r"(?s)\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)"
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
DEEPEST_ESCAPES = 3
LONGEST_LITERAL = 1_000_000  # characters


@dataclass(frozen=True)
class Clues:
    """What of the things to look for is anywhere in an event; most events have nothing of it."""

    name_parts: tuple[str, ...]  # those that are in its texts
    registered: bool
    url_passwords: bool
    secret_names: bool

    def __bool__(self) -> bool:
        """Tell whether there may be anything to mask."""
        return bool(self.name_parts) or self.registered or self.url_passwords or self.secret_names


def clues_in(texts: list[str], names: Iterable[Any], secrets: Secrets) -> Clues:
    """Look through all texts of an event at once, also for what is written with escapes.

    `names` are those of its members, in which only registered values are looked for.
    """
    text = "\0".join(texts)
    text = "\0".join((text, *unescaped(text)))
    lowered = text.lower()
    return Clues(
        name_parts=tuple(part for part in secrets.name_parts if part in lowered),
        registered=secrets.are_in(text) or secrets.are_in("\0".join(map(str, names))),
        url_passwords=any(map(has_url_password, (*texts, text))),
        secret_names=any(map(secrets.is_secret_name, names)),
    )


class TextMasker:
    """Masks the texts of one event, looking only for what its clues say is there."""

    def __init__(self, secrets: Secrets, clues: Clues, mask_value: Callable[[Any], Any]) -> None:
        """Take what is secret, where it may be, and what masks a value that was written out."""
        self._secrets, self._clues, self._mask_value = secrets, clues, mask_value

    def masked(self, text: str, *, code: bool = False) -> str:
        """Return a text without secrets; the same object if there are none.

        A dict or list written out, as JSON or as Python, is masked as a value and written out
        again if that changed it. In `code`, name=value without quotes is left alone.
        """
        parts = self._clues.name_parts
        lowered = text.lower() if parts else ""
        named = any(part in lowered for part in parts)
        if (named or "\\" in text) and (literal := self._masked_literal(text)) is not None:
            text = literal
        if self._clues.registered:
            text = self._without_registered(text)
        text = without_url_passwords(text)
        return self._without_named(text, code=code) if named else text

    def masked_identity(self, text: str) -> str:
        """Return what identifies something without URL passwords and registered values.

        Values that are words, such as postgres, stay: masking them would take the same dataset for
        another one, as soon as a task has read a connection with such a password.
        """
        if self._clues.registered:
            text = self._secrets.masked(text, words=False)
        return without_url_passwords(text)

    def _masked_literal(self, text: str) -> str | None:
        """Return a dict or list written out without secrets; None if it is none, or has none."""
        if len(text) > LONGEST_LITERAL or not text.lstrip().startswith(("{", "[", "(")):
            return None
        for read, write in ((json.loads, json.dumps), (ast.literal_eval, repr)):
            try:
                value = read(text)
                masked = self._mask_value(value)
                return None if masked == value else str(write(masked))
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                continue  # too deep, or none: what is written out in it is looked for one by one
        return None

    def _without_registered(self, text: str) -> str:
        """Return a text without registered values, also where they are written with escapes."""
        text = self._secrets.masked(text)
        for plain in unescaped(text):
            if self._secrets.are_in(plain):
                return self._secrets.masked(plain)
        return text

    def _without_named(self, text: str, *, code: bool) -> str:
        """Return a text without the values that it gives to secret names."""
        text = re.sub(URL_PARAMETER, self._masked_parameter, text)
        text = re.sub(WRITTEN_OUT, self._masked_written_out, text)
        text = re.sub(LISTED, self._masked_listed, text)
        text = self._without_nested(text, code=code)
        return text if code else re.sub(UNQUOTED, self._masked_unquoted, text)

    def _masked_parameter(self, found: re.Match[str]) -> str:
        if not self._secrets.is_secret_name(found[2]):
            return found[0]
        return f"{found[1]}{found[2]}={MASK}"

    def _masked_written_out(self, found: re.Match[str]) -> str:
        if not self._secrets.is_secret_name(found["key"] or found["name"]):
            return found[0]
        for group in ("text", "number", "value"):
            if found[group]:
                start = found.start(group) - found.start()
                # A number has no quotes around it, and its place stays one.
                mask = f"'{MASK}'" if group == "number" else MASK
                return found[0][:start] + mask + found[0][start + len(found[group]) :]
        return found[0]

    def _masked_listed(self, found: re.Match[str]) -> str:
        if not self._secrets.is_secret_name(found["key"]):
            return found[0]
        return found[0][: found.start("value") - found.start()] + MASK

    def _without_nested(self, text: str, *, code: bool) -> str:
        """Return a text without the lists and objects that it gives to secret names.

        In code a bracket behind name= may be a query.
        """
        done, at = [], 0
        for found in re.finditer(NESTED, text):
            name = found["key"] or ("" if code else found["name"])
            if found.start() >= at and self._secrets.is_secret_name(name):
                done += [text[at : found.end()], f"'{MASK}'"]
                at = _end_of_brackets(text, found.end())
        return "".join((*done, text[at:]))

    def _masked_unquoted(self, found: re.Match[str]) -> str:
        return f"{found[1]}={MASK}" if self._secrets.is_secret_name(found[1]) else found[0]


def without_url_passwords(text: str) -> str:
    """Return a text in which no URL has a password."""
    return URL_PASSWORD.sub(rf"\1{MASK}@", text) if _has_url(text) else text


def has_url_password(text: str) -> bool:
    """Tell whether a URL with a password is in a text."""
    return _has_url(text) and URL_PASSWORD.search(text) is not None


def _has_url(text: str) -> bool:
    return any(start in text for start in URL_STARTS)


def _end_of_brackets(text: str, start: int) -> int:
    """Return the position behind the bracket that closes the one at `start`; the end without."""
    depth = 0
    for found in re.compile(BRACKETS).finditer(text, start):
        if sign := found["sign"]:
            depth += 1 if sign in "[({" else -1
            if not depth:
                return found.end()
    return len(text)


def unescaped(text: str) -> Iterator[str]:
    r"""Yield a text with each character that Python or JSON escaped (\n, \", \u00e4) as itself.

    Then the same of that, as often as one has been written into the other.
    """
    for _ in range(DEEPEST_ESCAPES):
        if "\\" not in text:
            return
        text = re.sub(ESCAPE, _character, text)
        if SURROGATES.search(text):  # a character beyond U+FFFF is two escapes
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        yield text


def _character(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(code, code)
