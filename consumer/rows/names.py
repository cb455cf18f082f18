"""The jobs and datasets that members of facets name."""

from typing import Any, Protocol
from uuid import UUID

from consumer.rows.graph import Dataset, Graph, Job
from openlineage_avro.event.access import at


class Names(Protocol):
    """The rows that names and edges are added to (consumer/rows/rows.py)."""

    graph: Graph

    def job(self, namespace: str, name: str) -> UUID:
        """Return the key of a job that the store must know."""

    def dataset(self, namespace: str, name: str) -> UUID:
        """Return the key of a dataset that the store must know."""


def named_dataset(rows: Names, described: Any) -> Dataset | None:
    """Return the dataset that {namespace, name} names; None where it names none."""
    namespace, name = at(described, "namespace"), at(described, "name")
    if isinstance(namespace, str) and isinstance(name, str):
        return Dataset(rows.dataset(namespace, name))
    return None


def named_job(rows: Names, described: Any) -> Job | None:
    """Return the job that {namespace, name} names; None where it names none."""
    namespace, name = at(described, "namespace"), at(described, "name")
    if isinstance(namespace, str) and isinstance(name, str):
        return Job(rows.job(namespace, name))
    return None
