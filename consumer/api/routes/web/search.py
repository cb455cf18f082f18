"""Search: jobs, datasets, columns and runs by words of their names."""

from typing import Annotated

from fastapi import APIRouter, Query

from consumer.api.context import Store
from consumer.api.prefixes import WEB
from consumer.api.web.search import SearchResult

router = APIRouter(prefix=WEB, tags=["web"])


@router.get("/search")
def search(
    store: Store,
    q: Annotated[str, Query(max_length=500)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> SearchResult:
    """Find what has words that begin with all the words asked for; of each kind at most `limit`."""
    found = store.rows("web/search", text=q, limit=limit)
    return SearchResult.model_validate({"found": found})
