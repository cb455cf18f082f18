"""Makes a store larger by copies of what it has: its runs and events with other keys and times.

By the way over a topic 20,000,000 events take hours, by this one some twenty minutes. Jobs,
datasets and their history stay as they are.
"""

from typing import Any, NamedTuple

import psycopg

MOST = 8  # times to double: a bit of each key tells the copies apart
# What has a row for each run or event; the months of the last two are partitions.
TABLES = ("runs", "families", "dag_runs", "run_io", "quality_checks", "event_packs", "events")
COLUMNS = """
SELECT attname::text, atttypid::regtype::text FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
ORDER BY attnum
"""
MONTHS = """
SELECT start, start + interval '1 month'
FROM (
    SELECT DISTINCT date_trunc('month', event_time) - %(copies)s * interval '1 year' AS start
    FROM lineage_store.events
) AS months
"""
LAST_PACK = "SELECT max(id) FROM lineage_store.event_packs"
# Keys that are hashes of what stays as it is.
OF_VALUES = ("task_settings", "task_graph", "tasks_event_hash")
# A key with another bit; that of no run stays. Times go back by whole years.
KEY = """CASE {column} WHEN '00000000-0000-0000-0000-000000000000' THEN {column}
    ELSE encode(set_byte(uuid_send({column}), 14,
        get_byte(uuid_send({column}), 14) # {copies}), 'hex')::uuid END"""
TIME = "{column} - {copies} * interval '1 year'"
TEXT = "{column} || ' {copies}'"
PACK = "{column} + {packs}"
NAMES = ("run_id", "airflow_run_id", "pipeline_run_id", "named_pipeline_run_id") + (
    "adopted_pipeline_run_id",
)

Connection = psycopg.Connection[Any]


class Column(NamedTuple):
    """A column of a table of the store."""

    table: str
    name: str
    type: str

    def copied(self, copies: int, packs: int) -> str:
        """Return the expression of its value in another copy than the first `copies`.

        `packs` is the id of the last pack.
        """
        way = "{column}"
        if self.type == "uuid" and self.name not in OF_VALUES:
            way = KEY
        elif self.type == "timestamp with time zone":
            way = TIME
        elif self.type == "text" and self.name in NAMES:
            way = TEXT
        elif self.name == "pack_id" or (self.table, self.name) == ("event_packs", "id"):
            way = PACK
        return way.format(column=self.name, copies=copies, packs=packs)


def double(url: str, times: int) -> None:
    """Add to a store all of its runs and events once more, `times` times (at most MOST)."""
    with psycopg.connect(url, autocommit=True, options="-c timezone=UTC") as connection:
        for number in range(times):
            with connection.transaction():
                _double(connection, 2**number)
        connection.execute("VACUUM (ANALYZE)")


def _double(connection: Connection, copies: int) -> None:
    """Add what there is, `copies` copies, once more."""
    [(packs,)] = connection.execute(LAST_PACK).fetchall()
    _make_months(connection, copies)
    for table in TABLES:
        rows = connection.execute(COLUMNS, [f"lineage_store.{table}"]).fetchall()
        columns = [Column(table, *row) for row in rows]
        names = ", ".join(column.name for column in columns)
        values = ", ".join(column.copied(copies, packs) for column in columns)
        connection.execute(
            f"INSERT INTO lineage_store.{table} ({names})"  # noqa: S608
            f" SELECT {values} FROM lineage_store.{table}".encode()
        )
    connection.execute("SELECT setval('lineage_store.event_pack_ids', %s)", [2 * packs])


def _make_months(connection: Connection, copies: int) -> None:
    """Make the partitions of the months that another copy has."""
    for table in TABLES[-2:]:
        for start, finish in connection.execute(MONTHS, {"copies": copies}).fetchall():
            connection.execute(
                f"CREATE TABLE lineage_store.{table}_{start:%Y_%m} PARTITION OF"
                f" lineage_store.{table} FOR VALUES FROM ('{start}') TO ('{finish}')".encode()
            )
