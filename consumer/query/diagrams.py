"""A graph in the languages of Mermaid and Graphviz; arrows go as data flow.

Sources: https://mermaid.js.org/syntax/flowchart.html, https://graphviz.org/doc/info/lang.html
"""

from collections.abc import Iterable, Iterator

from consumer.query.answer import printable
from consumer.query.graph import Arrow, Node

# What Mermaid shows as it is, between quotes, beside letters and digits.
PLAIN = frozenset(" ._-/:,")


def as_mermaid(nodes: list[Node], arrows: Iterable[Arrow]) -> str:
    """Return a flowchart."""
    ids = _ids(nodes)
    boxes = [f'    {ids[node.key]}["{_mermaid_text(node.label)}"]' for node in nodes]
    lines = [f"    {start} --> {end}" for start, end in _known(arrows, ids)]
    return "\n".join(["flowchart LR", *boxes, *lines])


def as_dot(nodes: list[Node], arrows: Iterable[Arrow]) -> str:
    """Return a directed graph."""
    ids = _ids(nodes)
    boxes = [f'    {ids[node.key]} [label="{_dot_text(node.label)}"];' for node in nodes]
    lines = [f"    {start} -> {end};" for start, end in _known(arrows, ids)]
    return "\n".join(
        ["digraph lineage {", "    rankdir=LR;", "    node [shape=box];", *boxes, *lines, "}"]
    )


def _ids(nodes: list[Node]) -> dict[str, str]:
    return {node.key: f"n{place}" for place, node in enumerate(nodes)}


def _known(arrows: Iterable[Arrow], ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the arrows between nodes that are shown, by their ids."""
    return (
        (ids[arrow.start], ids[arrow.end])
        for arrow in arrows
        if arrow.start in ids and arrow.end in ids
    )


def _mermaid_text(text: str) -> str:
    """Return a text in which everything that may mean something is `#` and its number."""
    return "".join(
        each if each.isalnum() or each in PLAIN else f"#{ord(each)};" for each in printable(text)
    )


def _dot_text(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')
