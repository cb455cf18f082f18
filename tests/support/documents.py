"""The repository's pages: their code, the commands in it, and the parsers of our two programs."""

from __future__ import annotations

import argparse
import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from consumer.cli.main import parser as consumer_parser
from openlineage_avro.tools.cli import parser as library_parser
from services.state import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARSERS = {
    "openlineage-avro": library_parser,
    "openlineage-avro-consumer": consumer_parser,
}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE_DOCUMENT = re.compile(r"<<'?(\w+)'?\n.*?^\1$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
SETTING = re.compile(r"[A-Z_][A-Z0-9_]*=")


class Command(NamedTuple):
    """A command of a page: the program with its words, after redirections and variables."""

    page: str
    words: list[str]


def pages() -> list[Path]:
    """Return every page that people read, at its place in the repository."""
    found = [
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("docs/*.md"),
        REPOSITORY / "schemas/README.md",
    ]
    return sorted(found)


def name_of(page: Path) -> str:
    """Return a page's path within the repository."""
    return str(page.relative_to(REPOSITORY))


def blocks(text: str, *languages: str) -> list[str]:
    """Return the blocks of code that are of these languages."""
    return [block for language, block in BLOCK.findall(text) if language in languages]


def commands(page: Path) -> Iterator[Command]:
    """Yield the commands in a page's shell blocks."""
    for language, block in BLOCK.findall(page.read_text()):
        typed = [block] if language == "sh" else []
        if language == "console":
            typed = re.findall(r"^\$ (.*)$", block, re.MULTILINE)
        for text in typed:
            yield from (Command(name_of(page), words) for words in split(text))


def split(script: str) -> Iterator[list[str]]:
    """Yield the words of each command of a script."""
    script = HERE_DOCUMENT.sub("", script).replace("\\\n", " ")
    for line in script.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if word in (";", "&&", "||", "|", "&"):
                if words:
                    yield words
                words = []
            elif words or not SETTING.match(word):
                words.append(word)


def inline_commands(page: Path) -> Iterator[Command]:
    """Yield the commands of our programs that stand in a page's sentences, often not whole."""
    prose = BLOCK.sub("", page.read_text())
    for text in INLINE.findall(prose):
        words = text.split()
        while words and SETTING.match(words[0]):
            words = words[1:]
        if words and words[0] in PARSERS:
            yield Command(name_of(page), words)


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of the commands that a parser has, by their names."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return all names of a parser's options."""
    return {name for action in parser._actions for name in action.option_strings}
