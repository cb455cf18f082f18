"""An upgraded database equals a fresh one, and foreign databases are refused with the fix."""

import threading
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from consumer import sql
from consumer.errors import StoreProblem
from consumer.rows.keys import key_of
from consumer.store import migrate as migration
from consumer.store.database import connect
from consumer.store.migrate import migrate
from tests.support.storing import command, rows

# Everything that makes a schema, as text that does not depend on the order of creation.
CATALOG = """
SELECT 'column', a.attrelid::regclass::text, a.attname || ' ' || format_type(atttypid, atttypmod)
       || ' ' || attnotnull || ' ' || attidentity::text || ' ' || attgenerated::text
       || coalesce(pg_get_expr(adbin, adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
WHERE attnum > 0 AND relnamespace IN ('lineage'::regnamespace, 'lineage_store'::regnamespace)
UNION ALL
SELECT 'relation', oid::regclass::text, relkind::text
       || coalesce(array_to_string(reloptions, ','), '') || coalesce(pg_get_viewdef(oid), '')
       || coalesce(obj_description(oid), '')
FROM pg_class WHERE relkind IN ('r', 'v')
  AND relnamespace IN ('lineage'::regnamespace, 'lineage_store'::regnamespace)
UNION ALL
SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relnamespace = 'lineage_store'::regnamespace
UNION ALL
SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'lineage_store'::regnamespace
UNION ALL
SELECT 'function', oid::regprocedure::text,
       pg_get_functiondef(oid) || coalesce(obj_description(oid), '')
FROM pg_proc WHERE pronamespace IN ('lineage'::regnamespace, 'lineage_store'::regnamespace)
UNION ALL
SELECT 'comment', attrelid::regclass::text || '.' || attname, col_description(attrelid, attnum)
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'lineage'::regnamespace
UNION ALL
SELECT 'enum', enumtypid::regtype::text, string_agg(enumlabel, ',' ORDER BY enumsortorder)
FROM pg_enum GROUP BY enumtypid
"""


def schema(url: str) -> list[tuple[str, ...]]:
    """Return everything that makes the schema of a database."""
    return sorted(rows(url, CATALOG), key=repr)


def apply(url: str) -> None:
    """Migrate a database."""
    with connect(url) as connection:
        migrate(connection)


