"""What is masked in an event, what never is, and that masking never costs the event."""

import copy
import json
import logging
import random
import sys
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openlineage_avro.airflow.masker import MODULES
from openlineage_avro.redaction.event import EventMasker, clues_of, redacted
from openlineage_avro.redaction.secrets import NAME_PARTS, secrets_now
from tests.support.corpus import events
from tests.support.masking import (
    RUN_ID,
    SECRET,
    airflow_masker,
    conf,
    config,
    event,
    masked_conf,
    masked_message,
)

ID_FACET = "openlineageAvro_pipelineRun"


@pytest.mark.parametrize("name", [*NAME_PARTS, "DB_PASSWORD", "my-token ", "Pin"])
def test_a_value_under_a_secret_name_is_masked(name: str) -> None:
    deep: Any = "hidden"
    for _ in range(20):
        deep = [{"deeper": deep}]
    given = {name: "x", "plain": "y"}
    assert masked_conf(a=[{"b": given}])["a"][0]["b"] == {name: "***", "plain": "y"}
    assert "hidden" not in json.dumps(masked_conf(**{name: deep}))


def test_under_a_secret_name_everything_is_masked_but_what_tells_nothing() -> None:
    given = [1234567, -1.5e9, 42, True, None, "", {"a": ["x"]}]
    kept = ["***", "***", 42, True, None, "", {"a": ["***"]}]
    assert masked_conf(tokens=given)["tokens"] == kept


def test_lists_of_names_and_values_are_masked() -> None:
    variables = [{"name": "API_TOKEN", "value": "x"}, {"name": "HOME", "value": "/root"}]
    run = {
        "environmentVariables": {"environmentVariables": variables},
        "tags": {"tags": [{"key": "token", "value": "x", "source": "s"}]},
    }
    done = redacted(event(run=run), config())["run"]["facets"]
    assert [each["value"] for each in done["environmentVariables"]["environmentVariables"]] == [
        "***",
        "/root",
    ]
    assert done["tags"]["tags"] == [{"key": "token", "value": "***", "source": "s"}]


def test_names_that_are_data_hide_nothing() -> None:
    fields = {"access_token": {"inputFields": [{"namespace": "n", "name": "t", "field": "token"}]}}
    dataset = {
        "columnLineage": {"fields": fields},
        "schema": {"fields": [{"name": "access_token", "type": "VARCHAR"}]},
        "dataQualityMetrics": {"columnMetrics": {"password": {"nullCount": 70000}}},
    }
    tasks = {"refresh_token": {"operator": "PythonOperator", "ui_label": "refresh_token"}}
    job = {"airflow": {"tasks": tasks}, "token_facet": {"kind": "x"}}
    run = {"airflowState": {"tasksState": {"refresh_token": "success"}}}
    given = event(run=run, job=job, dataset=dataset)
    assert redacted(given, config()) == given


def test_what_identifies_things_stays_whatever_is_to_be_hidden() -> None:
    parent = {"run": {"runId": RUN_ID}, "job": {"namespace": "n", "name": "dag"}}
    given = event(run={"parent": parent, "parentRun": parent})
    assert redacted(given, config(redact_keys="name,run,job,event,producer,schema,id")) == given


@pytest.mark.usefixtures("registered")
def test_a_registered_value_is_masked_anywhere_at_any_depth() -> None:
    deep: Any = f"a {SECRET} b"
    for _ in range(30):
        deep = {"a": [deep]}
    fields = {"access_token": {"inputFields": [{"name": SECRET}]}, SECRET: {"inputFields": []}}
    given = event(run={"x": deep}, dataset={"columnLineage": {"fields": fields}})
    given["job"]["name"] = f"dag.{SECRET}"
    given["producer"] = f"https://x/{SECRET}"
    done = redacted(given, config())
    assert SECRET not in json.dumps(done, ensure_ascii=False).replace('\\"', '"').replace(
        "\\\\", "\\"
    )
    assert done["job"]["name"] == "dag.***"
    kept = done["inputs"][0]["facets"]["columnLineage"]["fields"]
    assert kept == {"access_token": {"inputFields": [{"name": "***"}]}, "***": {"inputFields": []}}


@pytest.mark.usefixtures("registered")
def test_a_registered_word_stays_in_names_lest_datasets_change_theirs() -> None:
    airflow_masker.mask_secret("postgres")
    given = event(run={"errorMessage": {"message": "no user postgres"}})
    done = redacted(given, config())
    assert done["inputs"] == given["inputs"]
    assert done["run"]["facets"]["errorMessage"]["message"] == "no user ***"


@pytest.mark.usefixtures("registered")
def test_what_airflow_is_told_later_is_known_at_once() -> None:
    assert masked_message("later-password") == "later-password"
    airflow_masker.mask_secret("later-password")
    assert masked_message("later-password") == "***"


@pytest.mark.usefixtures("registered")
def test_names_that_airflow_is_set_up_with_hide_too(monkeypatch: pytest.MonkeyPatch) -> None:
    masker = airflow_masker._secrets_masker()
    monkeypatch.setattr(masker, "sensitive_variables_fields", ["iban"])
    assert masked_conf(iban="x", token="y", plain="z") == {
        "iban": "***",
        "token": "***",
        "plain": "z",
    }


def test_every_loaded_copy_of_the_masker_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(MODULES, ("first-secret", "second-secret"), strict=False):
        masker = airflow_masker.SecretsMasker()
        masker.add_mask(value)
        module = ModuleType(name)
        vars(module)["_secrets_masker"] = lambda masker=masker: masker
        monkeypatch.setitem(sys.modules, name, module)
    assert masked_message("first-secret second-secret third") == "*** *** third"


