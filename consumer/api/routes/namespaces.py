"""Namespaces: what the names of jobs and datasets begin with."""

from fastapi import APIRouter

from consumer.api.context import Limit, Offset, Store
from consumer.api.errors import not_found
from consumer.api.raw_path import Segment
from consumer.api.shapes import Namespace, Namespaces

router = APIRouter(tags=["namespaces"])


@router.get("/namespaces")
def list_namespaces(store: Store, limit: Limit = 100, offset: Offset = 0) -> Namespaces:
    """List namespaces by name."""
    rows = store.rows("api/namespaces/list", limit=limit, offset=offset)
    return Namespaces.model_validate({"namespaces": rows})


@router.get("/namespaces/{namespace}")
def get_namespace(store: Store, namespace: Segment) -> Namespace:
    """Return a namespace."""
    row = store.row("api/namespaces/find", name=namespace)
    if row is None:
        raise not_found("Namespace", namespace)
    return Namespace.model_validate(row)
