"""Airflow's plugin: spares each task the import of what sends its events.

Found by Airflow through the entry point group airflow.plugins, or in its plugins folder.
"""

from typing import Any

from airflow.plugins_manager import AirflowPlugin


class OpenLineageAvroPlugin(AirflowPlugin):
    """Imports ahead of the first event where Airflow's transport is ours."""

    name = "openlineage_avro"

    @classmethod
    def on_load(cls, *_args: Any, **_kwargs: Any) -> None:
        """Import what the first event would, without connecting to anything."""
        from openlineage_avro.preload import preload_where_tasks_are_forked

        preload_where_tasks_are_forked()
