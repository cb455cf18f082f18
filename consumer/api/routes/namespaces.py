"""Namespaces: what the names of jobs and datasets begin with."""

from fastapi import APIRouter

from consumer.api.changes import NamespaceMeta
from consumer.api.context import Limit, Offset, Store
from consumer.api.errors import not_found
from consumer.api.prefixes import API
from consumer.api.raw_path import Segment
from consumer.api.shapes import Namespace, Namespaces
from consumer.query.reader import Reader

router = APIRouter(prefix=API, tags=["namespaces"])


@router.get("/namespaces")
def list_namespaces(store: Store, limit: Limit = 100, offset: Offset = 0) -> Namespaces:
    """List namespaces by name."""
    rows = store.rows("api/namespaces/list", limit=limit, offset=offset)
    return Namespaces.model_validate({"namespaces": rows})


@router.get("/namespaces/{namespace}")
def get_namespace(store: Store, namespace: Segment) -> Namespace:
    """Return a namespace."""
    return _found(store, namespace)


@router.put("/namespaces/{namespace}")
def put_namespace(store: Store, namespace: Segment, meta: NamespaceMeta) -> Namespace:
    """Say who owns a namespace and what it is for."""
    said = {"owner": meta.owner_name, "description": meta.description}
    store.change("api/namespaces/put", name=namespace, **said)
    return _found(store, namespace)


@router.delete("/namespaces/{namespace}")
def hide_namespace(store: Store, namespace: Segment) -> Namespace:
    """Hide a namespace and all in it, until a newer event names it."""
    found = _found(store, namespace)
    store.change("api/hidden/namespace", name=namespace)
    return found.model_copy(update={"is_hidden": True})


def _found(store: Reader, namespace: str) -> Namespace:
    row = store.row("api/namespaces/find", name=namespace)
    if row is None:
        raise not_found("Namespace", namespace)
    return Namespace.model_validate(row)
