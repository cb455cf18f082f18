"""docs/sql.md shows real answers and a reference made of the comments in the database."""

import os
import re
from pathlib import Path
from typing import Any

import psycopg

from consumer.store.store import Store
from tests.support import corpus
from tests.support.dashboard import dashboard
from tests.support.storing import batch, offset_of, put
from tests.support.tables import shown

PAGE = Path(__file__).parents[4] / "docs" / "sql.md"
EXAMPLE = re.compile(r"```sql\n(.*?)```\n```text\n.*?```\n", re.DOTALL)
REFERENCE = "## Reference\n"

VIEWS = """
SELECT c.relname, obj_description(c.oid), a.attname, format_type(a.atttypid, NULL),
       col_description(c.oid, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'lineage'::regnamespace AND c.relkind = 'v'
ORDER BY c.relname COLLATE "C", a.attnum
"""
FUNCTIONS = """
SELECT proname, pg_get_function_arguments(oid), obj_description(oid)
FROM pg_proc WHERE pronamespace = 'lineage'::regnamespace
ORDER BY proname COLLATE "C", pg_get_function_arguments(oid) COLLATE "C"
"""


def test_the_page_is_what_the_database_answers(store: Store, store_url: str) -> None:
    events = corpus.sample_dags()
    warehouse = corpus.namespace_of("warehouse.public.country_revenue", events)
    put(store, [*events, *dashboard(warehouse)])
    store.write(batch([b"not an event"], offset_of(store).next_offset))
    with psycopg.connect(store_url, options="-c timezone=UTC") as connection:
        written = PAGE.read_text()
        page = EXAMPLE.sub(lambda found: example(connection, found[1]), written)
        page = page[: page.index(REFERENCE) + len(REFERENCE)] + reference(connection)
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page
    assert len(EXAMPLE.findall(page)) > 10


def example(connection: psycopg.Connection[Any], query: str) -> str:
    """Return an example with its answer as the database gives it now."""
    return f"```sql\n{query}```\n```text\n{answer(connection, query)}```\n"


def answer(connection: psycopg.Connection[Any], query: str) -> str:
    """Return the answer of a query as psql shows it."""
    cursor = connection.execute(query.encode())
    heads = [column.name for column in cursor.description or ()]
    return shown(heads, [list(row) for row in cursor])


def reference(connection: psycopg.Connection[Any]) -> str:
    """Return the views with their columns, and the functions, from their comments."""
    lines: list[str] = []
    for view, comment, column, kind, meaning in connection.execute(VIEWS):
        if (heading := f"### lineage.{view}") not in lines:
            lines += ["", heading, "", comment, "", "| column | type | |", "|---|---|---|"]
        lines.append(f"| {column} | {kind} | {meaning} |")
    for function, arguments, comment in connection.execute(FUNCTIONS.encode()):
        arguments = arguments.replace("'-infinity'::timestamp with time zone", "'-infinity'")
        lines += ["", f"### lineage.{function}({arguments})", "", comment]
    return "\n".join(lines) + "\n"
