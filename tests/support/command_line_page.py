"""docs/command-line.md, made of the parsers of our programs."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tests.support.documents import PARSERS, subcommands

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """# Command line

Made of the programs' own parsers by `UPDATE_DOCS=1 .venv/bin/python -m pytest
tests/unit/project/test_command_line_docs.py`; a test tells where it is old. `--help` of each
command says the same. What a command is for is told in [Operating](operating.md),
[Troubleshooting](troubleshooting.md) and [Configuration](configuration.md).
"""
SHARED = "options-that-several-commands-share"
MANY = 3  # commands from which on an option is described once for all


class Option(NamedTuple):
    """An option or argument as the page shows it."""

    name: str
    meaning: str


class Shown(NamedTuple):
    """A command with its words, what it is for, and its options."""

    words: str
    meaning: str
    options: list[Option]


def page() -> str:
    """Return the whole page."""
    found = [each for program, make in PARSERS.items() for each in walk(program, "", make())]
    # `query upstream` and `query impact` are one: their options stay with them.
    known = {(first_words(each), option) for each in found for option in each.options}
    counts = Counter(option for _, option in known)
    shared = {option for option, count in counts.items() if count >= MANY}
    lines = [HEAD]
    for program in PARSERS:
        lines.append(f"## {program}\n")
        own = [each for each in found if each.words.split()[0] == program]
        for command in own:
            lines += section(command, shared)
    lines.append("## Options that several commands share\n")
    lines += table(sorted(shared))
    return "\n".join(lines).rstrip() + "\n"


def first_words(command: Shown) -> str:
    """Return the program and its command, without what that has below it."""
    return " ".join(command.words.split()[:2])


def walk(words: str, meaning: str, parser: argparse.ArgumentParser) -> Iterator[Shown]:
    """Yield the commands of a parser that have none below them."""
    nested = subcommands(parser)
    if not nested:
        yield Shown(words, meaning, list(options_of(parser)))
    helps = {
        choice.dest: choice.help
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for choice in action._choices_actions
    }
    for name, each in nested.items():
        yield from walk(f"{words} {name}", helps.get(name) or "", each)


def options_of(parser: argparse.ArgumentParser) -> Iterator[Option]:
    """Yield a command's arguments and options, but for --help."""
    formatter = argparse.HelpFormatter(parser.prog)
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        value = formatter._format_args(action, formatter._get_default_metavar_for_optional(action))
        if not action.option_strings:
            value = formatter._format_args(
                action, formatter._get_default_metavar_for_positional(action)
            )
        names = ", ".join(action.option_strings)
        yield Option(f"{names} {value}".strip(), formatter._expand_help(action))


def section(command: Shown, shared: set[Option]) -> list[str]:
    """Return the lines about a command."""
    own = [each for each in command.options if each not in shared]
    others = [each.name.split()[0] for each in command.options if each in shared]
    lines = [f"### {command.words}\n", f"{command.meaning[:1].upper()}{command.meaning[1:]}.\n"]
    if own:
        lines += table(own)
    if others:
        names = ", ".join(f"`{name}`" for name in others)
        lines.append(f"[Shared](#{SHARED}): {names}.\n")
    return lines


def table(options: list[Option]) -> list[str]:
    """Return the lines of a table of options."""
    rows = [f"| `{escaped(name)}` | {escaped(meaning)} |" for name, meaning in options]
    return ["| option | meaning |", "|---|---|", *rows, ""]


def escaped(text: str) -> str:
    """Return a text that a table's cell can hold."""
    return text.replace("|", r"\|").replace("<", "&lt;")
