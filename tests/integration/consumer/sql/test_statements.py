"""What producers state beside inputs and outputs is in the answers, in any order and framing.

The kinds of events are those of public reports; each test names what it was met in.
"""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from consumer.store.store import Store
from openlineage_avro import encode
from tests.support.storing import batch, each_way, put, restart, rows

Event = dict[str, Any]
PRODUCER = {"_producer": "https://example.com/producer", "_schemaURL": "https://example.com/s"}


def facet(**members: Any) -> dict[str, Any]:
    """Return a facet with what every facet has."""
    return {**PRODUCER, **members}


def name_of(text: str) -> dict[str, Any]:
    """Return {namespace, name} of `namespace:name`; the namespace is `data` where none is given."""
    namespace, _, name = text.rpartition(":")
    return {"namespace": namespace or "data", "name": name}


def dataset(text: str, **facets: Any) -> dict[str, Any]:
    """Return a dataset with facets."""
    return name_of(text) | {"facets": {key: facet(**value) for key, value in facets.items()}}


def run(
    job: str,
    inputs: list[Any],
    outputs: list[Any],
    minute: int = 0,
    *,
    job_facets: dict[str, Any] | None = None,
    run_facets: dict[str, Any] | None = None,
    run_id: str | None = None,
) -> Event:
    """Return the only event of a run, which completed."""
    return {
        "eventType": "COMPLETE",
        "eventTime": f"2026-03-01T00:{minute:02}:00Z",
        "producer": "https://example.com/producer",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": run_id or f"run of {job} at {minute}", "facets": run_facets or {}},
        "job": {"namespace": "jobs", "name": job, "facets": job_facets or {}},
        "inputs": [dataset(each) if isinstance(each, str) else each for each in inputs],
        "outputs": [dataset(each) if isinstance(each, str) else each for each in outputs],
    }


def dataset_event(described: dict[str, Any], minute: int = 0) -> Event:
    """Return an event about a dataset."""
    return {
        "eventTime": f"2026-03-01T00:{minute:02}:00Z",
        "producer": "https://example.com/producer",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
        "dataset": described,
    }


def as_json(event: Event) -> bytes:
    """Return an event as JSON."""
    return json.dumps(event).encode()


@pytest.fixture(params=[as_json, encode], ids=["json", "avro"])
def put_any_order(
    request: pytest.FixtureRequest, store: Store, store_url: str
) -> Callable[[list[Event]], Iterator[str]]:
    """Return what stores events in every order, one by one; it yields the store's DSN each time."""

    def put(events: list[Event]) -> Iterator[str]:
        for order in itertools.islice(itertools.permutations(events), 24):
            restart(store, store_url)
            for number, event in enumerate(order):
                store.write(batch([request.param(event)], number))
            yield store_url

    return put


Put = Callable[[list[Event]], Iterator[str]]


def walk(url: str, call: str) -> list[str]:
    """Return the answer of a walk as `depth name`, sorted."""
    query = f"SELECT depth, name FROM lineage.{call} ORDER BY 1, 2"  # noqa: S608
    return [f"{depth} {name}" for depth, name in rows(url, query)]


def column_walk(url: str, call: str) -> list[str]:
    """Return the answer of a walk of columns as `depth name.field`, sorted."""
    query = f"SELECT depth, name, field FROM lineage.{call} ORDER BY 1, 2, 3"  # noqa: S608
    return [f"{d} {n}.{f}" for d, n, f in rows(url, query)]


