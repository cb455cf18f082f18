"""Writes what a batch's events say of runs, jobs, datasets and facets.

Every statement merges, so that neither the order of events nor their repetition matters. The
caller holds the store's lock and the transaction.
"""

from consumer.rows.rows import Rows
from consumer.store.database import Connection
from consumer.store.facets import merge_facets, refresh_datasets, refresh_jobs
from consumer.store.graphs import write_graphs
from consumer.store.ids import Ids, find_ids
from consumer.store.runs import merge_runs, refresh_runs


def write_derived(connection: Connection, rows: Rows) -> Ids:
    """Merge the rows of a batch and return the ids of all that they name."""
    ids = find_ids(connection, rows)
    moved = merge_runs(connection, rows, ids)
    changed = merge_facets(connection, rows, ids)
    refresh_jobs(connection, changed["job"])
    refresh_datasets(connection, changed["dataset"])
    refresh_runs(connection, changed["run"], moved)
    write_graphs(connection, rows, ids)
    return ids
