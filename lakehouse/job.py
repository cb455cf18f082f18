"""The streaming job: micro-batches of the topic's records are merged into the tables.

Exactly once: Spark's checkpoint says which offsets a micro-batch has, and gives the same ones again
after a crash; merging the same rows twice changes nothing (tables.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

from lakehouse import statements
from lakehouse.arrow import deriving, spark_schema
from lakehouse.tables import NAMESPACE, TABLES, Table
from openlineage_avro.schema_registry import Registry

# When a table's rows are made, by the column that says so.
_NOW = {"stored_at", "rejected_at"}


@dataclass(frozen=True)
class Source:
    """What is read: topics, and options of Spark's Kafka source by their names."""

    topics: tuple[str, ...]
    bootstrap_servers: str
    records_at_once: int
    options: Mapping[str, str] = field(default_factory=dict)
    registry: Registry | None = None

    def stream(self, spark: SparkSession) -> DataFrame:
        """Return the records of the topics, from their beginning on."""
        reader = spark.readStream.format("kafka").options(
            **{
                "kafka.bootstrap.servers": self.bootstrap_servers,
                "subscribe": ",".join(self.topics),
                "startingOffsets": "earliest",
                "maxOffsetsPerTrigger": str(self.records_at_once),
                **self.options,
            }
        )
        return reader.load().select("topic", "partition", "offset", "timestamp", "key", "value")


def make_tables(spark: SparkSession) -> None:
    """Make the tables that are not there."""
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {NAMESPACE}")
    for table in TABLES:
        spark.sql(statements.create(table))


def start(
    spark: SparkSession, source: Source, checkpoint: str, every: str | None
) -> StreamingQuery:
    """Start to merge; `every` is how often, as Spark writes it, or None: to the topic's end."""

    def store(records: DataFrame, _: int) -> None:
        _store(records, source.registry)

    writer = source.stream(spark).writeStream.foreachBatch(store)
    writer = writer.option("checkpointLocation", checkpoint)
    writer = writer.trigger(processingTime=every) if every else writer.trigger(availableNow=True)
    return writer.start()


def _store(records: DataFrame, registry: Registry | None) -> None:
    derived = records.mapInArrow(deriving(registry), spark_schema())
    derived = derived.persist(StorageLevel.MEMORY_AND_DISK)
    try:
        # One query for all tables: each costs a pass over the rows and the driver's planning.
        reach = derived.selectExpr(*statements.reach()).first()
        for table in TABLES:
            only = statements.only(table, reach[table.name] if reach else None)
            if only is not None:
                _merge(derived, table, only)
    finally:
        derived.unpersist()


def _merge(derived: DataFrame, table: Table, only: str) -> None:
    spark = derived.sparkSession
    rows = derived.where(f"{table.name} IS NOT NULL").select(f"{table.name}.*")
    for name in _NOW & set(table.columns):
        rows = rows.selectExpr(f"* EXCEPT ({name})", f"current_timestamp() AS {name}")
    rows.createOrReplaceTempView("derived")
    spark.sql(statements.combined(table, "derived")).createOrReplaceTempView("combined")
    spark.sql(statements.merge(table, "combined", only))