def test_symlinked_names_are_one_dataset(put_any_order: Put) -> None:
    """Spark writes a path that has a name in Hive, Trino reads that name (OpenLineage#3532)."""
    columns = {"fields": {"price": {"inputFields": [name_of("raw") | {"field": "cents"}]}}}
    path = dataset(
        "s3://lake:wh/sales",
        symlinks={"identifiers": [name_of("hive://m:sales") | {"type": "TABLE"}]},
        columnLineage=columns,
    )
    source = name_of("hive://m:sales") | {"field": "price"}
    totals = dataset("totals", columnLineage={"fields": {"sum": {"inputFields": [source]}}})
    events = [
        run("spark", ["raw"], [path], 1),
        run("trino", ["hive://m:sales"], [totals], 2),
    ]
    for url in put_any_order(events):
        down = ["1 spark", "2 sales", "3 trino", "4 totals"]
        assert walk(url, "downstream('raw')") == down
        assert walk(url, "upstream('totals')") == ["1 trino", "2 sales", "3 spark", "4 raw"]
        for name in ("sales", "wh/sales"):
            assert walk(url, f"upstream('{name}')") == ["1 spark", "2 raw"]
        assert column_walk(url, "column_upstream('totals', 'sum')") == [
            "1 sales.price",
            "2 raw.cents",
        ]
        assert column_walk(url, "column_downstream('raw', 'cents')") == [
            *("1 sales.price", "2 totals.sum"),
        ]
        assert column_walk(url, "column_upstream('wh/sales', 'price')") == ["1 raw.cents"]
        names = "SELECT name, main_name, is_main FROM lineage.dataset_names ORDER BY 1"
        assert rows(url, names) == [
            ("raw", "raw", True),
            ("sales", "sales", True),
            ("totals", "totals", True),
            ("wh/sales", "sales", False),
        ]


def test_a_renamed_dataset_is_the_same(put_any_order: Put) -> None:
    """A table is written under one name, renamed, and read under the other (marquez#1800)."""
    renamed = dataset(
        "orders",
        lifecycleStateChange={
            "lifecycleStateChange": "RENAME",
            "previousIdentifier": name_of("orders_tmp"),
        },
    )
    dropped = dataset("orders", lifecycleStateChange={"lifecycleStateChange": "DROP"})
    events = [
        run("load", ["raw"], ["orders_tmp"], 1),
        run("rename", [], [renamed], 2),
        run("report", ["orders"], ["out"], 3),
        dataset_event(dropped, 4),
    ]
    for url in put_any_order(events):
        assert walk(url, "downstream('raw')") == ["1 load", "2 orders", "3 report", "4 out"]
        assert walk(url, "downstream('orders_tmp')") == ["1 report", "2 out"]
        query = "SELECT name, main_name, state FROM lineage.dataset_names WHERE state IS NOT NULL"
        assert rows(url, f"{query} ORDER BY 1") == [
            ("orders", "orders", "DROP"),
            ("orders_tmp", "orders", "DROP"),
        ]


def test_joins_add_up_and_a_deleted_one_goes(put_any_order: Put) -> None:
    def linked(name: str, minute: int, *others: str, **more: Any) -> Event:
        return dataset_event(
            dataset(name, symlinks={"identifiers": [name_of(each) for each in others], **more}),
            minute,
        )

    events = [
        linked("a", 1, "b"),
        linked("c", 1, "d"),
        linked("b", 2, "d"),
        linked("b", 3, _deleted=True),
    ]
    for url in put_any_order(events):
        query = "SELECT name, main_name FROM lineage.dataset_names ORDER BY 1"
        assert rows(url, query) == [("a", "b"), ("b", "b"), ("c", "c"), ("d", "c")]
    for url in put_any_order([*events[:3], linked("b", 4, "d")]):
        assert {main for _, main in rows(url, query)} == {"b"}


def test_all_names_of_a_dataset(store: Store, store_url: str) -> None:
    identifiers = [{"namespace": "data", "name": "t", "type": "TABLE"}]
    path = dataset("s3:path", symlinks={"identifiers": identifiers})
    put(store, [run("load", [], ["t"], 1), run("load", [], [path], 2)])
    names = "SELECT namespace, name, is_main FROM lineage.names_of({})"
    for name in ("'path'", "'t'", "'s3', 'path'", "NULL, 't'"):
        assert rows(store_url, names.format(name)) == [("s3", "path", True), ("data", "t", False)]
    with pytest.raises(psycopg.errors.NoDataFound, match="the nearest are"):
        rows(store_url, names.format("'tt'"))


