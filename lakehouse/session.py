"""A Spark session whose catalog is the warehouse: an Iceberg catalog named lake, UTC throughout."""

import argparse
import os
from pathlib import Path

from pyspark.sql import SparkSession

from lakehouse.options import pairs

CATALOG = "lake"


def open_session(options: argparse.Namespace) -> SparkSession:
    """Return a session as the options say (options.py); `--conf` wins, also over the catalog.

    Without other settings the catalog is of Iceberg's type hadoop: tables are folders of the
    warehouse, a path or URL of a file system with atomic renames.
    """
    catalog = f"spark.sql.catalog.{CATALOG}"
    if options.master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # Spark's scripts read it
    chosen = {
        **_with_jars(options.jars),
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.type": "hadoop",
        f"{catalog}.warehouse": options.warehouse,
        "spark.sql.defaultCatalog": CATALOG,
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "16",
        # A record becomes some 6 KB of JSON.
        "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **(_on_one_machine() if options.master.startswith("local") else {}),
        **pairs(options.conf),
    }
    builder = SparkSession.builder.appName("openlineage-lakehouse").master(options.master)
    for name, value in chosen.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _with_jars(folder: Path | None) -> dict[str, str]:
    """Return the settings for jars of a folder; without one they are on Spark's class path."""
    return {"spark.jars": ",".join(map(str, sorted(folder.glob("*.jar"))))} if folder else {}


def _on_one_machine() -> dict[str, str]:
    """Return the settings for a driver that does all the work itself.

    In Spark's usual 1 GB a micro-batch of 50,000 records (some 300 MB of JSON, kept while the
    tables are written) goes to the disk.
    """
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
    }
