"""Every command that a page shows would be accepted by the program that it names."""

import argparse
import importlib.util
import re
import shlex

import pytest

from services.state import REPOSITORY
from tests.support import documents
from tests.support.documents import PARSERS, Command

COMMANDS = [command for page in documents.pages() for command in documents.commands(page)]
INLINE = [command for page in documents.pages() for command in documents.inline_commands(page)]
UNITS = [
    (documents.name_of(page), shlex.split(line))
    for page in documents.pages()
    for block in documents.blocks(page.read_text(), "ini")
    for line in re.findall(r"^ExecStart=(.*)$", block, re.MULTILINE)
]
# Programs of others. Those of the quick start and of adopting.md are run, the rest is their own.
OF_OTHERS = {
    *(".", "cat", "cd", "export", "curl", "psql", "kafka-python", "systemctl"),
    *("docker", "npm", "uv", "kcat", "pg_dump", "pg_restore", "createdb", "kubectl", "promtool"),
}
# What stands for something in a sentence: `query QUESTION …`, `drain | spool`.
PLACEHOLDER = re.compile(r"[A-Z_]+$|[^a-z-]")


def of_programs(*names: str) -> list[Command]:
    return [command for command in COMMANDS if command.words[0] in names]


def shown(command: Command) -> str:
    return f"{command.page}: {shlex.join(command.words)}"


def accepted(program: str, words: list[str]) -> str:
    """Return what a program says against its words; nothing where it takes them."""
    try:
        PARSERS[program]().parse_args(words)
    except SystemExit as exc:
        return "" if not exc.code else "refused"
    except argparse.ArgumentTypeError as exc:
        return str(exc)
    return ""


@pytest.mark.parametrize("command", of_programs(*PARSERS), ids=shown)
def test_our_programs_take_it(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    program, *words = command.words
    assert accepted(program, words) == "", capsys.readouterr().err


@pytest.mark.parametrize(("page", "words"), UNITS)
def test_a_unit_starts_what_there_is(page: str, words: list[str]) -> None:
    assert accepted(words[0].rpartition("/")[2], words[1:]) == ""


@pytest.mark.parametrize("command", INLINE, ids=shown)
def test_a_command_in_a_sentence_and_its_options_are_there(command: Command) -> None:
    program, *words = command.words
    parser = PARSERS[program]()
    while words and (known := documents.subcommands(parser)) and not PLACEHOLDER.search(words[0]):
        if words[0].startswith("-"):
            break
        assert words[0] in known
        parser, *words = known[words[0]], *words[1:]
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert options <= documents.options_of(parser)


@pytest.mark.parametrize("command", of_programs("make"), ids=shown)
def test_make_has_the_target(command: Command) -> None:
    targets = re.findall(r"^(\w[\w-]*):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert command.words[1] in targets


@pytest.mark.parametrize("command", of_programs("pip"), ids=shown)
def test_an_extra_is_one_of_ours(command: Command) -> None:
    project = (REPOSITORY / "pyproject.toml").read_text()
    section = project.split("[project.optional-dependencies]")[1].split("\n[")[0]
    extras = set(re.findall(r"^(\w+) = \[", section, re.MULTILINE))
    named = re.findall(r"\[([\w,]+)\]", " ".join(command.words))
    assert {extra for each in named for extra in each.split(",")} <= extras


@pytest.mark.parametrize("command", of_programs("python", "python3", ".venv/bin/python"), ids=shown)
def test_python_finds_what_it_is_to_run(command: Command) -> None:
    _, first, *more = command.words
    if first == "-m":
        assert importlib.util.find_spec(more[0])
    else:
        assert (REPOSITORY / first).is_file()


def test_no_other_program_is_shown() -> None:
    checked = {*PARSERS, "make", "pip", "python", "python3", ".venv/bin/python", *OF_OTHERS}
    others = [each for each in COMMANDS if each.words[0] not in checked]
    assert [shown(each) for each in others if not (REPOSITORY / each.words[0]).is_file()] == []
