"""The model is derived anew from kept events: equal, whoever reads, writes or kills meanwhile."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from consumer.maintain.maintain import maintain
from consumer.maintain.rebuild import rebuild as rebuilding
from consumer.maintain.rebuild import replay
from consumer.maintain.rebuild.rebuild import Rebuilt, rebuild
from consumer.maintain.rebuild.tables import ADDED, KEPT, KEYED, NAMES, OF_VALUES
from consumer.store.store import Store
from tests.integration.consumer.maintain.test_separate_names import joined, separate
from tests.integration.consumer.sql.test_statements import run
from tests.support import corpus
from tests.support.storing import (
    CLUSTER,
    Consumer,
    begin,
    command,
    dump,
    put,
    restart,
    rows,
    wait_until,
)

# What a bug of an older version may have left, and what it may have left out.
DAMAGE = """
    DELETE FROM lineage_store.runs WHERE id < '80000000-0000-0000-0000-000000000000';
    UPDATE lineage_store.runs SET end_state = 'FAIL', pipeline_run_id = 'wrong';
    DELETE FROM lineage_store.edges WHERE id % 2 = 0;
    UPDATE lineage_store.edges SET last_event_at = '2000-01-01' WHERE id % 3 = 0;
    INSERT INTO lineage_store.edges (
        from_id, to_id, kind, stated_by, first_event_at, last_event_at
    ) SELECT min(id), max(id), 'lineage', min(id), now(), now() FROM lineage_store.jobs;
    UPDATE lineage_store.jobs SET description = 'wrong', sql = NULL;
    UPDATE lineage_store.datasets SET last_named_at = NULL, lifecycle_state = 'DROP';
    DELETE FROM lineage_store.facet_versions WHERE ended_at IS NULL AND owner_id % 2 = 0;
    DELETE FROM lineage_store.families;
    UPDATE lineage_store.run_io SET rows = 7;
    DELETE FROM lineage_store.column_edges WHERE id % 2 = 0;
    UPDATE lineage_store.task_graph_nodes SET label = 'wrong';
    DELETE FROM lineage_store.facet_columns;
    DELETE FROM lineage_store.dataset_groups;
    UPDATE lineage_store.dag_runs SET tasks = NULL;
    DELETE FROM lineage_store.job_parents;
    DELETE FROM lineage_store.quality_checks
