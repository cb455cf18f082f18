"""Sources: where datasets physically are, as their facets or people say it."""

from fastapi import APIRouter

from consumer.api.changes import SourceMeta
from consumer.api.context import Limit, Offset, Store
from consumer.api.errors import not_found
from consumer.api.prefixes import API
from consumer.api.raw_path import Segment
from consumer.api.shapes import Source, Sources

router = APIRouter(prefix=API, tags=["sources"])


@router.get("/sources")
def list_sources(store: Store, limit: Limit = 100, offset: Offset = 0) -> Sources:
    """List sources by name."""
    rows = store.rows("api/sources/list", limit=limit, offset=offset)
    return Sources.model_validate({"sources": rows})


@router.get("/sources/{source}")
def get_source(store: Store, source: Segment) -> Source:
    """Return a source."""
    row = store.row("api/sources/find", name=source)
    if row is None:
        raise not_found("Source", source)
    return Source.model_validate(row)


@router.put("/sources/{source}")
def put_source(store: Store, source: Segment, meta: SourceMeta) -> Source:
    """Say where a source is."""
    store.change("api/sources/put", name=source, **meta.model_dump())
    return get_source(store, source)
