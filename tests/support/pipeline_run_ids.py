"""Which pipeline_run_id an event has by itself: cases of the rule, which sender and store share."""

from typing import Any

OURS = "openlineageAvro_pipelineRun"
BARE = "pipeline_run_id"


def ours(value: Any) -> dict[str, Any]:
    return {OURS: {"pipelineRunId": value, "source": "xcom"}}


def bare(value: Any) -> dict[str, Any]:
    return {BARE: {BARE: value}}


def conf(facet: str, value: Any) -> dict[str, Any]:
    return {facet: {"dagRun": {"conf": {BARE: value}}}}


def tags(*values: Any) -> dict[str, Any]:
    return {"tags": {"tags": [{"key": BARE, "value": value, "source": "USER"} for value in values]}}


# (what it is about, the run's facets, the id)
CASES: list[tuple[str, Any, str | None]] = [
    ("our facet", ours("one"), "one"),
    ("the facet of the bare name", bare("one"), "one"),
    ("conf of a DAG run's event", conf("airflowDagRun", "one"), "one"),
    ("conf of a task's event", conf("airflow", "one"), "one"),
    ("a tag", tags("one"), "one"),
    # Of what an id may be.
    ("spaces", ours("a b "), "a b "),
    ("a single space", ours(" "), " "),
    ("text that is a number", conf("airflow", "7.5"), "7.5"),
    ("a whole number in our facet", ours(7), "7"),
    ("a whole number in conf", conf("airflowDagRun", -7), "-7"),
    ("a whole number beyond 64 bits", conf("airflow", 10**30), "1" + 30 * "0"),
    ("zero", bare(0), "0"),
    ("a whole number as a tag", tags(7), "7"),
    ("a fraction", ours(7.5), None),
    ("a float that is whole", conf("airflowDagRun", 7.0), None),
    ("a fraction in the bare facet", bare(0.5), None),
    ("a fraction as a tag", tags(7.5), None),
    ("true", ours(True), None),
    ("false in conf", conf("airflow", False), None),
    ("empty text", ours(""), None),
    ("empty text everywhere", ours("") | bare("") | conf("airflow", "") | tags(""), None),
    ("null", bare(None), None),
    ("a list", conf("airflowDagRun", ["one"]), None),
    ("an object", ours({"id": "one"}), None),
    # Of several, the first that is one.
    (
        "each before the next",
        ours("1") | bare("2") | conf("airflowDagRun", "3") | conf("airflow", "4") | tags("5"),
        "1",
    ),
    (
        "the bare facet next",
        ours("") | bare("2") | conf("airflowDagRun", "3") | conf("airflow", "4") | tags("5"),
        "2",
    ),
    (
        "then conf of the DAG run's facet",
        ours(None) | conf("airflow", "4") | conf("airflowDagRun", "3") | tags("5"),
        "3",
    ),
    ("then of the task's", conf("airflowDagRun", 3.5) | conf("airflow", "4") | tags("5"), "4"),
    ("tags at last", conf("airflow", "") | tags("5"), "5"),
    ("the first tag", tags("b", "c", "a"), "b"),
    ("the first tag that has one", tags("", None, 1.5, "b", "a"), "b"),
    (
        "tags with other keys",
        {"tags": {"tags": [{"key": "other", "value": "a"}, {"key": BARE, "value": "b"}]}},
        "b",
    ),
    # Of shapes that no producer should send.
    ("no facets", {}, None),
    ("facets that are null", None, None),
    ("our facet null", {OURS: None}, None),
    ("our facet as text", {OURS: "one"}, None),
    ("our facet in a list", {OURS: [{"pipelineRunId": "one"}]}, None),
    ("the bare facet as text", {BARE: "one"}, None),
    ("dagRun null", {"airflowDagRun": {"dagRun": None}}, None),
    ("dagRun as text", {"airflow": {"dagRun": "text"}}, None),
    ("conf null", {"airflow": {"dagRun": {"conf": None}}}, None),
    ("conf as text", {"airflowDagRun": {"dagRun": {"conf": "text"}}}, None),
    ("conf as a list", {"airflowDagRun": {"dagRun": {"conf": [BARE, "one"]}}}, None),
    ("tags as text", {"tags": "none"}, None),
    ("tags as an object", {"tags": {"tags": {BARE: "one"}}}, None),
    ("tags that are none", {"tags": {"tags": [None, 5, "odd", [BARE], {"value": "one"}]}}, None),
    ("a tag without a value", {"tags": {"tags": [{"key": BARE}]}}, None),
]
