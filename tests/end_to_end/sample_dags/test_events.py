"""Real Airflow runs the sample DAGs; what it emitted is in PostgreSQL, once, as it was."""

import itertools
import json
from collections import Counter
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from demo import show
from openlineage_avro.event.pipeline_run_id import FACET_KEY, SCHEMA_URL, TAG_SOURCE
from services import chain
from services.state import REPOSITORY
from tests.support.additions import without_additions
from tests.support.sample_dags import DAGS, Outcome

OPENLINEAGE = "https://openlineage.io/spec/2-0-2/OpenLineage.json"
pytestmark = pytest.mark.slow


def pipeline_run_validator() -> Draft202012Validator:
    """Return a validator by our facet's schema, with what it needs of OpenLineage's."""
    base = {
        "$defs": {"RunFacet": {"type": "object", "required": ["_producer", "_schemaURL"]}},
        "$schema": "https://json-schema.org/draft/2020-12/schema",
    }
    resource = Resource.from_contents(base)
    registry: Registry[Any] = Registry().with_resource(OPENLINEAGE, resource)
    [file] = (REPOSITORY / "schemas" / "json").glob("*/OpenlineageAvroPipelineRunRunFacet.json")
    facet_schema = json.loads(file.read_text())
    assert SCHEMA_URL.startswith(facet_schema["$id"])
    return Draft202012Validator(facet_schema, registry=registry)


def _rows(outcome: Outcome, query: str) -> list[Any]:
    return outcome.store.execute(query, {"run_ids": list(outcome.run_ids.values())}).fetchall()


def _canonical(events: list[Any]) -> Counter[str]:
    return Counter(json.dumps(event, sort_keys=True) for event in events)


def test_every_emitted_event_is_stored_once_as_it_was(outcome: Outcome) -> None:
    rows = _rows(outcome, "SELECT event FROM lineage.events")
    stored = [without_additions(event) for (event,) in rows]
    assert len(outcome.emitted) > 40
    assert _canonical(stored) == _canonical(outcome.emitted)


def test_every_record_on_the_topic_is_accounted_for(outcome: Outcome) -> None:
    query = "SELECT partition, next_offset, stored, duplicates, rejected FROM lineage.partitions"
    rows = {row[0]: row[1:] for row in _rows(outcome, query)}
    for partition, end in outcome.ends.items():
        next_offset, stored, duplicates, rejected = rows[partition]
        assert (next_offset, stored, duplicates, rejected) == (end, end, 0, 0)


def test_every_run_of_a_pipeline_has_its_pipeline_run_id(outcome: Outcome) -> None:
    rows = _rows(
        outcome,
        "SELECT dag_id, pipeline_run_id FROM lineage.runs WHERE airflow_run_id = ANY(%(run_ids)s)",
    )
    ids = {dag_id: {each for name, each in rows if name == dag_id} for dag_id, _ in rows}
    assert set(ids) == {*DAGS, *show.FOLLOWERS}
    assert all(len(each) == 1 and None not in each for each in ids.values())
    run_id = outcome.run_ids["orders_lineage_dag"]
    assert ids["orders_lineage_dag"] == {f"orders-{run_id}"}
    assert ids["simple_success_dag"] == {"given-in-conf"}
    assert ids["params_dag"] == {"given-in-params"}


def test_a_pipeline_run_id_reaches_triggered_and_asset_scheduled_dags(outcome: Outcome) -> None:
    rows = _rows(
        outcome,
        "SELECT DISTINCT dag_id FROM lineage.runs WHERE pipeline_run_id = 'report-' || ("
        "  SELECT airflow_run_id FROM lineage.dag_runs WHERE dag_id = 'order_report_dag'"
        "  AND airflow_run_id = ANY(%(run_ids)s)) ORDER BY dag_id",
    )
    assert [dag_id for (dag_id,) in rows] == [
        *("order_report_dag", "report_archive_dag", "simple_success_dag"),
    ]


def test_each_tasks_log_has_one_line_of_what_was_sent(outcome: Outcome) -> None:
    logs = list(
        (outcome.airflow.settings.folder / "logs").rglob(
            "dag_id=orders_lineage_dag/**/attempt=1.log"
        )
    )
    assert len(logs) == 6
    for log in logs:
        told = [line for line in log.read_text().splitlines() if "OpenLineage event" in line]
        assert len(told) == 1, told
        task = log.parent.name.removeprefix("task_id=")
        assert f"OpenLineage event START of orders_lineage_dag.{task}: " in told[0]
        assert f"on topic {outcome.store.info.dbname}" in told[0]


def test_the_facet_says_where_the_pipeline_run_id_came_from(outcome: Outcome) -> None:
    sources = {
        (event["job"]["name"], event["eventType"]): facet["source"]
        for event in outcome.emitted
        if (facet := event["run"]["facets"].get(FACET_KEY))
    }
    assert sources["orders_lineage_dag.push_pipeline_run_id", "COMPLETE"] == "xcom"
    assert sources["simple_success_dag.extract", "START"] == "conf"
    assert sources["params_dag.only", "START"] == "params"
    assert ("orders_lineage_dag.push_pipeline_run_id", "START") not in sources


