"""`python -m lakehouse`: reads topics into the tables, until stopped or to their end."""

import argparse
import sys
from typing import TYPE_CHECKING

from lakehouse.options import add_spark_options, pairs
from lakehouse.start import run_with_spark
from openlineage_avro.schema_registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyspark.sql.streaming.listener import StreamingQueryProgress


def main(arguments: list[str]) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    return run_with_spark("lakehouse", arguments, lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    from lakehouse.job import Source, make_tables, start
    from lakehouse.session import open_session

    source = Source(
        tuple(options.topic),
        options.bootstrap_servers,
        options.records_at_once,
        pairs(options.kafka),
        Registry.of_environment(options.schema_registry_url),
    )
    checkpoint = options.checkpoint or f"{options.warehouse}/_checkpoints/{'+'.join(options.topic)}"
    spark = open_session(options)
    make_tables(spark)
    query = start(spark, source, checkpoint, None if options.until_end else options.every)
    query.awaitTermination()
    print(read(query.recentProgress), file=sys.stderr)
    spark.stop()


def read(progress: "Iterable[StreamingQueryProgress]") -> str:
    """Return how much some micro-batches have read, how long that took, and how fast each was.

    The first one is slower than the others: the JVM compiles what it runs.
    """
    batches = [
        (each.numInputRows, each.durationMs["triggerExecution"] / 1000)
        for each in progress
        if each.numInputRows
    ]
    records = sum(count for count, _ in batches)
    seconds = sum(taken for _, taken in batches)
    rates = ", ".join(f"{count / taken:.0f}" for count, taken in batches)
    return (
        f"read {records} records in {len(batches)} micro-batches and {seconds:.1f} s;"
        f" records a second in each: {rates}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lakehouse",
        description="Read topics of OpenLineage events into Iceberg tables, each event once.",
    )
    add_spark_options(parser)
    parser.add_argument(
        "--topic",
        action="append",
        required=True,
        help="a topic; may be given several times",
    )
    parser.add_argument(
        "--bootstrap-servers", required=True, metavar="HOST:PORT", help="brokers, with commas"
    )
    parser.add_argument(
        "--until-end", action="store_true", help="stop at what is the topics' end at the start"
    )
    parser.add_argument(
        "--every", default="1 minute", help="how often to write (default: %(default)s)"
    )
    parser.add_argument(
        "--records-at-once",
        type=int,
        default=50_000,
        metavar="N",
        help="the most records of a micro-batch (default: %(default)s)",
    )
    parser.add_argument(
        "--checkpoint",
        metavar="PATH",
        help="where Spark notes what it has read (default: _checkpoints in the warehouse)",
    )
    parser.add_argument(
        "--kafka",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of Spark's Kafka source, such as kafka.security.protocol=SASL_SSL",
    )
    parser.add_argument(
        "--schema-registry-url",
        metavar="URL",
        help="for messages in the Confluent wire format; its login as for the consumer",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
