"""Datasets: what jobs read and write."""

from uuid import UUID

from fastapi import APIRouter, Response

from consumer.api.answers import answer
from consumer.api.catalog import datasets
from consumer.api.catalog.dataset_versions import dataset_versions, find_version
from consumer.api.changes import DatasetMeta
from consumer.api.context import Kafka, Limit, Offset, Store
from consumer.api.errors import ApiError, not_found
from consumer.api.prefixes import API
from consumer.api.raw_path import Segment
from consumer.api.routes.jobs import told_run
from consumer.api.shapes import Dataset, Datasets, DatasetVersion, DatasetVersions
from consumer.api.statements import dataset_event, dataset_of_run_event
from consumer.api.telling import tell
from consumer.query.reader import Row, Snapshot

router = APIRouter(prefix=API, tags=["datasets"])


@router.get("/namespaces/{namespace}/datasets", response_model=Datasets)
def list_datasets(
    store: Store, namespace: Segment, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """List the datasets of a namespace by name."""
    with store.snapshot() as snapshot:
        if snapshot.row("api/namespaces/find", name=namespace) is None:
            raise not_found("Namespace", namespace)
        rows = snapshot.rows("api/datasets/list", namespace=namespace, limit=limit, offset=offset)
        (count,) = snapshot.rows("api/datasets/count", namespace=namespace)
        found = datasets.datasets(snapshot, rows)
    return answer(Datasets(datasets=found, total_count=count["count"]))


@router.get("/namespaces/{namespace}/datasets/{dataset}", response_model=Dataset)
def get_dataset(store: Store, namespace: Segment, dataset: Segment) -> Response:
    """Return a dataset, under any of its names."""
    with store.snapshot() as snapshot:
        (found,) = datasets.datasets(snapshot, [find_row(snapshot, namespace, dataset)])
    return answer(found)


@router.put("/namespaces/{namespace}/datasets/{dataset}", response_model=Dataset)
def put_dataset(
    store: Store, kafka: Kafka, namespace: Segment, dataset: Segment, meta: DatasetMeta
) -> Response:
    """Say what a dataset is like: an event goes to Kafka; the answer comes when it is stored."""
    source = store.row("api/sources/find", name=meta.source_name)
    said = (namespace, dataset, meta, source["connection_url"] if source else "")
    if meta.run_id is None:
        tell(store, kafka, dataset_event(*said))
    else:
        tell(store, kafka, dataset_of_run_event(told_run(store, meta.run_id), *said))
    with store.snapshot() as snapshot:
        row = find_row(snapshot, namespace, dataset)
    tags = [("", tag) for tag in meta.tags]
    tags += [(field.name, tag.upper()) for field in meta.fields or () for tag in field.tags]
    for field, tag in tags:
        store.change("api/tags/add", owner_id=row["source_id"], field=field, tag=tag)
    return get_dataset(store, namespace, dataset)


@router.delete("/namespaces/{namespace}/datasets/{dataset}", response_model=Dataset)
def hide_dataset(store: Store, namespace: Segment, dataset: Segment) -> Response:
    """Hide a dataset, until a newer event names it."""
    with store.snapshot() as snapshot:
        row = find_row(snapshot, namespace, dataset)
        (found,) = datasets.datasets(snapshot, [row])
    store.change("api/hidden/nodes", ids=[row["id"]], last_event_at=row["last_event_at"])
    return answer(found.model_copy(update={"deleted": True}))


@router.get("/namespaces/{namespace}/datasets/{dataset}/versions", response_model=DatasetVersions)
def list_dataset_versions(
    store: Store, namespace: Segment, dataset: Segment, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """List the versions of a dataset, the newest first."""
    with store.snapshot() as snapshot:
        row = find_row(snapshot, namespace, dataset)
        versions, count = dataset_versions(snapshot, row, limit, offset)
    return answer(DatasetVersions(versions=versions, total_count=count))


@router.get(
    "/namespaces/{namespace}/datasets/{dataset}/versions/{version}", response_model=DatasetVersion
)
def get_dataset_version(
    store: Store, namespace: Segment, dataset: Segment, version: Segment
) -> Response:
    """Return a version of a dataset."""
    with store.snapshot() as snapshot:
        row = find_row(snapshot, namespace, dataset)
        found = find_version(snapshot, row, _uuid(version))
    if found is None:
        raise not_found("Dataset version", version)
    return answer(found)


def _uuid(version: str) -> UUID:
    try:
        return UUID(version)
    except ValueError:
        raise ApiError(400, f"version: expected a UUID, got {version!r}") from None


def find_row(snapshot: Snapshot, namespace: str, dataset: str) -> Row:
    """Return the row of a dataset; raise ApiError if there is none of that name."""
    rows = datasets.rows_by_names(snapshot, [(namespace, dataset)])
    if not rows:
        raise not_found("Dataset", dataset)
    return rows[0]
