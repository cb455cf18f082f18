"""Airflow's plugin: spares each task the import of what sends its events, and shows lineage.

Found by Airflow through the entry point group airflow.plugins, or in its plugins folder.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/lineage"
# Where Airflow 3 shows a tab, and the page of the web application that is in it.
PAGES = {
    "nav": "",
    "dag": "?dag={DAG_ID}",
    "dag_run": "dag-runs/by-airflow/{DAG_ID}/{RUN_ID}",
    "task": "graph?kind=job&name={DAG_ID}.{TASK_ID}",
    "task_instance": "dag-runs/by-airflow/{DAG_ID}/{RUN_ID}?task={TASK_ID}",
}
# Those who only send events have not installed the extra `api`, and get no tabs.
IS_SHOWN = all(map(find_spec, ("fastapi", "psycopg_pool")))


class Pages:
    """The web application, imported with the first request: only the API server gets any."""

    def __init__(self) -> None:
        """Remember that nothing was asked yet."""
        self._app: ASGIApp | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        if self._app is None:
            from openlineage_avro_pages import application

            self._app = application()
        await self._app(scope, receive, send)


def view(destination: str, page: str) -> dict[str, Any]:
    """Return what makes Airflow show a page of the application as a tab or in its navigation."""
    return {
        "name": "Lineage",
        "href": f"{PREFIX}/?embed=1#/{page}",
        "destination": destination,
        "url_route": "lineage" if destination == "nav" else f"lineage-{destination}",
    }


class OpenLineageAvroPlugin(AirflowPlugin):
    """Imports ahead of the first event where Airflow's transport is ours; adds Lineage tabs."""

    name = "openlineage_avro"
    # Airflow 2.11 does not look at these.
    fastapi_apps = [{"app": Pages(), "url_prefix": PREFIX, "name": "Lineage"}] if IS_SHOWN else []
    external_views = [view(*each) for each in PAGES.items()] if IS_SHOWN else []

    @classmethod
    def on_load(cls, *_args: Any, **_kwargs: Any) -> None:
        """Import what the first event would, without connecting to anything."""
        from openlineage_avro.preload import preload_where_tasks_are_forked

        preload_where_tasks_are_forked()
