"""Each message in docs/troubleshooting.md is one that the programs, or what they stand on, say."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from services.state import REPOSITORY

PAGE = REPOSITORY / "docs" / "troubleshooting.md"
OURS = ("openlineage_avro", "consumer", "lakehouse", "plugins", "services", "demo", "benchmarks")
TEXTS = ("consumer/sql/**/*.sql", "web/src/**/*.ts", "web/src/**/*.tsx", "web/build.py", "Makefile")
# Said by what the programs stand on.
OF_OTHERS = {
    *("disk I/O error", "readonly database", "unable to open database file"),  # SQLite
    *("database is locked", "not a database"),  # SQLite
    *("permission denied for function", "permission denied for schema lineage"),  # PostgreSQL
    *("argument --format", "argument --since", "argument --depth", "invalid choice"),  # argparse
    *("No module named", "Unable to bootstrap"),  # Python, kafka-python
    "Error processing custom facet function openlineage_avro.facets.pipeline_run_id",  # Airflow
    *("invalid peer certificate", "make install"),  # uv, make
    *("offset was changed", "Some data may have been lost", "Failed to find data source"),  # Spark
}
# What the programs put together, and of which texts.
COMPOSED = {
    "expected environment variable NAME, it is not set": ("expected environment", "it is not set"),
    "expected {{ conn.<id>.<attribute> }}": ("conn.<id>.<attribute>",),
    "expected a transport of type openlineage_avro.AvroKafkaTransport": (
        "expected a transport of type",
    ),
    "expected a YAML file with a transport": ("a YAML file", "with a transport"),
    "expected a connection whose extra is JSON": ("a connection whose extra is JSON",),
    "there is no dataset or job": ("there is no", "dataset or job"),
    "there is no dataset": ("there is no",),
}
ROW = re.compile(r"^\| (.*?) \| ", re.MULTILINE)
MESSAGE = re.compile(r"`([^`]+)`")
# Stands for what differs from case to case, here and in the page.
ANY = "…"
# Between parts of a message that different functions may have put together.
SEAMS = re.compile(r"…|: |, got\b|; |\b\d+\b|[A-Z]+:[A-Z]+")
# How logging, SQL and shells say that a value is put in.
PUT_IN = re.compile(r"%\(\w+\)\w|%[sdr%]|(?<!\{)\$?\{[^{}\"]*\}|\$\(\w+\)")
MOST = 0.5
SHORTEST = 6  # letters of a piece from which on it says something


def messages() -> list[str]:
    """Return the messages that the page's tables are about."""
    rows = [row for row in ROW.findall(PAGE.read_text()) if row not in ("message", "check")]
    return [message for row in rows for message in MESSAGE.findall(row)]


def pieces(message: str) -> list[str]:
    """Return what stands fast in a message, between what differs from case to case."""
    found = [piece.strip(" .,;:()[]'\"") for piece in SEAMS.split(message)]
    # A single word is the name of a setting or of an exception.
    found = [piece for piece in found if " " in piece]
    return [piece for piece in found if len(re.sub(r"[^A-Za-z]", "", piece)) >= SHORTEST]


@cache
def said() -> list[str]:
    """Return all texts of the programs, with ANY where values are put in."""
    texts = [text for folder in OURS for file in folder_of(folder) for text in texts_of(file)]
    for glob in TEXTS:
        for file in REPOSITORY.glob(glob):
            # Literals that stand one after the other are one text; quotes in SQL are doubled.
            whole = re.sub(r"'\s*\|\|\s*'|'\n\s*'", "", file.read_text()).replace("''", "'")
            texts += whole.splitlines()
    return [PUT_IN.sub(ANY, text).replace("`", "") for text in texts]


def is_said(piece: str) -> bool:
    """Tell whether a text has the piece, or most of its letters where a value is put in."""
    if piece in OF_OTHERS:
        return True
    if piece in COMPOSED:
        return all(any(part in text for text in said()) for part in COMPOSED[piece])
    needed = MOST * len(piece)
    return any(
        piece in text
        or (ANY in text and needed <= sum(len(part) for part in fixed(text) if part in piece))
        for text in said()
    )


def fixed(text: str) -> list[str]:
    return [part for each in text.split(ANY) if len(part := each.strip()) >= SHORTEST]


def folder_of(name: str) -> list[Path]:
    return sorted((REPOSITORY / name).rglob("*.py"))


def texts_of(file: Path) -> Iterator[str]:
    """Yield the texts in a module."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else ANY for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("message", messages())
def test_a_message_is_one_that_is_said(message: str) -> None:
    assert [piece for piece in pieces(message) if not is_said(piece)] == []


def test_no_exception_is_left_over() -> None:
    shown = {piece for message in messages() for piece in pieces(message)}
    assert {*OF_OTHERS, *COMPOSED} - shown == set()


def test_there_are_messages_with_something_in_them() -> None:
    assert sum(1 for message in messages() if pieces(message)) > 100
