"""The tables in DuckDB, under the same names, and the walks as table macros.

Iceberg's metadata is read by PyIceberg, so DuckDB needs no extension. Files without deletes are
read by DuckDB itself, which skips what a query does not ask for; others come whole, by Arrow.
"""

import re
from pathlib import Path

import duckdb
from pyiceberg.table import StaticTable

from lakehouse.pipelines import runs_with_pipeline
from lakehouse.tables import NAMESPACE, TABLES

# A node is found once: of the rows with one key the recursion keeps those that were there first.
_WALK = """
CREATE MACRO {namespace}.{direction}(start) AS TABLE
WITH RECURSIVE node AS (
    SELECT from_kind AS kind, from_namespace AS namespace, from_name AS name
    FROM {namespace}.edges WHERE from_name = start
    UNION
    SELECT to_kind, to_namespace, to_name FROM {namespace}.edges WHERE to_name = start
),
walk(kind, namespace, name, depth, via, edge) USING KEY (kind, namespace, name) AS (
    SELECT
        CASE WHEN count(*) = 1 THEN min(kind) ELSE error(
            start || ': expected one job or dataset with edges, found ' || coalesce(
                string_agg(concat_ws(':', kind, namespace, name), ', ' ORDER BY kind, namespace),
                'none'
            )
        ) END,
        min(namespace), min(name), 0, NULL::text, NULL::text
    FROM node
    UNION
    SELECT step.{there}_kind, step.{there}_namespace, step.{there}_name, any_value(walk.depth) + 1,
        arg_min(concat_ws(':', walk.kind, walk.namespace, walk.name), step.edge), min(step.edge)
    FROM walk
    JOIN {namespace}.edges AS step ON (step.{here}_kind, step.{here}_namespace, step.{here}_name)
        = (walk.kind, walk.namespace, walk.name)
    WHERE NOT EXISTS (
        FROM recurring.walk AS known
        WHERE (known.kind, known.namespace, known.name)
            = (step.{there}_kind, step.{there}_namespace, step.{there}_name)
    )
    GROUP BY 1, 2, 3
)
SELECT depth, kind, namespace, name, via, edge FROM walk WHERE depth > 0
ORDER BY depth, kind, namespace, name
"""
_DIRECTIONS = (("upstream", "to", "from"), ("downstream", "from", "to"))


def connect(warehouse: str, queries: list[str]) -> duckdb.DuckDBPyConnection:
    """Return a connection with those tables of a local warehouse that some queries name.

    Runs have their pipeline_run_id where a query names it. Raises FileNotFoundError where there is
    no such table.
    """
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = 'UTC'; CREATE SCHEMA {NAMESPACE}")
    text = "\n".join(queries)
    walks = [each for each in _DIRECTIONS if _names(text, f"{NAMESPACE}.{each[0]}")]
    for table in TABLES:
        if _names(text, f"{NAMESPACE}.{table.name}") or (walks and table.name == "edges"):
            _add(connection, table.name, open_table(warehouse, table.name))
    if _names(text, f"{NAMESPACE}.runs") and _names(text, "pipeline_run_id"):
        _add_pipelines(connection)
    for direction, here, there in walks:
        connection.execute(
            _WALK.format(namespace=NAMESPACE, direction=direction, here=here, there=there)
        )
    return connection


def _names(text: str, name: str) -> bool:
    """Tell whether some queries name something."""
    return bool(re.search(rf"\b{re.escape(name)}\b", text))


def _add_pipelines(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the view of runs the column pipeline_run_id."""

    def keep(name: str, query: str) -> None:
        connection.execute(f"CREATE TEMP TABLE {name} AS {query}")

    def count(query: str) -> int:
        [(number,)] = connection.execute(query).fetchall()
        return int(number)

    query = runs_with_pipeline(keep, count)
    connection.execute(f"CREATE TEMP TABLE runs_with_pipeline AS {query}")
    connection.execute(
        f"CREATE OR REPLACE VIEW {NAMESPACE}.runs AS SELECT * FROM runs_with_pipeline"  # noqa: S608
    )


def open_table(warehouse: str, name: str) -> StaticTable:
    """Return a table of a local warehouse as it is now; raise FileNotFoundError."""
    metadata = Path(warehouse.removeprefix("file:"), NAMESPACE, name, "metadata")
    version = (metadata / "version-hint.text").read_text().strip()
    return StaticTable.from_metadata(str(metadata / f"v{version}.metadata.json"))


def _add(connection: duckdb.DuckDBPyConnection, name: str, table: StaticTable) -> None:
    files = list(table.scan().plan_files())
    if files and not any(each.delete_files for each in files):
        paths = ", ".join(f"'{_path(each.file.file_path)}'" for each in files)
        rows = f"read_parquet([{paths}], hive_partitioning = false)"
    else:
        rows = f"arrow_{name}"
        connection.register(rows, table.scan().to_arrow())
    connection.execute(f"CREATE VIEW {NAMESPACE}.{name} AS SELECT * FROM {rows}")  # noqa: S608


def _path(location: str) -> str:
    return location.removeprefix("file:").replace("'", "''")
