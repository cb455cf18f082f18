"""Datasets: what jobs read and write."""

from fastapi import APIRouter

from consumer.api.catalog import datasets
from consumer.api.context import Limit, Offset, Store
from consumer.api.errors import not_found
from consumer.api.raw_path import Segment
from consumer.api.shapes import Dataset, Datasets
from consumer.query.reader import Row, Snapshot

router = APIRouter(tags=["datasets"])


@router.get("/namespaces/{namespace}/datasets")
def list_datasets(
    store: Store, namespace: Segment, limit: Limit = 100, offset: Offset = 0
) -> Datasets:
    """List the datasets of a namespace by name."""
    with store.snapshot() as snapshot:
        if snapshot.row("api/namespaces/find", name=namespace) is None:
            raise not_found("Namespace", namespace)
        rows = snapshot.rows("api/datasets/list", namespace=namespace, limit=limit, offset=offset)
        (count,) = snapshot.rows("api/datasets/count", namespace=namespace)
        return Datasets(datasets=datasets.datasets(snapshot, rows), total_count=count["count"])


@router.get("/namespaces/{namespace}/datasets/{dataset}")
def get_dataset(store: Store, namespace: Segment, dataset: Segment) -> Dataset:
    """Return a dataset, under any of its names."""
    with store.snapshot() as snapshot:
        (found,) = datasets.datasets(snapshot, [find_row(snapshot, namespace, dataset)])
        return found


def find_row(snapshot: Snapshot, namespace: str, dataset: str) -> Row:
    """Return the row of a dataset; raise ApiError if there is none of that name."""
    rows = datasets.rows_by_names(snapshot, [(namespace, dataset)])
    if not rows:
        raise not_found("Dataset", dataset)
    return rows[0]
