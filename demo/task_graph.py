"""A task graph drawn as text: each task under the first task it waits for."""

from collections.abc import Iterable, Mapping

Edges = Iterable[tuple[str, str]]


def draw(tasks: Mapping[str, str], edges: Edges) -> list[str]:
    """Return lines that show every task, by id, with its label, in the order of the graph.

    A task that waits for several is drawn in full once, where it is first met, and named again
    under the others.
    """
    below: dict[str, list[str]] = {task: [] for task in tasks}
    waiting = set()
    for upstream, downstream in sorted(edges):
        below[upstream].append(downstream)
        waiting.add(downstream)
    drawn: set[str] = set()
    lines: list[str] = []
    for root in sorted(set(tasks) - waiting):
        lines += _branch(root, tasks, below, drawn, "", "")
    return lines


def _branch(
    task: str,
    tasks: Mapping[str, str],
    below: Mapping[str, list[str]],
    drawn: set[str],
    first: str,
    rest: str,
) -> list[str]:
    if task in drawn:
        return [f"{first}{task} (see above)"]
    drawn.add(task)
    lines = [f"{first}{task}{tasks[task]}"]
    for number, child in enumerate(below[task], start=1):
        last = number == len(below[task])
        first_below, rest_below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        lines += _branch(child, tasks, below, drawn, rest + first_below, rest + rest_below)
    return lines
