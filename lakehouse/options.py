"""The options that all commands of this folder have."""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

JARS_FOLDER = "LAKEHOUSE_JARS"


def add_spark_options(parser: argparse.ArgumentParser) -> None:
    """Add where the tables are and how Spark is started."""
    parser.add_argument(
        "--warehouse", required=True, help="path or URL of the folder that holds the tables"
    )
    parser.add_argument(
        "--master", default="local[*]", help="Spark's master (default: %(default)s)"
    )
    parser.add_argument(
        "--conf",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of Spark, such as spark.sql.catalog.lake.type=rest",
    )
    parser.add_argument(
        "--jars",
        type=Path,
        metavar="FOLDER",
        default=os.environ.get(JARS_FOLDER),
        help="jars for Kafka and Iceberg; in a clone of the repository they are fetched",
    )


def pairs(given: Iterable[str]) -> dict[str, str]:
    """Return `NAME=VALUE` texts as a dictionary; raise SystemExit for one without `=`."""
    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise SystemExit(f"error: expected NAME=VALUE, got {each}")
        found[name] = value
    return found
