"""Answers as tables, trees, diagrams and JSON, whatever stands in names."""

import json
import re
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from consumer.query.answer import Answer, as_json, as_table, printable
from consumer.query.diagrams import as_dot, as_mermaid
from consumer.query.graph import Node, as_tree, nodes_of
from consumer.query.questions import QUESTIONS, shown

WALK_COLUMNS = ("depth", "kind", "namespace", "name", "via", "edge")
WALK = Answer(
    WALK_COLUMNS,
    [
        (1, "job", "jobs", "etl", "dataset:data:t", "output"),
        (2, "dataset", "data", "a", "job:jobs:etl", "input"),
        (2, "dataset", "data", "b", "job:jobs:etl", "input"),
        (3, "job", "jobs", "load", "dataset:data:a", "output"),
    ],
)
NASTY = 'a"]; b\n[c] \\ #35; <i>`x`</i> \x1b[31m \u2028'


def test_a_table_has_a_line_for_each_row() -> None:
    begun = datetime(2026, 1, 13, 8, 0, 0, 5, timezone.utc)
    answer = Answer(("name", "at", "owners"), [("a\nb", begun, ["x", "y"]), (None, None, [])])
    assert as_table(answer).splitlines() == [
        "name | at                        | owners",
        "-----+---------------------------+-------",
        "a\\nb | 2026-01-13 08:00:00+00:00 | x, y",
        "     |                           |",
    ]
    assert as_table(Answer(("a", "b"), [])) == "a | b\n--+--"


def test_json_has_numbers_times_and_durations() -> None:
    answer = Answer(
        ("n", "at", "took", "none"),
        [(1, datetime(2026, 1, 13, tzinfo=timezone.utc), timedelta(seconds=90.5), None)],
    )
    assert json.loads(as_json(answer)) == [
        {"n": 1, "at": "2026-01-13T00:00:00+00:00", "took": 90.5, "none": None}
    ]


def test_a_tree_hangs_each_node_on_the_one_before() -> None:
    assert shown(WALK, QUESTIONS["upstream"], "tree", "t").splitlines() == [
        "dataset:data:t",
        "└── etl  (job, jobs, output)",
        "    ├── a  (dataset, data, input)",
        "    │   └── load  (job, jobs, output)",
        "    └── b  (dataset, data, input)",
    ]


def test_nothing_is_shown_as_such() -> None:
    empty = Answer(WALK_COLUMNS, [])
    assert shown(empty, QUESTIONS["upstream"], "tree", "t") == "t"
    assert shown(empty, QUESTIONS["path"], "tree", "t") == "(nothing)"
    assert shown(empty, QUESTIONS["path"], "mermaid", "t") == "flowchart LR"


def test_arrows_go_as_data_flow() -> None:
    up = shown(WALK, QUESTIONS["upstream"], "mermaid", "t").splitlines()
    assert up[:3] == ["flowchart LR", '    n0["dataset:data:t"]', '    n1["etl"]']
    assert up[-4:] == ["    n1 --> n0", "    n2 --> n1", "    n3 --> n1", "    n4 --> n2"]
    down = shown(WALK, QUESTIONS["downstream"], "dot", "t").splitlines()
    assert down[0] == "digraph lineage {"
    assert down[-5:] == ["    n0 -> n1;", "    n1 -> n2;", "    n1 -> n3;", "    n2 -> n4;", "}"]


def test_names_are_no_syntax() -> None:
    node = [Node("k", NASTY, "", None)]
    assert as_mermaid(node, []).splitlines()[1:] == [
        '    n0["a#34;#93;#59; b#92;n#91;c#93; #92; #35;35#59; #60;i#62;#96;x#96;#60;/i#62;'
        ' #92;x1b#91;31m #92;u2028"]'
    ]
    assert as_dot(node, []).splitlines()[3:-1] == [
        r'    n0 [label="a\"]; b\\n[c] \\ #35; <i>`x`</i> \\x1b[31m \\u2028"];'
    ]


@given(st.text())
def test_any_name_stays_one_label_on_one_line(name: str) -> None:
    node = [Node("k", name, name, None)]
    assert re.fullmatch(r'    n0\["(?:[^"#;`<>\[\]]|#\d+;)*"\]', as_mermaid(node, [])[13:])
    lines = as_dot(node, []).splitlines()
    assert len(lines) == 5
    assert re.fullmatch(r'    n0 \[label="(?:[^"\\]|\\["\\])*"\];', lines[3])
    assert len(as_tree(node).splitlines()) == 1
    assert printable(name).isprintable()


@given(st.lists(st.integers(0, 30), max_size=30))
def test_a_tree_has_a_line_for_each_node(before: list[int]) -> None:
    """Node n hangs on any earlier one, as a walk answers."""
    rows = [
        (1, "job", "", str(number), f"job::{min(parent, number - 1)}", None)
        for number, parent in enumerate(before, start=1)
    ]
    shape = QUESTIONS["downstream"].shape
    assert shape is not None
    nodes = nodes_of(Answer(WALK_COLUMNS, rows), shape, "0")
    assert len(nodes) == len(rows) + 1
    lines = as_tree(nodes).splitlines()
    assert sorted(
        line.lstrip(" │├└─").split()[0].removeprefix("job::") for line in lines
    ) == sorted(str(number) for number in range(len(rows) + 1))


def test_a_chain_may_be_longer_than_calls_are_deep() -> None:
    nodes = [Node(str(n), str(n), "", str(n - 1) if n else None) for n in range(3000)]
    assert as_tree(nodes).count("\n") == 2999
