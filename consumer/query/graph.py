"""The graph that an answer's rows make: each is a node, on the one that it was found by."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from consumer.query.answer import Answer, printable


class Shape(NamedTuple):
    """Which columns of an answer make a graph."""

    key: tuple[str, ...]  # what `via` has of a node, with colons between
    label: tuple[str, ...]
    details: tuple[str, ...]
    via: str = "via"
    is_against_data: bool = False  # whether data flow from a node to the one it was found by


class Node(NamedTuple):
    """A node; `via` is the key of the one before it, None where it is a root."""

    key: str
    label: str
    details: str
    via: str | None


class Arrow(NamedTuple):
    """That data flow from one node to another; keys."""

    start: str
    end: str


def nodes_of(answer: Answer, shape: Shape, asked: str | None) -> list[Node]:
    """Return the roots and the node of each row, every node behind the one it was found by.

    What was asked for has no row of its own in most answers: the rows name it as `via`, and where
    there are none, `asked` is its name, if it has one. A key that comes twice counts once.
    """
    found: dict[str, Node] = {}
    for row in answer.records():
        node = _node(row, shape)
        found.setdefault(node.key, node)
    outside = dict.fromkeys(
        node.via for node in found.values() if node.via and node.via not in found
    )
    roots = [Node(key, key, "", None) for key in outside]
    if not found and asked is not None:
        roots = [Node(asked, asked, "", None)]
    return [*roots, *found.values()]


def arrows_of(nodes: list[Node], is_against_data: bool) -> Iterator[Arrow]:
    """Yield an arrow for each node, between it and the one that it was found by."""
    for node in nodes:
        if node.via is not None:
            yield Arrow(node.key, node.via) if is_against_data else Arrow(node.via, node.key)


def as_tree(nodes: list[Node]) -> str:
    """Return a line for each node, below the one it was found by and indented; of none so."""
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.via, []).append(node)
    return "\n".join(_lines(children)) or "(nothing)"


def _lines(children: dict[str | None, list[Node]]) -> Iterator[str]:
    # A stack, since a chain may be longer than Python's calls may be deep.
    stack = [(node, "", "") for node in reversed(children.get(None, []))]
    while stack:
        node, lead, below = stack.pop()
        details = f"  ({printable(node.details)})" if node.details else ""
        yield f"{lead}{printable(node.label)}{details}"
        nodes = children.get(node.key, [])
        for place, child in enumerate(reversed(nodes)):
            branch, rest = ("└── ", "    ") if place == 0 else ("├── ", "│   ")
            stack.append((child, below + branch, below + rest))


def _node(row: dict[str, Any], shape: Shape) -> Node:
    details = [str(row[name]) for name in shape.details if row[name] is not None]
    return Node(
        key=_joined(row, shape.key),
        label=_joined(row, shape.label),
        details=", ".join(details),
        via=row[shape.via],
    )


def _joined(row: dict[str, Any], names: tuple[str, ...]) -> str:
    return ":".join("" if row[name] is None else str(row[name]) for name in names)
