"""Rows of the tables as Arrow batches, which is how Spark and Python hand rows to each other.

A batch has a column for each table, a struct of its columns; a row has one of them, the others
are null. So one pass over the records gives the rows of all tables.
"""

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from lakehouse.derive import KafkaRecord, TableRows, derive
from lakehouse.tables import TABLES, Table
from openlineage_avro.schema_registry import Registry, schemas_of

_ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "binary": pa.binary(),
    "timestamp": pa.timestamp("us", "UTC"),
}


def deriving(
    registry: Registry | None,
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return what makes rows of the tables out of batches of Kafka's records, for mapInArrow.

    The given batches have Spark's columns of a Kafka source: topic, partition, offset, timestamp,
    key and value.
    """

    def rows_of_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema_of = schemas_of(registry)
        for batch in batches:
            names = ("topic", "partition", "offset", "timestamp", "key", "value")
            columns = (batch.column(name).to_pylist() for name in names)
            records = map(KafkaRecord._make, zip(*columns, strict=True))
            yield as_batch(derive(records, schema_of))

    return rows_of_batches


def as_batch(rows: TableRows) -> pa.RecordBatch:
    """Return one batch with the rows of all tables, one table's after the other's."""
    parts = [_struct_array(table, rows.get(table.name, [])) for table in TABLES]
    total = sum(map(len, parts))
    columns, before = [], 0
    for part in parts:
        after = total - before - len(part)
        columns.append(
            pa.concat_arrays([pa.nulls(before, part.type), part, pa.nulls(after, part.type)])
        )
        before += len(part)
    return pa.RecordBatch.from_arrays(columns, [table.name for table in TABLES])


def spark_schema() -> str:
    """Return the type of `as_batch` in Spark's words."""
    return ", ".join(f"{table.name} struct<{_members(table)}>" for table in TABLES)


def _members(table: Table) -> str:
    return ", ".join(f"`{name}`: {kind}" for name, kind in table.columns.items())


def _struct_array(table: Table, rows: list[tuple[object, ...]]) -> pa.StructArray:
    fields = [pa.field(name, _arrow_type(kind)) for name, kind in table.columns.items()]
    columns = zip(*rows, strict=True) if rows else [()] * len(fields)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, fields, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=fields)


def _arrow_type(kind: str) -> pa.DataType:
    if kind in _ARROW:
        return _ARROW[kind]
    inner = kind.removeprefix("array<struct<").removesuffix(">>")
    members = (member.strip().split(": ") for member in inner.split(","))
    return pa.list_(pa.struct([(name, _ARROW[member]) for name, member in members]))
