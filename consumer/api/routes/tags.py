"""Tags that people give to jobs, datasets and fields."""

from fastapi import APIRouter, Response

from consumer.api.answers import answer
from consumer.api.catalog import datasets, jobs
from consumer.api.changes import TagMeta
from consumer.api.context import Limit, Offset, Store
from consumer.api.prefixes import API
from consumer.api.raw_path import Segment
from consumer.api.routes.datasets import find_row as dataset_row
from consumer.api.routes.jobs import find_row as job_row
from consumer.api.shapes import Dataset, Job, Tag, Tags
from consumer.query.reader import Reader

router = APIRouter(prefix=API, tags=["tags"])

JOB_TAG = "/namespaces/{namespace}/jobs/{job}/tags/{tag}"
DATASET_TAG = "/namespaces/{namespace}/datasets/{dataset}/tags/{tag}"
FIELD_TAG = "/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}"
ADD, REMOVE = "api/tags/add", "api/tags/remove"


@router.get("/tags")
def list_tags(store: Store, limit: Limit = 100, offset: Offset = 0) -> Tags:
    """List tags by name."""
    rows = store.rows("api/tags/list", limit=limit, offset=offset)
    return Tags.model_validate({"tags": rows})


@router.put("/tags/{tag}")
def put_tag(store: Store, tag: Segment, meta: TagMeta) -> Tag:
    """Say what a tag means."""
    (row,) = store.change("api/tags/put", name=tag, description=meta.description)
    return Tag.model_validate(row)


@router.post(JOB_TAG, status_code=201, response_model=Job)
def tag_job(store: Store, namespace: Segment, job: Segment, tag: Segment) -> Response:
    """Give a tag to a job."""
    return _change_job(store, ADD, (namespace, job), tag, 201)


@router.delete(JOB_TAG, response_model=Job)
def untag_job(store: Store, namespace: Segment, job: Segment, tag: Segment) -> Response:
    """Take a tag away from a job."""
    return _change_job(store, REMOVE, (namespace, job), tag)


@router.post(DATASET_TAG, response_model=Dataset)
def tag_dataset(store: Store, namespace: Segment, dataset: Segment, tag: Segment) -> Response:
    """Give a tag to a dataset."""
    return _change_dataset(store, ADD, (namespace, dataset), "", tag)


@router.delete(DATASET_TAG, response_model=Dataset)
def untag_dataset(store: Store, namespace: Segment, dataset: Segment, tag: Segment) -> Response:
    """Take a tag away from a dataset."""
    return _change_dataset(store, REMOVE, (namespace, dataset), "", tag)


@router.post(FIELD_TAG, response_model=Dataset)
def tag_field(
    store: Store, namespace: Segment, dataset: Segment, field: Segment, tag: Segment
) -> Response:
    """Give a tag, in capital letters, to a field of a dataset."""
    return _change_dataset(store, ADD, (namespace, dataset), field, tag.upper())


@router.delete(FIELD_TAG, response_model=Dataset)
def untag_field(
    store: Store, namespace: Segment, dataset: Segment, field: Segment, tag: Segment
) -> Response:
    """Take a tag away from a field of a dataset."""
    return _change_dataset(store, REMOVE, (namespace, dataset), field, tag.upper())


def _change_job(
    store: Reader, statement: str, name: tuple[str, str], tag: str, status: int = 200
) -> Response:
    with store.snapshot() as snapshot:
        row = job_row(snapshot, *name)
    store.change(statement, owner_id=row["id"], field="", tag=tag)
    with store.snapshot() as snapshot:
        (found,) = jobs.jobs(snapshot, [row])
    return answer(found, status)


def _change_dataset(
    store: Reader, statement: str, name: tuple[str, str], field: str, tag: str
) -> Response:
    with store.snapshot() as snapshot:
        row = dataset_row(snapshot, *name)
    store.change(statement, owner_id=row["source_id"], field=field, tag=tag)
    with store.snapshot() as snapshot:
        (found,) = datasets.datasets(snapshot, [row])
    return answer(found)
