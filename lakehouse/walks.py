"""Walks over the edges between jobs and datasets in Spark: one join for each level.

As lineage.upstream and lineage.downstream in PostgreSQL, but for what docs/lakehouse.md names.
Spark's recursive queries would not do: they find a node once for each way that leads there.
"""

from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - Spark's own name for it

UPSTREAM, DOWNSTREAM = "upstream", "downstream"
_NODE = ("kind", "namespace", "name")
_COLUMNS = "depth int, kind string, namespace string, name string, via string, edge string"


class NoSuchNode(ValueError):  # noqa: N818 - named after what was met
    """No job or dataset has the name, or several have; the text says which."""


class Step(NamedTuple):
    """A job or dataset that a walk came to, as lineage.upstream shows it."""

    depth: int
    kind: str
    namespace: str
    name: str
    via: str | None
    edge: str | None

    @property
    def node(self) -> tuple[str, str, str]:
        """Return what identifies the job or dataset."""
        return self.kind, self.namespace, self.name


def walk(spark: SparkSession, direction: str, name: str, max_depth: int | None = None) -> DataFrame:
    """Return what the job or dataset of a name comes from (upstream) or leads to (downstream).

    Columns as in lineage.upstream: depth, kind, namespace, name, via, edge; each node once, with
    the least number of edges that lead there. Raises NoSuchNode.
    """
    edges = _directed(spark, direction).persist()
    try:
        level = [_start(edges, name)]
        found = {level[0].node: level[0]}
        while level and level[0].depth != max_depth:
            steps = _steps(spark, edges, level)
            level = [step for step in steps if step.node not in found]
            found |= {step.node: step for step in level}
    finally:
        edges.unpersist()
    return spark.createDataFrame(list(found.values())[1:], _COLUMNS)


def _directed(spark: SparkSession, direction: str) -> DataFrame:
    """Return the edges with their ends named `here` and `there`, in the direction of the walk."""
    here, there = ("to", "from") if direction == UPSTREAM else ("from", "to")
    ends = (
        F.struct(*(F.col(f"{end}_{part}").alias(part) for part in _NODE)).alias(called)
        for end, called in ((here, "here"), (there, "there"))
    )
    return spark.table("lineage.edges").select(*ends, "edge").distinct()


def _start(edges: DataFrame, name: str) -> Step:
    ends = edges.select("here.*").union(edges.select("there.*"))
    nodes = ends.where(F.col("name") == name).distinct().orderBy(*_NODE).limit(10).collect()
    if len(nodes) != 1:
        which = ", ".join(":".join(node) for node in nodes) or "none"
        raise NoSuchNode(f"{name}: expected one job or dataset with edges, found {which}")
    kind, namespace, name = nodes[0]
    return Step(0, kind, namespace, name, None, None)


def _steps(spark: SparkSession, edges: DataFrame, level: list[Step]) -> list[Step]:
    """Return the nodes that an edge leads to from those of a level, with the least such edge."""
    here = [dict(zip(_NODE, step.node, strict=True)) for step in level]
    nodes = spark.createDataFrame(pa.table({"here": here}))
    via = F.concat_ws(":", *(f"here.{part}" for part in _NODE))
    steps = edges.join(F.broadcast(nodes), "here").groupBy("there")
    first = steps.agg(F.min(F.struct(F.col("edge"), via.alias("via"))).alias("first"))
    found = first.select("there.*", "first.via", "first.edge").orderBy(*_NODE).collect()
    return [Step(level[0].depth + 1, *row) for row in found]
