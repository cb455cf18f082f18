"""Imports ahead, in the process that forks the tasks, what sends their events.

Scheduler and Celery workers load plugins once and fork every task; what they have imported, the
tasks need not.
"""

import sys

# Airflow's commands that start no tasks: they need not wait for imports.
FORKS_NO_TASKS = {"api-server", "dag-processor", "triggerer", "db"}


def preload_where_tasks_are_forked() -> None:
    """Preload if Airflow's transport is ours and its command starts tasks."""
    from airflow.configuration import conf

    transport = conf.get("openlineage", "transport", fallback="")
    if "openlineage_avro" in transport and not FORKS_NO_TASKS.intersection(sys.argv):
        preload()


def preload() -> None:
    """Import what sends an event and make the codec's functions; nothing is started or opened."""
    import sqlite3  # noqa: F401

    import zstandard  # noqa: F401

    from openlineage_avro import transport  # noqa: F401
    from openlineage_avro.codec import codec
    from openlineage_avro.kafka import producer

    producer.prepare(completely=True)
    codec.prepare(completely=True)
