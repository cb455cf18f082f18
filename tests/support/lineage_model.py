"""Lineage worked out by hand from events, slowly and without SQL."""

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any, NamedTuple

Event = dict[str, Any]
Node = tuple[str, ...]  # ("dataset", name), ("job", name), ("lane", job, target) or ("end", job)
NEVER = ""  # times are compared as their texts


class Edge(NamedTuple):
    """An edge, and whether it is one of a job's inputs and outputs."""

    origin: Node
    target: Node
    is_io: bool


class Model:
    """Jobs and datasets of one namespace each, and their columns."""

    def __init__(self, events: list[Event]) -> None:
        """Read events, in whatever order."""
        self.names: set[str] = set()
        self.jobs: set[str] = set()
        self._io: set[Edge] = set()
        self._stated: dict[tuple[str, Edge], str] = defaultdict(lambda: NEVER)
        self._lanes_at: dict[str, str] = defaultdict(lambda: NEVER)
        self._deleted_at: dict[str, str] = defaultdict(lambda: NEVER)
        self._links: dict[tuple[str, str], str] = defaultdict(lambda: NEVER)
        self._links_deleted_at: dict[str, str] = defaultdict(lambda: NEVER)
        self._used_at: dict[str, str] = defaultdict(lambda: NEVER)
        self._renames: set[tuple[str, str]] = set()
        for event in events:
            self._read(event)
        self.groups = self._groups()
        self.edges = self._io | {
            edge for (owner, edge), last in self._stated.items() if last > self._deleted_at[owner]
        }

    def _read(self, event: Event) -> None:
        time = event["eventTime"]
        if "dataset" in event:
            self._read_dataset(event["dataset"], time)
            return
        job: Node = ("job", event["job"]["name"])
        self.jobs.add(job[1])
        self._read_job_facet(job, event["job"].get("facets", {}).get("lineage"), time)
        for each in (
            event.get("run", {}).get("facets", {}).get("jobDependencies", {}).get("upstream", [])
        ):
            self.jobs.add(each["job"]["name"])
            self._stated["always", Edge(("job", each["job"]["name"]), job, False)] = time
        for each in event.get("inputs", []):
            self._io.add(Edge(("dataset", self._read_dataset(each, time)), job, True))
        for each in event.get("outputs", []):
            self._io.add(Edge(job, ("dataset", self._read_dataset(each, time)), True))

    def _read_dataset(self, described: Any, time: str) -> str:
        name: str = described["name"]
        self.names.add(name)
        self._used_at[name] = max(self._used_at[name], time)
        facets = described.get("facets", {})
        symlinks = facets.get("symlinks", {})
        if symlinks.get("_deleted"):
            self._links_deleted_at[name] = max(self._links_deleted_at[name], time)
        for other in symlinks.get("identifiers", []):
            self.names.add(other["name"])
            if other["name"] != name:
                key = (name, other["name"])
                self._links[key] = max(self._links[key], time)
        if previous := facets.get("lifecycleStateChange", {}).get("previousIdentifier"):
            self.names.add(previous["name"])
            self._renames.add((name, previous["name"]))
        lineage = facets.get("lineage", {})
        owner = f"dataset {name}"
        if lineage.get("_deleted"):
            self._deleted_at[owner] = max(self._deleted_at[owner], time)
        for source in lineage.get("inputs", []):
            self.names.add(source["name"])
            if source["name"] != name:
                self._state(owner, ("dataset", source["name"]), ("dataset", name), time)
        return name

    def _read_job_facet(self, job: Node, facet: Any, time: str) -> None:
        owner = f"job {job[1]}"
        if facet and facet.get("_deleted"):
            self._deleted_at[owner] = max(self._deleted_at[owner], time)
        for entry in (facet or {}).get("entries", []):
            target = entry["name"]
            self.names.add(target)
            lane: Node = ("lane", job[1], target)
            self._state(owner, lane, ("dataset", target), time)
            self._lanes_at[job[1]] = max(self._lanes_at[job[1]], time)
            for source in entry["inputs"]:
                self.names.add(source["name"])
                self._state(owner, ("dataset", source["name"]), lane, time)

    def _state(self, owner: str, origin: Node, target: Node, time: str) -> None:
        key = (owner, Edge(origin, target, False))
        self._stated[key] = max(self._stated[key], time)

    def _groups(self) -> dict[str, frozenset[str]]:
        joined = {pair for pair, at in self._links.items() if at > self._links_deleted_at[pair[0]]}
        groups = {name: frozenset([name]) for name in self.names}
        for one, other in joined | self._renames:
            both = groups[one] | groups[other]
            groups |= dict.fromkeys(both, both)
        return groups

    def main_name(self, name: str) -> str:
        """Return the name that was used last; of those used at one time the first."""
        members = sorted(self.groups[name])
        return max(members, key=lambda each: (self._used_at[each], -members.index(each)))

    def walk(self, start: Node, to_inputs: bool) -> set[tuple[int, str, str]]:
        """Return (depth, kind, main name) of all that is reached."""
        depths: dict[Node, int] = {self._place(start): 0}
        queue = deque(depths)
        while queue:
            node = queue.popleft()
            for next_node in self._next(node, to_inputs):
                if next_node not in depths:
                    depths[next_node] = depths[node] + 1
                    queue.append(next_node)
        shown: dict[tuple[str, str], int] = {}
        for node, depth in depths.items():
            kind = "dataset" if node[0] == "dataset" else "job"
            name = self.main_name(node[1]) if kind == "dataset" else node[1]
            shown[kind, name] = min(shown.get((kind, name), depth), depth)
        return {(depth, *node) for node, depth in shown.items() if depth > 0}

    def _next(self, node: Node, to_inputs: bool) -> Iterator[Node]:
        for edge in self.edges:
            near, far = (edge.target, edge.origin) if to_inputs else (edge.origin, edge.target)
            if self._place(near) == node or (
                node[0] == "job" and near[:2] == ("lane", node[1]) and self._has_lanes(node[1])
            ):
                if edge.is_io and far[0] == "job" and self._has_lanes(far[1]):
                    yield ("end", far[1])
                else:
                    yield self._place(far)

    def _has_lanes(self, job: str) -> bool:
        return self._lanes_at[job] > self._deleted_at[f"job {job}"]

    def _place(self, node: Node) -> Node:
        return ("dataset", min(self.groups[node[1]])) if node[0] == "dataset" else node
