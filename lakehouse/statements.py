"""The SQL that makes the tables and merges a micro-batch into them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from lakehouse.tables import NAMESPACE, TABLES, Table

# Newer versions of the format have deletes that not all engines read yet.
_PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    "write.merge.mode": "merge-on-read",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}
MOST_RANGES = 50


def full_name(table: Table) -> str:
    """Return the name under which queries know a table."""
    return f"{NAMESPACE}.{table.name}"


def create(table: Table) -> str:
    """Return the statement that makes a table unless it is there."""
    columns = ", ".join(f"`{name}` {kind}" for name, kind in table.columns.items())
    partitioned = f" PARTITIONED BY (days({table.day}))" if table.day else ""
    properties = ", ".join(f"'{name}' = '{value}'" for name, value in _PROPERTIES.items())
    return (
        f"CREATE TABLE IF NOT EXISTS {full_name(table)} ({columns}) USING iceberg"
        f"{partitioned} TBLPROPERTIES ({properties})"
    )


def combined(table: Table, source: str) -> str:
    """Return the query that makes one row of each key out of the rows of `source`."""
    keys = ", ".join(table.key)
    if not table.merges:
        # Of records with the same event the first, as far as there is one.
        order = "topic, partition, record_offset"
        return (
            "SELECT * EXCEPT (number) FROM (SELECT *, row_number() OVER"  # noqa: S608
            f" (PARTITION BY {keys} ORDER BY {order}) AS number FROM {source}) WHERE number = 1"
        )
    merged = [f"min({name}) AS {name}" for name in table.least]
    for group in table.groups:
        greatest = f"max({_struct(group.by)})"
        merged += [f"{greatest}.{name} AS {name}" for name in group.columns]
    return f"SELECT {keys}, {', '.join(merged)} FROM {source} GROUP BY {keys}"  # noqa: S608


def merge(table: Table, source: str, only: str = "true") -> str:
    """Return the statement that merges `source`, a row for each key, into a table.

    `only` is what is known of the rows of the table (`t`) that can have one of the keys.
    """
    same = " AND ".join(f"t.{name} <=> s.{name}" for name in table.key)
    statement = f"MERGE INTO {full_name(table)} AS t USING {source} AS s ON {same} AND ({only})"
    if table.merges:
        values = _merged_values(table)
        changed = " AND ".join(f"t.{name} <=> {value}" for name, value in values.items())
        sets = ", ".join(f"t.{name} = {value}" for name, value in values.items())
        statement += f" WHEN MATCHED AND NOT ({changed}) THEN UPDATE SET {sets}"
    names = ", ".join(f"`{name}`" for name in table.columns)
    inserted = ", ".join(f"s.`{name}`" for name in table.columns)
    return statement + f" WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({inserted})"  # noqa: S608


def _merged_values(table: Table) -> dict[str, str]:
    values = {name: f"least(t.{name}, s.{name})" for name in table.least}
    for group in table.groups:
        greatest = f"greatest({_struct(group.by, 't.')}, {_struct(group.by, 's.')})"
        values |= {name: f"{greatest}.{name}" for name in group.columns}
    return values


def _struct(names: Iterable[str], owner: str = "") -> str:
    return "named_struct(" + ", ".join(f"'{name}', {owner}{name}" for name in names) + ")"


def reach() -> list[str]:
    """Return what to select of derived rows to learn where the tables may have their keys.

    A column for each table: the days of its rows, or the least and the greatest of its key's first
    column. `only` makes a condition of it.
    """
    return [f"{_reach(table)} AS {table.name}" for table in TABLES]


def _reach(table: Table) -> str:
    if table.day and not table.merges:
        return f"collect_set(CAST({table.name}.{table.day} AS date))"
    name = f"{table.name}.{table.key[0]}"
    return f"named_struct('first', min({name}), 'last', max({name}))"


def only(table: Table, reached: Any) -> str | None:
    """Return what narrows down where a table may have the derived rows; None: there are none.

    `reached` is the table's column of a row of `reach`.
    """
    if table.day and not table.merges:
        return within_days(table.day, reached) if reached else None
    if not reached or reached["last"] is None:
        return None
    name = table.key[0]
    return f"t.{name} >= {_literal(reached['first'])} AND t.{name} <= {_literal(reached['last'])}"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def within_days(column: str, days: Iterable[date | None]) -> str:
    """Return the condition that a time of the table lies on one of some days, in UTC.

    Iceberg reads the partitions of those days alone; of very many days, those from the first to
    the last. No day at all: the time is null.
    """
    known = sorted(day for day in days if day is not None)
    ranges: list[list[date]] = []
    for day in known:
        if ranges and day - ranges[-1][1] <= timedelta(days=1):
            ranges[-1][1] = day
        else:
            ranges.append([day, day])
    if len(ranges) > MOST_RANGES:
        ranges = [[known[0], known[-1]]]
    conditions = [
        f"(t.{column} >= TIMESTAMP '{first} 00:00:00Z'"
        f" AND t.{column} < TIMESTAMP '{last + timedelta(days=1)} 00:00:00Z')"
        for first, last in ranges
    ]
    return " OR ".join([*conditions, f"t.{column} IS NULL"])
