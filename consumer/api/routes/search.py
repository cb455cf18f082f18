"""Finding jobs and datasets by a part of their names."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BeforeValidator

from consumer.api.context import Limit, Store
from consumer.api.graph_shapes import SearchResult, SearchResults
from consumer.api.node_ids import dataset_id, job_id
from consumer.api.prefixes import API

router = APIRouter(prefix=API, tags=["search"])

Filter = Annotated[Literal["JOB", "DATASET"], BeforeValidator(str.upper)]
Sort = Annotated[Literal["NAME", "UPDATE_AT", "UPDATED_AT"], BeforeValidator(str.upper)]


@router.get("/search")
def search(
    store: Store,
    q: Annotated[str, Query(description="a part of the name; capital letters do not matter")],
    filter_: Annotated[Filter | None, Query(alias="filter")] = None,
    sort: Annotated[Sort, Query()] = "NAME",
    limit: Limit = 10,
    namespace: str | None = None,
    before: datetime | None = None,
    after: datetime | None = None,
) -> SearchResults:
    """Find jobs and datasets; before and after are about the last event that told of them."""
    rows = store.rows(
        "api/search/find",
        text=q,
        type=filter_ or "",
        namespace=namespace,
        before=before,
        after=after,
        latest_first=sort != "NAME",
        limit=limit,
    )
    total = rows[0]["total"] if rows else 0
    return SearchResults(total_count=total, results=[_result(row) for row in rows])


def _result(row: dict[str, object]) -> SearchResult:
    found = {key: value for key, value in row.items() if key != "total"}
    write = job_id if row["type"] == "JOB" else dataset_id
    node = write(str(row["namespace"]), str(row["name"]))
    return SearchResult.model_validate(found | {"node_id": node})
