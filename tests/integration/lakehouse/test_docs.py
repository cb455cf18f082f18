"""docs/lakehouse.md shows answers that PostgreSQL, Spark and DuckDB agree on."""

import json
import os
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from consumer.store.store import Store
from openlineage_avro import encode
from tests.support import corpus
from tests.support.dashboard import dashboard
from tests.support.lake import Lake
from tests.support.storing import produce, put
from tests.support.tables import shown

PAGE = Path(__file__).parents[3] / "docs" / "lakehouse.md"
# Options of the command, the query in Spark, that of another engine, and the answer. What DuckDB is
# asked otherwise than Spark is asked as PostgreSQL is.
EXAMPLE = re.compile(
    r"(?:lakehouse\.ask (?P<option>--[\w-]+(?: \S+)?)`:\n\n)?```sql\n(?P<spark>[^`]*?);\n```\n"
    r"(?:\n(?P<other>DuckDB and PostgreSQL|PostgreSQL):\n\n```sql\n(?P<query>[^`]*?);\n```\n)?"
    r"```text\n(?P<answer>[^`]*?)```\n"
)
SIX = 6
REFUSED = {
    "SELECT * FROM lineage.upstream('nope')": "nope: expected one job or dataset with edges",
    "SELECT nothing FROM lineage.runs": 'error: Binder Error: Referenced column "nothing"',
}


@pytest.mark.slow
def test_three_engines_give_the_answers_of_the_page(
    kafka_bootstrap_servers: str, topic: str, store: Store, store_url: str, tmp_path: Path
) -> None:
    events = corpus.sample_dags()
    events += dashboard(corpus.namespace_of("warehouse.public.country_revenue", events))
    put(store, events)
    produce(kafka_bootstrap_servers, topic, map(encode, events))
    lake = Lake(kafka_bootstrap_servers, tmp_path / "warehouse")
    lake.load(topic)
    page = PAGE.read_text()
    examples = list(EXAMPLE.finditer(page))
    assert len(examples) == SIX

    theirs = [postgres(store_url, each["query"] or each["spark"]) for each in examples]
    in_duckdb = [
        each["spark"] if each["other"] in (None, "PostgreSQL") else each["query"]
        for each in examples
    ]
    options = [part for each in examples if each["option"] for part in each["option"].split()]
    assert lake.spark(*(each["spark"] for each in examples), more=tuple(options)) == theirs
    assert lake.duckdb(*in_duckdb) == theirs
    for query, said in REFUSED.items():
        assert said in lake.refused(query)

    for example, rows in zip(examples, theirs, strict=True):
        written = example[0][: example.start("answer") - example.start()] + as_text(rows) + "```\n"
        page = page.replace(example[0], written)
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page


def postgres(url: str, query: str) -> list[dict[str, Any]]:
    """Return PostgreSQL's answer, as it is after JSON."""
    with psycopg.connect(url, row_factory=dict_row, options="-c timezone=UTC") as connection:
        rows = connection.execute(query.encode()).fetchall()
    as_json: list[dict[str, Any]] = json.loads(json.dumps(rows, default=str))
    return as_json


def as_text(rows: list[dict[str, Any]]) -> str:
    """Return an answer as psql shows it."""
    return shown(list(rows[0]), [list(row.values()) for row in rows])