"""


def events() -> list[corpus.Event]:
    """Return events of all kinds: real ones, and names that are joined."""
    some = [each for name in corpus.names() for each in corpus.events(name)[:25]]
    return [*some, run("load", ["raw"], [joined("s3:path", "hive:t", "glue:t")])]


def done(url: str) -> Rebuilt:
    """Rebuild a store to the end."""
    rebuilt = rebuild(url, threading.Event())
    assert rebuilt is not None
    return rebuilt


def test_every_table_follows_from_events_or_does_not(store_url: str) -> None:
    tables = {*KEYED, *OF_VALUES, *ADDED, *NAMES, *KEPT}
    found = rows(
        store_url,
        "SELECT relname FROM pg_class AS c WHERE relnamespace = 'lineage_store'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition",
    )
    assert {name for (name,) in found} == tables
    assert len(tables) == len([*KEYED, *OF_VALUES, *ADDED, *NAMES, *KEPT])


def test_what_is_wrong_is_put_right_and_what_is_right_stays(store: Store, store_url: str) -> None:
    put(store, events(), 97)
    assert separate(store_url, "path", "t", "--other-namespace", "hive").returncode == 0
    ids = "SELECT id, key FROM lineage_store.jobs UNION ALL SELECT id, key FROM"
    ids += " lineage_store.datasets ORDER BY id"
    before, ids_before = dump(store_url), rows(store_url, ids)
    assert done(store_url).changed == 0
    with psycopg.connect(store_url) as connection:
        connection.execute(DAMAGE.encode())
    assert dump(store_url) != before
    rebuilt = done(store_url)
    assert rebuilt.changed > len(NAMES) + len(KEYED)
    assert rebuilt.events == len(rows(store_url, "SELECT FROM lineage.events"))
    assert dump(store_url) == before
    assert rows(store_url, ids) == ids_before
    assert rows(store_url, "SELECT to_regnamespace('lineage_rebuild')") == [(None,)]
    # The consumer that was there all the time goes on, whatever it remembers.
    put(store, events())
    put(store, [each | {"again": True} for each in events()])
    assert done(store_url).changed == 0


def test_names_that_were_joined_in_another_order_do_not_differ(
    store: Store, store_url: str
) -> None:
    pairs = [("a:z1", "a:z2"), ("a:y1", "a:y2"), ("a:y1", "a:z1")]
    for number, (name, other) in enumerate(pairs):
        put(store, [run(f"load {number}", [], [joined(name, other)], 9 - number)])
    assert done(store_url).changed == 0


@pytest.fixture
def spare_store(spare_url: str) -> Iterator[Store]:
    with closing(Store(spare_url, CLUSTER)) as store:
        begin(store)
        yield store


def test_it_goes_on_after_a_kill_while_others_write_and_read(
    kafka_bootstrap_servers: str, topic: str, spare_url: str, spare_store: Store
) -> None:
    store = spare_store
    put(store, events(), 2)
    with psycopg.connect(spare_url) as connection:
        connection.execute(DAMAGE.encode())
    consumer = Consumer(kafka_bootstrap_servers, topic, spare_url)

    def packs_done() -> int:
        there = rows(spare_url, "SELECT to_regclass('lineage_rebuild.done') IS NOT NULL")
        if there != [(True,)]:
            return 0
        return int(rows(spare_url, "SELECT count(*) FROM lineage_rebuild.done")[0][0])

    stop, seen = threading.Event(), set[int]()

    def read_on() -> None:
        with psycopg.connect(spare_url, autocommit=True) as reader:
            while not stop.is_set():
                found = reader.execute("SELECT count(*) FROM lineage.run_outputs").fetchone()
                seen.add(found[0] if found else -1)

    reading = threading.Thread(target=read_on, daemon=True)
    with psycopg.connect(spare_url) as blocker:
        # It cannot lock writers out, so it is killed before its end.
        blocker.execute("LOCK TABLE lineage_store.partitions IN ROW SHARE MODE")
        process = consumer.start("rebuild")
        wait_until(lambda: packs_done() >= replay.AT_ONCE)
        process.kill()
        process.communicate()
    wait_until(lambda: rows(spare_url, LEFT_BEHIND) == [(0,)])
    was_done = packs_done()
    before_end = rows(spare_url, "SELECT count(*) FROM lineage.run_outputs")[0][0]
    reading.start()
    put(store, [each | {"meanwhile": 1} for each in events()], 10)
    again = consumer.run("rebuild")
    assert again.returncode == 0, again.stderr
    stop.set()
    reading.join()
    assert "going on with what an earlier rebuild has derived" in again.stderr
    told = int(again.stdout.split(" events")[0].replace(",", ""))
    assert 0 < told <= 2 * len(events()) - was_done
    with psycopg.connect(spare_url) as connection:
        connection.execute("ANALYZE")  # many packs of few events: as autovacuum would, by and by
    found = dump(spare_url)
    assert seen <= {before_end, len(found["run_outputs"])} | set(range(before_end, 10**6))
    with psycopg.connect(spare_url) as connection:
        connection.execute(DAMAGE.encode())
    assert rebuild(spare_url, threading.Event()) is not None
    assert dump(spare_url) == found


LEFT_BEHIND = """SELECT count(*)::int FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND application_name = 'openlineage-avro-consumer' AND state <> 'idle'"""


def test_what_comes_while_it_works_is_in_it(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, events()[:200], 50)
    with psycopg.connect(store_url) as connection:
        connection.execute(DAMAGE.encode())
    late = [each | {"late": 1} for each in events()[100:]]
    finish: Callable[..., Rebuilt] = rebuilding._finish

    def store_then_finish(*arguments: object) -> Rebuilt:
        put(store, late, 50)
        return finish(*arguments)

    monkeypatch.setattr(rebuilding, "_finish", store_then_finish)
    done(store_url)
    found = dump(store_url)
    other = Store(store_url, CLUSTER)
    restart(other, store_url)
    put(other, [*events()[:200], *late])
    assert dump(store_url) == found
    other.close()


def test_what_another_version_left_is_dropped(store: Store, store_url: str) -> None:
    put(store, events()[:50])
    stopped = threading.Event()
    stopped.set()
    assert rebuild(store_url, stopped) is None
    with psycopg.connect(store_url) as connection:
        connection.execute("UPDATE lineage_rebuild.begun SET hash = gen_random_uuid()")
        connection.execute(
            "INSERT INTO lineage_rebuild.done SELECT id FROM lineage_store.event_packs"
        )
    before = dump(store_url)
    assert done(store_url).events == 50
    assert dump(store_url) == before


def test_forgotten_events_are_told_before_anything_is_lost(spare_url: str) -> None:
    with closing(Store(spare_url, CLUSTER)) as store:
        begin(store)
        put(store, [run("load", ["raw"], [joined("s3:path")])])
    maintain(spare_url, threading.Event(), 1)
    assert rows(spare_url, "SELECT count(*) FROM lineage.events") == [(0,)]
    told = command("rebuild", DATABASE_URL=spare_url)
    assert (told.returncode, told.stdout) == (
        0,
        "1 events were forgotten: what only they said would be gone: add --yes\n",
    )
    edges = "SELECT count(*) FROM lineage.job_datasets"
    assert rows(spare_url, edges) == [(2,)]
    assert command("rebuild", "--yes", DATABASE_URL=spare_url).returncode == 0
    assert rows(spare_url, edges) == [(0,)]
    assert rows(spare_url, "SELECT count(*) FROM lineage.jobs") == [(1,)]