def test_a_masker_of_airflow_2_is_a_function_and_may_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Masker:
        replacer = None
        patterns = frozenset[str]()

    module = ModuleType(MODULES[3])
    vars(module).update(
        _secrets_masker=Masker, should_hide_value_for_key=lambda name: "iban" in name
    )
    monkeypatch.setitem(sys.modules, MODULES[3], module)
    assert masked_conf(iban="x") == {"iban": "***"}

    def missing() -> None:
        raise RuntimeError("Logging Configuration Error! No SecretsMasker found!")

    vars(module)["_secrets_masker"] = missing
    assert masked_conf(iban="x", token="y") == {"iban": "x", "token": "***"}


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("name", ["pipeline_run_id", "load_token"])
def test_the_pipelines_id_stays_as_it_was(name: str) -> None:
    run = {
        ID_FACET: {"pipelineRunId": SECRET, "source": "conf"},
        "pipeline_run_id": {"pipeline_run_id": SECRET},
        "tags": {"tags": [{"key": "pipeline_run_id", "value": SECRET, "source": "s"}]},
        **conf(**{name: SECRET, "password": SECRET}),
    }
    settings = {"redact_keys": "pipeline,id,value", "pipeline_run_id_name": name}
    done = redacted(event(run=run), config(**settings))["run"]["facets"]
    assert done[ID_FACET]["pipelineRunId"] == SECRET
    assert done["pipeline_run_id"] == {"pipeline_run_id": SECRET}
    assert done["tags"]["tags"][0]["value"] == SECRET
    assert done["airflow"]["dagRun"]["conf"] == {name: SECRET, "password": "***"}


def test_masking_can_be_turned_off() -> None:
    given = event(run=conf(password="x"))
    assert redacted(given, config(redact=False)) is given


def test_an_event_without_secrets_is_not_copied_and_none_is_changed() -> None:
    clean = event(run=conf(a="b"))
    assert redacted(clean, config()) is clean
    given = event(run=conf(password="x", text="{'token': 'y'}"))
    before = copy.deepcopy(given)
    assert redacted(given, config()) != before
    assert given == before


def test_a_failing_masker_costs_facets_but_neither_event_nor_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Masker:
        patterns = frozenset({"a"})

        @property
        def replacer(self) -> Any:
            raise ValueError(f"failed at {SECRET}")

    module = ModuleType(MODULES[0])
    vars(module)["_secrets_masker"] = Masker
    monkeypatch.setitem(sys.modules, MODULES[0], module)
    parent = {"run": {"runId": RUN_ID}, "job": {"namespace": "n", "name": "dag"}, "x": SECRET}
    facet = {"pipelineRunId": "id-1", "source": "conf"}
    parents = {"parent": parent, "parentRun": parent}
    given = event(run={**parents, ID_FACET: facet, **conf(a=SECRET)}, note=SECRET)
    given["inputs"][0]["namespace"] = "postgres://me:pw@db"
    del parent["x"]
    with caplog.at_level(logging.WARNING):
        done = redacted({**given, "inputs": given["inputs"]}, config())
    kept = event()
    kept["run"]["facets"] = {**parents, ID_FACET: facet}
    kept["inputs"][0] = {"namespace": "postgres://me:***@db", "name": "a.b", "facets": {}}
    assert done == kept
    assert "Masking secrets failed (ValueError): the event is sent without facets" in caplog.text
    assert SECRET not in caplog.text


# Whatever JSON there is, with words that look like settings among it.
WORDS = st.sampled_from(
    ["password", "token", "a", "facets", "run", "name", "value", "tags", "dagRun"]
)
TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(["{'token': 'x'}", '{"a": 1}', "x=1", "://"])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.one_of(WORDS, st.sampled_from(["inputs", "job", "eventTime"])), VALUES))
def test_no_json_object_makes_it_fail(value: dict[str, Any]) -> None:
    before = copy.deepcopy(value)
    secrets = secrets_now()
    clues = clues_of(value, secrets)
    if clues:
        done = EventMasker(secrets, clues, "pipeline_run_id").masked(value)
        assert set(map(str, done)) == set(map(str, value))
        assert redacted(done, config()) == done
    assert value == before


@pytest.mark.usefixtures("registered")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.integers())
def test_a_registered_value_put_anywhere_into_a_real_event_is_found(seed: int) -> None:
    chance = random.Random(seed)
    given = copy.deepcopy(chance.choice(events("airflow-events")))
    places = [(holder, key) for holder, key in _texts(given) if not _is_kept(holder, key)]
    holder, key = chance.choice(places)
    holder[key] = f"{holder[key]} {SECRET}"
    done = redacted(given, config())
    assert all(SECRET not in holder[key] for holder, key in _texts(done))


def _is_kept(holder: Any, key: Any) -> bool:
    """Tell whether a text is a time, a type or an id, which stay as they are."""
    is_tag = isinstance(holder, dict) and holder.get("key") == "pipeline_run_id"
    ids = ("runId", "pipelineRunId", "pipeline_run_id")
    return is_tag or key in (*ids, "eventTime", "eventType")


def _texts(value: Any) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, Any]] = []
    for key, each in items:
        if isinstance(each, str):
            found.append((value, key))
        elif isinstance(each, (dict, list)):
            found += _texts(each)
    return found