@pytest.mark.parametrize("known", range(1, len(sql.migrations()) + 1))
def test_an_upgraded_database_equals_a_fresh_one(
    database_url: str, store_url: str, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        first = sql.migrations()[:known]
        older.setattr(sql, "migrations", lambda: first)
        older.setattr(sql, "views", list)
        apply(database_url)
    apply(database_url)
    assert schema(database_url) == schema(store_url)
    assert len(schema(store_url)) > 300


# What a database may have in it when it is upgraded. The first four migrations come together.
FILLED = """
    INSERT INTO lineage_store.partitions (
        cluster_id, topic, topic_id, partition, life, first_offset, next_offset, end_offset,
        stored, rejected
    ) VALUES ('c', 't', 'i', 0, 1, 0, 2, 2, 1, 1);
    INSERT INTO lineage_store.rejected (
        partition_id, record_offset, reason, framing, header_names, header_values, value
    ) SELECT id, 1, 'because', 'unknown', '{}', '{}', 'x' FROM lineage_store.partitions;
    INSERT INTO lineage_store.events (
        event_time, hash, run_id, job_id, pack_id, place, event_type
    ) VALUES ('2026-01-01', md5('e')::uuid, md5('r')::uuid, 1, 1, 1, 'START');
    INSERT INTO lineage_store.event_packs (
        id, event_time, bodies, partition_ids, record_offsets, record_times, record_bytes,
        framings, stored_at, is_small
    ) VALUES (1, '2026-01-01', ARRAY[
        '{"producer": "p", "run": {"facets": {"airflow": {"task": {"queue": "q", "pool": "é"}}}}}'
    ], '{1}', '{0}', ARRAY[now()], '{16}',
        '{json}', ARRAY[now()], true);
    INSERT INTO lineage_store.runs (id, job_id, job_rank, is_running, is_dag_run)
    VALUES (md5('r')::uuid, 1, 2, true, false);
    INSERT INTO lineage_store.jobs (id, key, namespace, name)
    VALUES (1, md5('j')::uuid, 'n', 'j')
"""


@pytest.mark.parametrize("known", range(4, len(sql.migrations()) + 1))
def test_what_was_stored_before_an_upgrade_is_there_after_it(
    database_url: str, store_url: str, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = sql.migrations()
    with monkeypatch.context() as older:
        older.setattr(sql, "views", list)
        for version in range(known, len(every) + 1):
            first = every[:version]
            older.setattr(sql, "migrations", lambda applied=first: applied)
            apply(database_url)
            if version == known:
                with psycopg.connect(database_url) as connection:
                    connection.execute(FILLED.encode())
    apply(database_url)
    assert rows(database_url, "SELECT topic, next_offset FROM lineage.partitions") == [("t", 2)]
    assert rows(database_url, "SELECT reason FROM lineage.rejected") == [("because",)]
    events = "SELECT event_type, producer, job_name FROM lineage.events"
    assert rows(database_url, events) == [("START", "p", "j")]
    assert rows(database_url, "SELECT job_name FROM lineage.runs") == [("j",)]
    settings = "SELECT queue, pool, hash FROM lineage_store.runs"
    settings += " JOIN lineage_store.task_settings ON hash = task_settings"
    expected = [("q", "é", key_of("", "", "q", "é"))]
    assert rows(database_url, settings) == (expected if known < 8 else [])
    assert schema(database_url) == schema(store_url)


def test_nothing_is_done_twice(spare_url: str) -> None:
    def done() -> list[tuple[object, ...]]:
        return rows(
            spare_url,
            "SELECT version::text, applied_at FROM lineage_store.migrations"
            " UNION ALL SELECT 'views', applied_at FROM lineage_store.views ORDER BY 1",
        )

    before = done()
    apply(spare_url)
    assert done() == before


def test_views_are_applied_anew_when_their_text_changes(
    spare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = [*sql.views(), ("99_new.sql", "CREATE VIEW lineage.new AS SELECT 1 AS one, '%' AS two")]
    monkeypatch.setattr(sql, "views", lambda: views)
    apply(spare_url)
    assert rows(spare_url, "SELECT * FROM lineage.new") == [(1, "%")]


def test_a_failing_migration_leaves_nothing_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (9999, "9999_broken.sql", "CREATE TABLE lineage_store.x (i int); SELECT 1/0")
    every = [*sql.migrations(), broken]
    monkeypatch.setattr(sql, "migrations", lambda: every)
    with pytest.raises(StoreProblem, match="division by zero"):
        apply(database_url)
    assert (9999,) not in rows(database_url, "SELECT version FROM lineage_store.migrations")
    assert rows(database_url, "SELECT to_regclass('lineage_store.x')") == [(None,)]


def test_consumers_that_start_together_wait_for_each_other(database_url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            apply(database_url)
        except BaseException as exc:  # handed to the test's thread
            failures.append(exc)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    count = len(sql.migrations())
    assert rows(database_url, "SELECT count(*) FROM lineage_store.migrations") == [(count,)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["migrate"],
        ["maintain"],
        ["rejected", "list"],
        ["rejected", "retry"],
        ["replay", "--to-file", "x.ndjson"],
        ["query", "search", "x"],
        ["separate-names", "a", "b"],
        ["tokens", "list"],
        ["status", "--bootstrap-servers", "127.0.0.1:1"],
    ],
    ids=" ".join,
)
def test_a_newer_database_is_refused(spare_url: str, arguments: list[str]) -> None:
    with psycopg.connect(spare_url) as connection:
        connection.execute(
            "INSERT INTO lineage_store.migrations VALUES (9999, '9999_x.sql', gen_random_uuid())"
        )
    done = command(*arguments, DATABASE_URL=spare_url)
    assert done.returncode == 1
    assert "the database has migration 9999" in done.stderr
    assert "run the newer version of this program" in done.stderr


def test_a_changed_migration_is_refused(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "hash_of_text", lambda _: UUID(int=0))
    with pytest.raises(StoreProblem, match="is not the one that was applied"):
        apply(store_url)


def test_a_user_without_rights_is_told_what_to_grant(store_url: str, database_url: str) -> None:
    with psycopg.connect(store_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'secret'")
        try:
            for url, expected in (
                (database_url, "permission denied for database"),
                (store_url, "permission denied for schema lineage_store"),
            ):
                stranger = make_conninfo(url, user="stranger", password="secret")
                done = command("migrate", DATABASE_URL=stranger)
                assert done.returncode == 1
                assert expected in done.stderr
                assert "--grant-to ROLE" in done.stderr
                assert done.stderr.count("\n") == 1
        finally:
            connection.execute("DROP ROLE stranger")


def test_everything_public_is_commented(store_url: str) -> None:
    bare = rows(
        store_url,
        """
        SELECT c.relname || coalesce('.' || a.attname, '')
        FROM pg_class c
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'lineage'::regnamespace AND c.relkind = 'v'
          AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)
        UNION ALL
        SELECT proname FROM pg_proc
        WHERE pronamespace = 'lineage'::regnamespace AND obj_description(oid) IS NULL
        """,
    )
    assert bare == []
