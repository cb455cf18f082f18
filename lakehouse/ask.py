"""`python -m lakehouse.ask`: asks the tables in Spark SQL or in DuckDB's, and shows the answers."""

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from consumer.query.answer import Answer, as_table
from lakehouse.options import add_spark_options
from lakehouse.start import run_with_spark

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from pyspark.sql import SparkSession

ENGINES = ("spark", "duckdb")
WALKS = ("upstream", "downstream")


def main(arguments: list[str]) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    return run_with_spark("lakehouse.ask", arguments, lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    answers = _spark(options) if options.engine == "spark" else _duckdb(options)
    before = time.monotonic()
    for answer in answers:
        if options.time:
            print(f"{time.monotonic() - before:.2f} s", file=sys.stderr)
        rows = answer.to_pylist()
        if options.json:
            print(json.dumps(rows, default=str))
        else:
            print(as_table(Answer(answer.column_names, [tuple(row.values()) for row in rows])))
        before = time.monotonic()


def _spark(options: argparse.Namespace) -> "Iterator[pa.Table]":
    from lakehouse.session import open_session
    from lakehouse.walks import NoSuchNode, walk

    spark = open_session(options)
    for direction in WALKS:
        if name := getattr(options, direction):
            before = time.monotonic()
            try:
                walk(spark, direction, name).createOrReplaceTempView(direction)
            except NoSuchNode as exc:
                raise SystemExit(f"error: {exc}") from None
            if options.time:
                print(f"{direction}: {time.monotonic() - before:.2f} s", file=sys.stderr)
    if options.pipeline_run_ids:
        _add_runs(spark)
    for query in options.query:
        yield spark.sql(query).toArrow()
    spark.stop()


def _add_runs(spark: "SparkSession") -> None:
    """Make the view `runs`: lineage.runs with its column pipeline_run_id."""
    from lakehouse.pipelines import runs_with_pipeline

    def keep(name: str, query: str) -> None:
        spark.sql(query).localCheckpoint().createOrReplaceTempView(name)

    query = runs_with_pipeline(keep, lambda query: int(spark.sql(query).first()[0]))
    spark.sql(query).createOrReplaceTempView("runs")


def _duckdb(options: argparse.Namespace) -> "Iterator[pa.Table]":
    import duckdb

    from lakehouse.duck import connect

    try:
        connection = connect(options.warehouse, options.query)
        for query in options.query:
            yield connection.sql(query).to_arrow_table()
    except FileNotFoundError as exc:
        raise SystemExit(f"error: --warehouse: expected the tables of a lakehouse: {exc}") from None
    except duckdb.Error as exc:
        raise SystemExit(f"error: {exc}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lakehouse.ask", description=__doc__)
    add_spark_options(parser)
    parser.add_argument("--engine", choices=ENGINES, default="spark")
    for direction in WALKS:
        parser.add_argument(
            f"--{direction}",
            metavar="NAME",
            help=f"Spark: make the view {direction}, the walk from the dataset or job of this name",
        )
    parser.add_argument(
        "--pipeline-run-ids",
        action="store_true",
        help="Spark: make the view runs, which is lineage.runs with its column pipeline_run_id",
    )
    parser.add_argument("--json", action="store_true", help="a line of JSON for each query")
    parser.add_argument("--time", action="store_true", help="tell how long each query took")
    parser.add_argument("query", nargs="+", help="of the tables lineage.events, lineage.runs, ...")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