# What each view tells of a dataset under one of its names.
TOLD = {
    "owners": ("owner", ("team:sales",)),
    "tags": ("key", ("pii",)),
    "dataset_versions": ("fields ->> 0", ('{"name": "id"}',)),
    "run_inputs": ("run_id, rows", ("run of read", 7)),
    "run_outputs": ("run_id, rows", ("run of load", 5)),
    "quality_checks": ("assertion", ("unique",)),
}


def test_views_find_a_dataset_under_each_of_its_names(put_any_order: Put) -> None:
    """It is told of as old, which has a path as symlink and was renamed to new."""
    told = dataset(
        "old",
        ownership={"owners": [{"name": "team:sales"}]},
        tags={"tags": [{"key": "pii", "value": "true"}]},
        schema={"fields": [{"name": "id"}]},
        symlinks={"identifiers": [name_of("s3:path")]},
    )
    written = told | {"outputFacets": {"outputStatistics": {"rowCount": 5}}}
    checked = {"assertions": [{"assertion": "unique", "success": True}]}
    read = name_of("s3:path") | {
        "inputFacets": {"inputStatistics": {"rowCount": 7}, "dataQualityAssertions": checked}
    }
    change = {"lifecycleStateChange": "RENAME", "previousIdentifier": name_of("old")}
    events = [
        run("load", [], [written], 1, run_id="run of load"),
        run("read", [read], [], 2, run_id="run of read"),
        dataset_event(dataset("new", lifecycleStateChange=change), 3),
        run("other", [], [dataset("other", ownership={"owners": [{"name": "me"}]})], 4),
    ]
    for url in put_any_order(events):
        for view, (columns, expected) in TOLD.items():
            for name in ("old", "path", "new"):
                query = f"SELECT {columns}, main_name FROM lineage.{view} WHERE name = %s"  # noqa: S608
                assert rows(url, query, name) == [(*expected, "new")], (view, name)
            main = f"SELECT {columns}, name FROM lineage.{view} WHERE is_main AND name <> 'other'"  # noqa: S608
            assert rows(url, main) == [(*expected, "new")], view


def test_a_wrong_join_stays_apart(store: Store, store_url: str) -> None:
    link = dataset("a", symlinks={"identifiers": [name_of("b")]})
    events = [dataset_event(link, minute) for minute in range(2)]
    restart(store, store_url)
    store.write(batch([as_json(events[0])]))
    separate = "SELECT lineage_store.separate_names('data', 'a', 'data', %s, %s)::text"
    rows(store_url, separate, "b", True)
    store.write(batch([as_json(events[1])], 1))
    names = rows(store_url, "SELECT name, main_name FROM lineage.dataset_names ORDER BY 1")
    assert names == [("a", "a"), ("b", "b")]
    rows(store_url, separate, "b", False)
    names = rows(store_url, "SELECT name, main_name FROM lineage.dataset_names ORDER BY 1")
    assert names == [("a", "a"), ("b", "a")]
    with pytest.raises(psycopg.errors.NoDataFound, match="no event joins data:a and data:c"):
        rows(store_url, separate, "c", True)


def test_a_dataset_that_names_its_sources(put_any_order: Put) -> None:
    """A view says in a DatasetEvent what it is made of (OpenLineage PR#4804)."""
    inputs = [name_of("c") | {"type": "DATASET"}]
    fields = {"x": {"inputs": [name_of("c") | {"type": "DATASET", "field": "y"}]}}
    view = dataset("c_view", lineage={"inputs": inputs, "fields": fields})
    columns = {"fields": {"z": {"inputFields": [name_of("c_view") | {"field": "x"}]}}}
    events = [
        dataset_event(view, 1),
        run("load", ["a"], ["c"], 2),
        dataset_event(dataset("top", columnLineage=columns), 3),
    ]
    for url in put_any_order(events):
        assert walk(url, "downstream('a')") == ["1 load", "2 c", "3 c_view", "4 top"]
        assert walk(url, "upstream('top')") == ["1 c_view", "2 c", "3 load", "4 a"]
        assert column_walk(url, "column_upstream('top', 'z')") == ["1 c_view.x", "2 c.y"]
        assert column_walk(url, "column_downstream('c', 'y')") == ["1 c_view.x", "2 top.z"]


