"""`query` asks everything of a real store with DATABASE_URL alone, also as lineage_reader."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from consumer.query.questions import QUESTIONS
from consumer.store.store import Store
from tests.integration.consumer.sql.test_questions import dag, task
from tests.integration.consumer.sql.test_statements import dataset, run
from tests.integration.consumer.store.test_roles import grant_reader, role, url_as
from tests.support.storing import command, put

__all__ = ["role"]


@pytest.fixture
def filled(store: Store, store_url: str) -> str:
    """Return the DSN of a store with a chain of two jobs, columns, and a DAG run."""
    columns = {"fields": {"y": {"inputFields": [{"namespace": "data", "name": "a", "field": "x"}]}}}
    output = dataset("b", columnLineage=columns, schema={"fields": [{"name": "y", "type": "int"}]})
    events = [
        run("one", ["a"], [output], 1, run_id="run 1"),
        run("two", ["b"], ["c", "lake:c"], 2, run_id="run 2"),
        *dag({"t": []}),
        *task("t", 3, 5),
    ]
    put(store, events)
    return store_url


def ask(url: str, *arguments: str) -> str:
    """Return what `query` prints."""
    done = command("query", *arguments, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(url: str, *arguments: str) -> str:
    """Return the one line with which `query` refuses."""
    done = command("query", *arguments, DATABASE_URL=url)
    assert done.returncode == 1
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    return done.stderr


# The arguments of each question, and a part of its answer as a table.
ASKED: dict[str, tuple[list[str], str]] = {
    "upstream": (["b"], "1     | job     | jobs      | one"),
    "downstream": (["one", "--job"], "1     | dataset | data      | b"),
    "columns": (["b", "y"], "1     | data      | a    | x"),
    "impact": (["b"], "1     | job     | jobs      | two"),
    "path": (["a", "two"], "3     | job     | jobs      | two"),
    "runs-upstream": (["run 2"], "1     | run 1"),
    "runs-downstream": (["run 1"], "1     | run 2"),
    "timeline": (["night"], "run of t | jobs          | dag.t"),
    "critical-path": (["dag run"], "t       |"),
    "compare": (["run 1", "run 2"], "input data:a"),
    "schema-changes": (["b"], "2026-03-01 00:01:00+00:00 | added  | y     |             | int"),
    "names": (["b"], "data      | b    | True"),
    "search": (["one"], "job  | jobs            | one"),
}


def test_every_question_is_asked() -> None:
    assert list(ASKED) == list(QUESTIONS)


def test_a_reader_asks_everything_in_every_format(filled: str, role: str) -> None:
    grant_reader(filled, role)
    reader = url_as(role, filled)
    for question, (arguments, part) in ASKED.items():
        assert part in ask(reader, question, *arguments, "--format", "table")
        assert ask(reader, question, *arguments)
    answer: list[dict[str, Any]] = json.loads(ask(reader, "upstream", "b", "--format", "json"))
    assert [(each["depth"], each["name"]) for each in answer] == [(1, "one"), (2, "a")]
    assert "n1 --> n0" in ask(reader, "upstream", "b", "--format", "mermaid")
    assert "n0 -> n1" in ask(reader, "timeline", "night", "--format", "dot")


def test_options_narrow_the_answer(filled: str) -> None:
    assert ask(filled, "upstream", "b", "--depth", "1").splitlines() == [
        "dataset:data:b",
        "└── one  (job, jobs, output)",
    ]
    assert ask(filled, "downstream", "a", "--as-of", "2026-02-01") == "a\n"
    assert ask(filled, "downstream", "a", "--since", "2026-03-01T00:02") == "a\n"
    assert "two" in ask(filled, "downstream", "b", "--edges", "latest")
    assert ask(filled, "columns", "a", "x", "--downstream", "--direct-only").splitlines() == [
        "data:a:x",
        "└── b:y  (data)",
    ]
    assert "b    | y" in ask(filled, "impact", "a", "x")
    assert "two" in ask(filled, "upstream", "c", "--namespace", "lake")
    assert "two" in ask(filled, "path", "b", "c", "--to-namespace", "lake")
    assert "two" in ask(filled, "path", "a", "two", "--from-kind", "dataset", "--to-kind", "job")


def test_names_that_are_unknown_or_stand_for_several(filled: str) -> None:
    assert refused(filled, "upstream", "bb").startswith(
        "openlineage-avro-consumer: there is no dataset or job 'bb';"
        " the nearest are ('dataset', 'data', 'b')"
    )
    assert "'c' is the name of 2: give kind, namespace and name" in refused(filled, "impact", "c")
    assert "dataset 'b' has no column 'z'; it has 'y'" in refused(filled, "columns", "b", "z")
    assert "there is no run 'run 3'" in refused(filled, "runs-upstream", "run 3")
    assert "there is no pipeline run 'day'" in refused(filled, "timeline", "day")
    assert "there is no dataset 'z'" in refused(filled, "names", "z")
    assert "there is no dataset 'z'" in refused(filled, "schema-changes", "z")


def test_a_diagram_shows_every_edge_of_the_answer(store: Store, store_url: str) -> None:
    """Of t two jobs read, and one of them reads what the other wrote."""
    put(store, [run("one", ["t"], ["u"], 1), run("two", ["t", "u"], ["t"], 2)])
    drawn = ask(store_url, "downstream", "t", "--format", "mermaid").splitlines()
    labels = dict(re.findall(r'(n\d+)\["(?:dataset:data:)?(.*)"\]', "\n".join(drawn)))
    arrows = {
        tuple(labels[end] for end in line.split(" --> "))
        for line in map(str.strip, drawn)
        if ">" in line
    }
    assert arrows == {("t", "one"), ("one", "u"), ("t", "two"), ("u", "two"), ("two", "t")}
    early = ask(store_url, "downstream", "t", "--as-of", "2026-03-01T00:01", "--format", "dot")
    assert early.count("->") == 2


def test_a_diagram_of_columns_shows_every_edge_of_the_answer(store: Store, store_url: str) -> None:
    """Column z comes from x directly, and by way of y."""

    def table(name: str, field: str, *sources: tuple[str, str]) -> dict[str, Any]:
        inputs = [{"namespace": "data", "name": name, "field": each} for name, each in sources]
        return dataset(name, columnLineage={"fields": {field: {"inputFields": inputs}}})

    put(
        store,
        [
            run("one", [], [table("b", "y", ("a", "x"))], 1),
            run("two", [], [table("c", "z", ("a", "x"), ("b", "y"))], 2),
        ],
    )
    for options in (("c", "z"), ("a", "x", "--downstream")):
        assert ask(store_url, "columns", *options, "--format", "dot").count("->") == 3


def test_a_format_that_a_question_has_not_is_refused(filled: str) -> None:
    done = command("query", "search", "b", "--format", "dot", DATABASE_URL=filled)
    assert done.returncode == 2
    assert "--format: invalid choice: 'dot' (choose from" in done.stderr
    assert "--job: expected a dataset with FIELD" in refused(filled, "impact", "a", "x", "--job")
    done = command("query", "upstream", "b", "--since", "tuesday", DATABASE_URL=filled)
    assert "expected a date, a time such as" in done.stderr


def test_who_reads_a_part_of_the_answer_sees_no_error(filled: str) -> None:
    program = [sys.executable, "-m", "consumer", "query", "upstream", "b"]
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "DATABASE_URL": filled}
    try:
        done = subprocess.run(program, stdout=writing, stderr=subprocess.PIPE, env=environment)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
