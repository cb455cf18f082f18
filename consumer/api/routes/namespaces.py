"""Namespaces: what the names of jobs and datasets begin with."""

from fastapi import APIRouter

from consumer.api.context import Limit, Offset, Store
from consumer.api.shapes import Namespaces

router = APIRouter(tags=["namespaces"])


@router.get("/namespaces")
def list_namespaces(store: Store, limit: Limit = 100, offset: Offset = 0) -> Namespaces:
    """List namespaces by name."""
    rows = store.rows("api/namespaces/list", limit=limit, offset=offset)
    return Namespaces.model_validate({"namespaces": rows})