def test_a_deleted_lineage_facet_takes_its_edges_along(put_any_order: Put) -> None:
    inputs = [name_of("c") | {"type": "DATASET"}]
    stated = dataset_event(dataset("c_view", lineage={"inputs": inputs}), 1)
    deleted = dataset_event(dataset("c_view", lineage={"_deleted": True}), 2)
    again = dataset_event(dataset("c_view", lineage={"inputs": inputs}), 3)
    for url in put_any_order([stated, deleted]):
        assert walk(url, "downstream('c')") == []
    for url in put_any_order([stated, deleted, again]):
        assert walk(url, "downstream('c')") == ["1 c_view"]


def lanes(**targets: str) -> dict[str, Any]:
    """Return a job's facet lineage: to each dataset from others; `self` is the job."""

    def source(name: str) -> dict[str, Any]:
        return {"type": "JOB"} if name == "self" else name_of(name) | {"type": "DATASET"}

    entries = [
        ({"type": "JOB"} if target == "self" else name_of(target) | {"type": "DATASET"})
        | {"inputs": [source(each) for each in sources.split()]}
        for target, sources in targets.items()
    ]
    return {"lineage": facet(entries=entries)}


def test_a_jobs_facet_replaces_the_cross_product(put_any_order: Put) -> None:
    events = [
        run("copy", ["a", "b", "idle"], ["x", "y"], 1, job_facets=lanes(x="a", y="b")),
        run("next", ["x"], ["z"], 2),
        run("copy", ["a", "b", "idle"], ["x", "y"], 3),
    ]
    for url in put_any_order(events):
        assert walk(url, "downstream('a')") == ["1 copy", "2 x", "3 next", "4 z"]
        assert walk(url, "downstream('b')") == ["1 copy", "2 y"]
        assert walk(url, "downstream('idle')") == ["1 copy"]
        assert walk(url, "upstream('z')") == ["1 next", "2 x", "3 copy", "4 a"]
        assert walk(url, "downstream('copy', max_depth => 1)") == ["1 x", "1 y"]
        assert walk(url, "upstream('copy')") == ["1 a", "1 b", "1 idle"]
        assert walk(url, "path('a', 'z')") == ["0 a", "1 copy", "2 x", "3 next", "4 z"]
        assert walk(url, "path('b', 'z')") == []
        assert walk(url, "path('a', 'copy')") == ["0 a", "1 copy"]
    deleted = run("copy", [], [], 4, job_facets={"lineage": facet(_deleted=True)})
    for url in put_any_order([*events[:2], deleted]):
        assert walk(url, "downstream('b')") == ["1 copy", "2 x", "2 y", "3 next", "4 z"]


def test_a_jobs_facet_that_names_jobs(put_any_order: Put) -> None:
    entry = {"type": "JOB", "namespace": "jobs", "name": "other"}
    control = {"lineage": facet(entries=[entry | {"inputs": [{"type": "JOB"}]}])}
    events = [
        run("one", ["a"], ["b"], 1, job_facets=control),
        run("other", [], ["c"], 2),
        run("own", ["d"], ["e", "f"], 3, job_facets=lanes(self="d", e="self", f="")),
    ]
    for url in put_any_order(events):
        assert walk(url, "downstream('a')") == ["1 one", "2 b", "2 other", "3 c"]
        assert walk(url, "upstream('c')") == ["1 other", "2 one", "3 a"]
        assert walk(url, "downstream('d')") == ["1 own", "2 e"]
        assert walk(url, "upstream('f')") == ["1 own"]


