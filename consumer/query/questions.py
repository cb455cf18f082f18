"""The questions there are: which statement asks each, and whether its answer is a graph."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from consumer.query.answer import Answer, as_json, as_table
from consumer.query.diagrams import as_dot, as_mermaid
from consumer.query.graph import Arrow, Shape, arrows_of, as_tree, nodes_of

TABLE_FORMATS = ("table", "json")
DIAGRAMS = {"mermaid": as_mermaid, "dot": as_dot}
GRAPH_FORMATS = ("table", "tree", "mermaid", "dot", "json")

WALK = Shape(("kind", "namespace", "name"), ("name",), ("kind", "namespace", "edge"))
IMPACT = WALK._replace(details=("kind", "namespace", "owners", "last_state"))
COLUMNS = Shape(("namespace", "name", "field"), ("name", "field"), ("namespace", "type", "subtype"))
RUNS = Shape(("run_id",), ("job_name",), ("run_id", "state", "name"))
TIMELINE = Shape(("run_id",), ("job_name",), ("run_id", "state", "duration"), "parent_run_id")


class Question(NamedTuple):
    """A question that has a command of its own."""

    meaning: str
    statement: str  # its parameters are the command's options
    shape: Shape | None = None
    is_walk: bool = False  # from what is asked for, which is there though nothing hangs on it
    edges: str | None = None  # the statement that asks for all edges among the answer's nodes

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that an answer has."""
        return GRAPH_FORMATS if self.shape else TABLE_FORMATS

    @property
    def default_format(self) -> str:
        """How it is shown unless another format is asked for."""
        return "tree" if self.is_walk else "table"


def _up(meaning: str, statement: str, shape: Shape) -> Question:
    return Question(meaning, statement, shape._replace(is_against_data=True), is_walk=True)


def _down(meaning: str, statement: str, shape: Shape) -> Question:
    return Question(meaning, statement, shape, is_walk=True)


EDGES = "ask/edges_among"
COLUMN_EDGES = "ask/column_edges_among"
QUESTIONS = {
    "upstream": _up("what a dataset or job comes from", "ask/upstream", WALK)._replace(edges=EDGES),
    "downstream": _down("what depends on a dataset or job", "ask/downstream", WALK)._replace(
        edges=EDGES
    ),
    "columns": _up("what a column comes from", "ask/column_upstream", COLUMNS)._replace(
        edges=COLUMN_EDGES
    ),
    "impact": Question("what would break: owners, last runs", "ask/impact", IMPACT),
    "path": Question("a shortest way from one to another", "ask/path", WALK),
    "runs-upstream": _up("which runs wrote what a run read", "ask/run_upstream", RUNS),
    "runs-downstream": _down("which runs read what a run wrote", "ask/run_downstream", RUNS),
    "timeline": Question("all runs of a pipeline run in order", "ask/run_timeline", TIMELINE),
    "critical-path": Question("the tasks that made a DAG run late", "ask/critical_path"),
    "compare": Question("what differs between two runs", "ask/compare_runs"),
    "schema-changes": Question("when columns appeared, went or changed", "ask/schema_changes"),
    "names": Question("all names of a dataset", "ask/dataset_names"),
    "search": Question("where the words of a text stand in names", "ask/search"),
}
# `columns --downstream` and `impact NAME FIELD`
COLUMNS_DOWNSTREAM = _down("what depends on a column", "ask/column_downstream", COLUMNS)._replace(
    edges=COLUMN_EDGES
)
COLUMN_IMPACT = Question("which columns would break", "ask/column_impact")


def parameters_of_edges(answer: Answer, asked: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """Return the parameters that ask for the edges among an answer's nodes and what was asked.

    Each member of a node's key is a list: kind as kinds, and so on.
    """
    nodes = [*answer.records(), asked]
    return {**asked, **{f"{each}s": [node[each] for node in nodes] for each in shape.key}}


def shown(
    answer: Answer,
    question: Question,
    form: str,
    asked: str | None,
    edges: Answer | None = None,
) -> str:
    """Return an answer in one of its question's formats.

    `asked` is what a walk began at: what it is called where nothing hangs on it. `edges` are those
    among the nodes; without them a diagram shows each node on the one that it was found by.
    """
    if form == "json":
        return as_json(answer)
    if form == "table" or question.shape is None:
        return as_table(answer)
    nodes = nodes_of(answer, question.shape, asked if question.is_walk else None)
    if form == "tree":
        return as_tree(nodes)
    if edges is not None:
        return DIAGRAMS[form](nodes, (Arrow(start, end) for start, end in edges.rows))
    return DIAGRAMS[form](nodes, arrows_of(nodes, question.shape.is_against_data))
