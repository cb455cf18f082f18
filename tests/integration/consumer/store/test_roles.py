"""Roles that own nothing: lineage_reader asks everything of schema lineage, another one runs."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from consumer.store.database import connect
from consumer.store.migrate import migrate
from consumer.store.store import Store
from tests.support import corpus
from tests.support.storing import Consumer, command, produce, put, rows, value

FUNCTIONS = """
SELECT proname, proargtypes::regtype[]::text[], pronargdefaults FROM pg_proc
WHERE pronamespace = 'lineage'::regnamespace
"""
VIEWS = "SELECT relname FROM pg_class WHERE relnamespace = 'lineage'::regnamespace"
# A value of each type that functions take; 'dataset' is right where a kind is asked for.
ARGUMENTS = {
    "text": "'dataset'",
    "integer": "3",
    "timestamp with time zone": "now()",
    "boolean": "false",
    "uuid": "gen_random_uuid()",
    "interval": "interval '1 day'",
}


@pytest.fixture
def role(postgres_url: str) -> Iterator[str]:
    """Yield the name of a new role that may log in (password: secret) and owns nothing."""
    name = f"role_{uuid.uuid4().hex}"
    identifier = sql.Identifier(name)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'secret'").format(identifier))
        yield name
        server.execute(sql.SQL("DROP ROLE {}").format(identifier))


def url_as(role: str, url: str) -> str:
    """Return the DSN of a database for a role."""
    return make_conninfo(url, user=role, password="secret")


def drop_rights(url: str, role: str) -> None:
    """Take all rights in a database from a role, so that it can be dropped."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))