def test_a_jobs_facet_that_names_jobs_alone_is_deleted_and_stated_again(
    put_any_order: Put,
) -> None:
    entry = {"type": "JOB", "namespace": "jobs", "name": "other"}
    control = {"lineage": facet(entries=[entry | {"inputs": [{"type": "JOB"}]}])}
    stated = run("one", [], [], 1, job_facets=control)
    deleted = run("one", [], [], 2, job_facets={"lineage": facet(_deleted=True)})
    again = run("one", [], [], 3, job_facets=control)
    for url in put_any_order([stated, deleted]):
        assert walk(url, "upstream('one')") == walk(url, "downstream('one')") == []
    for url in put_any_order([stated, deleted, again]):
        assert walk(url, "downstream('one')") == ["1 other"]


def test_jobs_that_wait_for_jobs_and_start_them(put_any_order: Put) -> None:
    """Facet jobDependencies (OpenLineage PR#4112), and DAG runs that a task triggered."""
    upstream = {"job": {"namespace": "jobs", "name": "load"}, "dependency_type": "ASSET"}
    waits = {"jobDependencies": facet(upstream=[upstream], downstream=[])}
    parent = {"run": {"runId": "r"}, "job": {"namespace": "jobs", "name": "report"}}
    triggered = {"parent": facet(**parent), "airflowDagRun": facet(dag={"dag_id": "mail"})}
    events = [
        run("load", ["a"], ["b"], 1),
        run("report", [], ["c"], 2, run_facets=waits),
        run("mail", [], [], 3, run_facets=triggered),
    ]
    for url in put_any_order(events):
        query = "SELECT depth, name, edge FROM lineage.downstream('load') ORDER BY 1, 2"
        assert rows(url, query) == [
            (1, "b", "output"),
            (1, "report", "dependency"),
            (2, "c", "output"),
            (2, "mail", "trigger"),
        ]
        assert walk(url, "upstream('mail')") == ["1 report", "2 load", "3 a"]
        query = "SELECT upstream_name, downstream_name, edge, dependency_type"
        assert rows(url, f"{query} FROM lineage.job_dependencies ORDER BY 1") == [
            ("load", "report", "dependency", "ASSET"),
            ("report", "mail", "trigger", None),
        ]


def test_columns_that_influence_a_whole_dataset(put_any_order: Put) -> None:
    """A column only filters; an output column has no inputFields (OpenLineage#3084)."""
    columns = {"fields": {"n": {"inputFields": []}}, "dataset": [name_of("p") | {"field": "age"}]}
    schema = {"fields": [{"name": "n"}, {"name": "at"}]}
    output = dataset("total", columnLineage=columns, schema=schema)
    for url in put_any_order([run("count", ["p"], [output])]):
        assert column_walk(url, "column_upstream('total', 'n')") == ["1 p.age"]
        assert column_walk(url, "column_upstream('total', 'at')") == ["1 p.age"]
        assert column_walk(url, "column_downstream('p', 'age')") == ["1 total.at", "1 total.n"]
        assert column_walk(url, "column_downstream('p', 'age', direct_only => true)") == []
        expected = "dataset 'total' has no column 'nn'; it has 'n', 'at'"
        with pytest.raises(psycopg.errors.NoDataFound, match=expected):
            column_walk(url, "column_upstream('total', 'nn')")


def test_direct_and_indirect_columns_are_told_apart(put_any_order: Put) -> None:
    """One direct and one indirect input of a column (dbt-column-lineage-extractor#16)."""

    def source(name: str, kind: str, subtype: str) -> dict[str, Any]:
        transformation = {"type": kind, "subtype": subtype, "description": "", "masking": False}
        return name_of(name) | {"field": "f", "transformations": [transformation]}

    inputs = [source("c", "DIRECT", "IDENTITY"), source("o", "INDIRECT", "JOIN")]
    output = dataset("r", columnLineage={"fields": {"city": {"inputFields": inputs}}})
    for url in put_any_order([run("by_city", ["c", "o"], [output])]):
        query = "SELECT name, type, subtype, masking FROM lineage.column_upstream('r', 'city'"
        assert rows(url, f"{query}) ORDER BY 1") == [
            ("c", "DIRECT", "IDENTITY", False),
            ("o", "INDIRECT", "JOIN", False),
        ]
        assert rows(url, f"{query}, direct_only => true)") == [("c", "DIRECT", "IDENTITY", False)]


