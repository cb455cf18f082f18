"""A dataset: all that its page shows."""

from fastapi import APIRouter

from consumer.api.context import Store
from consumer.api.errors import not_found
from consumer.api.prefixes import WEB
from consumer.api.web.datasets import DatasetPage

router = APIRouter(prefix=WEB, tags=["web"])

MOST = 200  # rows of each part
PARTS = {
    "fields": "web/datasets/fields",
    "changes": "web/datasets/changes",
    "owners": "web/datasets/owners",
    "tags": "web/datasets/tags",
    "jobs": "web/datasets/jobs",
    "written": "web/datasets/written",
    "checks": "web/datasets/checks",
    "impact": "web/datasets/impact",
}


@router.get("/dataset")
def get_dataset(store: Store, name: str, namespace: str | None = None) -> DatasetPage:
    """Return a dataset, found under any of its names."""
    with store.snapshot() as snapshot:
        names = snapshot.rows("web/datasets/names", namespace=namespace, name=name)
        if not names:
            raise not_found("Dataset", name)
        main = names[0]
        parts = {
            part: snapshot.rows(
                statement, namespace=main["namespace"], name=main["name"], limit=MOST
            )
            for part, statement in PARTS.items()
        }
    known = [
        {key: row[key] for key in ("namespace", "name", "is_main", "last_named_at")}
        for row in names
    ]
    of_main = ("namespace", "name", "description", "state", "state_at")
    return DatasetPage.model_validate(
        {**{key: main[key] for key in of_main}, "names": known, **parts}
    )
