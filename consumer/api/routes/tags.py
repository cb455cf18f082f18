"""Tags that people give to jobs, datasets and fields."""

from fastapi import APIRouter

from consumer.api.context import Limit, Offset, Store
from consumer.api.shapes import Tags

router = APIRouter(tags=["tags"])


@router.get("/tags")
def list_tags(store: Store, limit: Limit = 100, offset: Offset = 0) -> Tags:
    """List tags by name."""
    rows = store.rows("api/tags/list", limit=limit, offset=offset)
    return Tags.model_validate({"tags": rows})
