"""A graph in the languages of Mermaid and Graphviz; arrows go as data flow.

Sources: https://mermaid.js.org/syntax/flowchart.html, https://graphviz.org/doc/info/lang.html
"""

from collections.abc import Iterator

from consumer.query.answer import printable
from consumer.query.graph import Node

# What Mermaid shows as it is, between quotes, beside letters and digits.
PLAIN = frozenset(" ._-/:,")


def as_mermaid(nodes: list[Node], is_against_data: bool) -> str:
    """Return a flowchart."""
    ids = _ids(nodes)
    boxes = [f'    {ids[node.key]}["{_mermaid_text(node.label)}"]' for node in nodes]
    arrows = [f"    {start} --> {end}" for start, end in _arrows(nodes, ids, is_against_data)]
    return "\n".join(["flowchart LR", *boxes, *arrows])


def as_dot(nodes: list[Node], is_against_data: bool) -> str:
    """Return a directed graph."""
    ids = _ids(nodes)
    boxes = [f'    {ids[node.key]} [label="{_dot_text(node.label)}"];' for node in nodes]
    arrows = [f"    {start} -> {end};" for start, end in _arrows(nodes, ids, is_against_data)]
    return "\n".join(
        ["digraph lineage {", "    rankdir=LR;", "    node [shape=box];", *boxes, *arrows, "}"]
    )


def _ids(nodes: list[Node]) -> dict[str, str]:
    return {node.key: f"n{place}" for place, node in enumerate(nodes)}


def _arrows(
    nodes: list[Node], ids: dict[str, str], is_against_data: bool
) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if node.via is not None:
            ends = ids[node.via], ids[node.key]
            yield (ends[1], ends[0]) if is_against_data else ends


def _mermaid_text(text: str) -> str:
    """Return a text in which everything that may mean something is `#` and its number."""
    return "".join(
        each if each.isalnum() or each in PLAIN else f"#{ord(each)};" for each in printable(text)
    )


def _dot_text(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')