def test_a_deep_chain_is_walked_to_its_end(store: Store, store_url: str) -> None:
    """Fifteen models, one after the other (OpenMetadata#12085)."""
    events = [run(f"m{n:02}", [f"t{n:02}"], [f"t{n + 1:02}"]) for n in range(15)]
    shuffled = random.Random(15).sample(events, len(events))
    for order in (events, shuffled):
        for way in each_way(store, store_url, order):
            assert len(walk(store_url, "downstream('t00')")) == 30, way
            assert walk(store_url, "upstream('t15')")[-1] == "30 t00", way


def test_the_tree_that_older_providers_send(put_any_order: Put) -> None:
    """Airflow's providers 1.8 to 1.10 send taskTree alone (airflow PR#40854)."""
    tree: dict[str, Any] = {"a": {"g.b": {"c": {}}, "c": {}}}
    dag = {"airflow": facet(taskTree=tree, tasks={"a": {}, "g.b": {}, "c": {}})}
    for url in put_any_order([run("dag", [], [], job_facets=dag)]):
        query = "SELECT from_id, to_id FROM lineage.task_graph_edges ORDER BY 1, 2"
        assert rows(url, query) == [("a", "c"), ("a", "g.b"), ("g.b", "c")]


def test_only_what_the_last_completed_run_told(put_any_order: Put) -> None:
    failed = run("j", ["c"], ["out"], 30) | {"eventType": "FAIL"}
    events = [run("j", ["a"], ["out"], 10), run("j", ["b"], ["out"], 20), failed]
    for url in put_any_order(events):
        assert walk(url, "upstream('out')") == ["1 j", "2 a", "2 b", "2 c"]
        assert walk(url, "upstream('out', edges => 'latest')") == ["1 j", "2 b"]
        moment = "as_of => '2026-03-01T00:15:00Z'"
        assert walk(url, f"upstream('out', edges => 'latest', {moment})") == ["1 j", "2 a"]
        assert walk(url, f"upstream('out', {moment})") == ["1 j", "2 a"]
        since = "since => '2026-03-01T00:15:00Z'"
        assert walk(url, f"upstream('out', {since})") == ["1 j", "2 b", "2 c"]


def test_no_name_is_no_name(store_url: str) -> None:
    for call in ("upstream(NULL)", "impact(NULL)", "downstream('job', 'jobs', NULL)"):
        with pytest.raises(psycopg.DataError, match="name: expected that of a dataset or job"):
            walk(store_url, call)


def test_a_name_that_is_unknown_or_stands_for_several(put_any_order: Put) -> None:
    events = [run("sales.orders", ["n1:orders", "n2:orders"], ["warehouse.public.orders"])]
    for url in put_any_order(events):
        expected = r"'orders' is the name of 2: .* \('dataset', 'n1', 'orders'\), \('dataset', 'n2'"
        with pytest.raises(psycopg.errors.AmbiguousParameter, match=expected):
            walk(url, "downstream('orders')")
        assert walk(url, "downstream('dataset', 'n1', 'orders', 1)") == ["1 sales.orders"]
        expected = r"no dataset or job 'warehouse.publik.orders'; the nearest are \('dataset', "
        expected += r"'data', 'warehouse.public.orders'\)"
        with pytest.raises(psycopg.errors.NoDataFound, match=expected):
            walk(url, "downstream('warehouse.publik.orders')")
        with pytest.raises(psycopg.errors.NoDataFound, match="there is no job 'x:orders'"):
            walk(url, "downstream('job', 'x', 'orders')")
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="expected 'ever' or"):
            walk(url, "downstream('sales.orders', edges => 'all')")
