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
# Settings with which events are sent by kafka-python (Producer.can).
NEED_KAFKA_PYTHON = ('"producer"', "OAUTHBEARER", "lz4", "snappy")


class OpenLineageAvroPlugin(AirflowPlugin):
    """Imports ahead of the first event where Airflow's transport is ours."""

    name = "openlineage_avro"

    @classmethod
    def on_load(cls, *_args: Any, **_kwargs: Any) -> None:
        """Import what the first event would, without connecting to anything."""
        transport = conf.get("openlineage", "transport", fallback="")
        if "openlineage_avro" in transport and not FORKS_NO_TASKS.intersection(sys.argv):
            preload()
            if any(each in transport for each in NEED_KAFKA_PYTHON):
                import kafka.producer  # noqa: F401


def preload() -> None:
    """Import what sends an event and make the codec's functions; nothing is started or opened."""
    import sqlite3  # noqa: F401

    import zstandard  # noqa: F401

    from openlineage_avro import transport  # noqa: F401
    from openlineage_avro.codec import prepare

    prepare(completely=True)
