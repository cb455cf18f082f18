"""Writes what a batch's events say of runs, jobs, datasets and facets.

Every statement merges, so that neither the order of events nor their repetition matters. What many
batches change (jobs, datasets, the edges between them) comes last, so that consumers who work side
by side wait for each other as shortly as can be; rows of a table are changed in one order.
"""

from dataclasses import dataclass, field

from consumer.rows.facets import FacetValues
from consumer.rows.rows import Rows
from consumer.store.database import Connection
from consumer.store.facets import write_facets
from consumer.store.graph.graphs import write_graphs
from consumer.store.ids import Ids
from consumer.store.runs import write_checks, write_dag_runs, write_run_io, write_runs


@dataclass
class Known:
    """What a connection need not ask PostgreSQL again."""

    values: FacetValues = field(default_factory=FacetValues)
    ids: Ids = field(default_factory=Ids)

    def forget(self) -> None:
        """Begin anew, after a transaction that was not committed."""
        self.values.forget()
        self.ids.forget()


def write_derived(connection: Connection, known: Known, rows: Rows) -> None:
    """Merge the rows of a batch; `known` has the ids of all jobs and datasets that they name."""
    ids = known.ids
    write_runs(connection, rows, ids)
    write_dag_runs(connection, rows)
    write_run_io(connection, rows, ids)
    write_checks(connection, rows, ids)
    write_facets(connection, rows, ids)
    write_graphs(connection, rows, ids)