def test_dag_events_and_run_tags_have_the_id_too(outcome: Outcome) -> None:
    rows = _rows(
        outcome,
        "SELECT event.event->'run'->'facets' FROM lineage.events AS event"
        " JOIN lineage.runs AS run USING (run_id)"
        " WHERE run.dag_id = 'simple_success_dag' AND run.airflow_run_id = ANY(%(run_ids)s)",
    )
    assert len(rows) == 2 + 2 * 3
    for (found,) in rows:
        assert (found[FACET_KEY]["pipelineRunId"], found[FACET_KEY]["source"]) == (
            *("given-in-conf", "conf"),
        )
        [tag] = [each for each in found["tags"]["tags"] if each["source"] == TAG_SOURCE]
        assert (tag["key"], tag["value"]) == ("pipeline_run_id", "given-in-conf")


def test_the_facet_follows_its_own_schema(outcome: Outcome) -> None:
    found = [event["run"]["facets"].get(FACET_KEY) for event in outcome.emitted]
    validator = pipeline_run_validator()
    assert any(found)
    for facet in filter(None, found):
        validator.validate({FACET_KEY: facet})
    facet = dict(next(filter(None, found)))
    del facet["source"]
    with pytest.raises(ValidationError, match="'source' is a required property"):
        validator.validate({FACET_KEY: facet})


def test_the_api_server_and_a_dag_under_test_send_events_too(outcome: Outcome) -> None:
    runs = _rows(
        outcome,
        "SELECT DISTINCT run_id, task_id IS NULL, state FROM lineage.runs"
        " WHERE dag_id = 'params_dag' AND airflow_run_id != ALL(%(run_ids)s)",
    )
    # A run that a user ended as failed, with its task; the task of `airflow dags test`, at least.
    assert [state for _, is_dag, state in runs if is_dag and state == "FAIL"] == ["FAIL"]
    assert len([state for _, is_dag, state in runs if not is_dag and state == "COMPLETE"]) == 2


def test_airflows_metrics_count_what_became_of_events(outcome: Outcome) -> None:
    assert outcome.metrics["sent"] == len(outcome.emitted)
    assert outcome.metrics["failed"] == outcome.metrics["spooled"] == 0
    json_bytes = sum(len(json.dumps(event)) for event in outcome.emitted)
    assert outcome.metrics["json_bytes"] >= json_bytes  # and a run tag in some
    assert outcome.metrics["avro_bytes"] < json_bytes / 2


def test_dag_runs_and_tasks_have_the_states_that_airflow_gave_them(outcome: Outcome) -> None:
    rows = _rows(
        outcome,
        "SELECT dag_id, state, tasks, failed_tasks FROM lineage.dag_runs"
        " WHERE airflow_run_id = ANY(%(run_ids)s) ORDER BY dag_id",
    )
    assert rows == [
        ("complex_failure_dag", "FAIL", 10, 1),
        ("order_report_dag", "COMPLETE", 8, 0),
        ("orders_lineage_dag", "COMPLETE", 6, 0),
        ("params_dag", "COMPLETE", 1, 0),
        ("report_archive_dag", "COMPLETE", 1, 0),
        ("simple_success_dag", "COMPLETE", 3, 0),
    ]
    failed = _rows(
        outcome,
        "SELECT task_id, try_number, error_message FROM lineage.runs"
        " WHERE airflow_run_id = ANY(%(run_ids)s) AND task_id IS NOT NULL AND state = 'FAIL'"
        " ORDER BY task_id",
    )
    assert failed == [
        ("checks.match_customers", 1, "12 orders have no customer"),
        ("flaky", 1, "the source was not ready on the first try"),
    ]


def test_the_task_graph_is_that_of_the_dag_file(outcome: Outcome) -> None:
    edges = _rows(
        outcome,
        "SELECT from_id, to_id FROM lineage.task_graph_edges"
        " WHERE dag_id = 'orders_lineage_dag' ORDER BY from_id",
    )
    tasks = ["push_pipeline_run_id", "create_sources", "clean_orders"]
    tasks += ["customer_revenue", "country_revenue", "refresh_dashboard"]
    assert set(edges) == set(itertools.pairwise(tasks))


def test_lineage_is_answered_in_sql(outcome: Outcome) -> None:
    table = f"{outcome.store.info.dbname}_{chain.WAREHOUSE}.public."
    [(namespace,)] = outcome.store.execute(
        "SELECT namespace FROM lineage.datasets WHERE name = %s", [table + "country_revenue"]
    ).fetchall()
    upstream = outcome.store.execute(
        "SELECT name FROM lineage.upstream('dataset', %s, %s) WHERE kind = 'dataset'"
        " ORDER BY depth, name",
        [namespace, table + "country_revenue"],
    )
    assert [name.removeprefix(table) for (name,) in upstream] == [
        *("customer_revenue", "clean_orders", "customers", "orders"),
    ]
    columns = outcome.store.execute(
        "SELECT name, field FROM lineage.column_upstream(%s, %s, 'revenue') ORDER BY depth",
        [namespace, table + "country_revenue"],
    )
    assert [(name.removeprefix(table), field) for name, field in columns] == [
        *(("customer_revenue", "revenue"), ("clean_orders", "amount"), ("orders", "amount")),
    ]


def test_avro_is_smaller_than_json(outcome: Outcome) -> None:
    rows = _rows(
        outcome,
        "SELECT record_bytes, event FROM lineage.events WHERE framing = 'avro'",
    )
    assert len(rows) == len(outcome.emitted)
    assert all(size < len(json.dumps(event)) / 2 for size, event in rows)


def test_the_consumer_was_killed_more_than_once(outcome: Outcome) -> None:
    assert outcome.crashes > 1