def grant_reader(url: str, role: str) -> None:
    """Make a role a member of lineage_reader."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("GRANT lineage_reader TO {}").format(sql.Identifier(role)))


def ask_everything(url: str) -> list[str]:
    """Query every view and every function of schema lineage; return what was denied."""
    denied = []
    with psycopg.connect(url, autocommit=True) as connection:
        queries = [f"SELECT * FROM lineage.{name}" for (name,) in connection.execute(VIEWS)]  # noqa: S608
        for name, types, _ in connection.execute(FUNCTIONS).fetchall():
            given = ", ".join(ARGUMENTS.get(each, f"NULL::{each}") for each in types)
            queries.append(f"SELECT * FROM lineage.{name}({given})")  # noqa: S608
        assert len(queries) > 20
        for each in queries:
            try:
                connection.execute(each.encode())
            except psycopg.errors.InsufficientPrivilege as exc:
                denied.append(f"{each}: {exc}")
            except (
                psycopg.DataError,
                psycopg.errors.NoDataFound,
                psycopg.errors.RaiseException,
            ):
                pass  # the answer to a name or a value that is unknown
    return denied


def test_lineage_reader_reads_all_of_schema_lineage_and_nothing_else(
    store: Store, store_url: str, role: str
) -> None:
    put(store, corpus.all_events())
    grant_reader(store_url, role)
    reader = url_as(role, store_url)
    assert ask_everything(reader) == []
    assert rows(reader, "SELECT count(*) > 100 FROM lineage.events") == [(True,)]
    nodes = "SELECT count(*) FROM lineage.{}('dataset', d.namespace, d.name)"
    count = f"SELECT sum(({nodes.format('upstream')})) > 0 FROM lineage.datasets AS d"  # noqa: S608
    assert rows(reader, count) == [(True,)]
    for denied in ("lineage_store.events", "lineage_store.migrations", "lineage_store.months"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(reader, f"SELECT * FROM {denied}")  # noqa: S608
    assert rows(
        reader,
        "SELECT has_schema_privilege('lineage_store', 'USAGE'),"
        " has_schema_privilege('lineage', 'CREATE')",
    ) == [(False, False)]


def test_lineage_reader_reads_what_later_versions_add(
    spare_url: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from consumer import sql as statements

    added = """
    CREATE FUNCTION lineage.added() RETURNS bigint LANGUAGE sql AS $$
        SELECT count(*) FROM lineage_store.events
    $$;
    CREATE VIEW lineage.added AS SELECT count(*) FROM lineage_store.events;
    """
    views = sorted([*statements.views(), ("85_added.sql", added)])
    monkeypatch.setattr(statements, "views", lambda: views)
    with connect(spare_url) as connection:
        migrate(connection)
    grant_reader(spare_url, role)
    reader = url_as(role, spare_url)
    assert rows(reader, "SELECT lineage.added(), count FROM lineage.added") == [(0, 0)]


def test_functions_of_schema_lineage_cannot_be_misled(store_url: str) -> None:
    loose = rows(
        store_url,
        "SELECT proname FROM pg_proc WHERE pronamespace = 'lineage'::regnamespace AND NOT ("
        " prosecdef AND 'search_path=pg_catalog, pg_temp' = ANY (proconfig)"
        " AND NOT has_function_privilege('public', oid, 'EXECUTE'))",
    )
    assert loose == []


def test_who_may_not_make_roles_is_told_the_sql(database_url: str, role: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        database = sql.Identifier(connection.info.dbname)
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, sql.Identifier(role))
        )
        connection.execute("ALTER ROLE lineage_reader RENAME TO hidden_lineage_reader")
        try:
            told = command("migrate", DATABASE_URL=url_as(role, database_url))
        finally:
            connection.execute("ALTER ROLE hidden_lineage_reader RENAME TO lineage_reader")
        assert told.returncode == 0, told.stderr
        assert "CREATE ROLE lineage_reader NOLOGIN" in told.stderr
        again = command("migrate", DATABASE_URL=url_as(role, database_url))
        assert again.returncode == 0, again.stderr
        assert "CREATE ROLE" not in again.stderr
        granted = "SELECT has_schema_privilege('lineage_reader', 'lineage', 'USAGE')"
        assert rows(database_url, granted) == [(True,)]
        connection.execute(
            sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(sql.Identifier(role))
        )
        drop_rights(database_url, role)


def test_a_role_that_owns_nothing_runs_after_a_grant(
    kafka_bootstrap_servers: str, consumer: Consumer, spare_url: str, role: str
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(1), b"garbage", None])
    stranger = url_as(role, spare_url)
    refused = consumer.run("run", "--stop-at-end", DATABASE_URL=stranger)
    assert refused.returncode == 1
    assert "--grant-to ROLE for this user" in refused.stderr
    granted = command("migrate", "--grant-to", role, DATABASE_URL=spare_url)
    assert granted.returncode == 0, granted.stderr
    assert f"{role} may read schema lineage" in granted.stderr
    try:
        produce(kafka_bootstrap_servers, consumer.topic, map(value, range(2, 30)))
        for arguments in (
            ["run", "--stop-at-end"],
            ["status"],
            ["rejected", "list"],
            ["rejected", "retry"],
            ["rejected", "drop", "--yes"],
        ):
            done = consumer.run(*arguments, DATABASE_URL=stranger)
            assert done.returncode == 0, done.stderr
        assert rows(stranger, "SELECT count(*) FROM lineage.events") == [(29,)]
        assert ask_everything(stranger) == []
        beside = consumer.run("run", "--stop-at-end", "--maintain", DATABASE_URL=stranger)
        assert beside.returncode == 0, beside.stderr
        refused = command("maintain", DATABASE_URL=stranger)
        assert refused.returncode == 1
        assert "let the owner of those in schema lineage_store run them" in refused.stderr
        passed_on = command("migrate", "--grant-to", "lineage_reader", DATABASE_URL=stranger)
        assert passed_on.returncode == 1
        assert f"--grant-to lineage_reader: {role} may not grant it" in passed_on.stderr
    finally:
        drop_rights(spare_url, role)


def test_a_role_that_is_unknown_is_told(store_url: str) -> None:
    done = command("migrate", "--grant-to", "nobody-here", DATABASE_URL=store_url)
    assert done.returncode == 1
    assert "--grant-to nobody-here: expected a role of the server" in done.stderr
