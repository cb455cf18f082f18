"""Spares each task the import of what sends its events: the process that forks it has done it.

Found by Airflow through the entry point group airflow.plugins. Scheduler and Celery workers load
plugins once and fork every task; what they have imported, the tasks need not.
"""

import sys
from typing import Any

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

# Airflow's commands that start no tasks: they need not wait for imports.
FORKS_NO_TASKS = {"api-server", "dag-processor", "triggerer", "db"}


class OpenLineageAvroPlugin(AirflowPlugin):
    """Imports ahead of the first event where Airflow's transport is ours."""

    name = "openlineage_avro"

    @classmethod
    def on_load(cls, *_args: Any, **_kwargs: Any) -> None:
        """Import what the first event would, without connecting to anything."""
        ours = "openlineage_avro" in conf.get("openlineage", "transport", fallback="")
        if ours and not FORKS_NO_TASKS.intersection(sys.argv):
            preload()


def preload() -> None:
    """Import what sends an event and make the codec's functions; nothing is started or opened."""
    import sqlite3  # noqa: F401

    from openlineage_avro import transport  # noqa: F401
    from openlineage_avro.codec import prepare
    from openlineage_avro.kafka_import import import_producer

    import_producer()
    prepare(completely=True)
