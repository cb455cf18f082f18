"""A second pass over the plain event that takes out what is secret, with Airflow's live masker.

OpenLineage's provider masks while it builds an event: some of it not at all (dag_run.conf in task
events), and nothing that is registered later, such as the password of a connection that the task
has just read and that stands in the error it raised.

Hidden are values under names such as `password`, and inside any text: values registered with
Airflow, passwords in URLs, and dicts written out as text. Names that are data hide nothing: facets,
columns, tasks. What says which run and dataset an event is about stays, unless a registered value
is in it. If masking fails, only that is sent: the event arrives, and nothing unmasked.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openlineage_avro.airflow.masker import Maskers
from openlineage_avro.event.pipeline_run_id import DEFAULT_NAME, FACET_KEY, name_of_id
from openlineage_avro.redaction.text import (
    MASK,
    Clues,
    masked_name,
    masked_text,
    without_url_passwords,
)

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig

log = logging.getLogger(__name__)

UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
FACETS = ("facets", "inputFacets", "outputFacets")
ENTITIES = ("run", "job", "dataset", "inputs", "outputs")
# Facets in which every key is a name of OpenLineage's or that of a column.
STRUCTURE = {
    *("parent", "jobDependencies", "schema", "symlinks", "columnLineage", "nominalTime"),
    *("dataQualityMetrics", "dataQualityAssertions", "inputStatistics", "outputStatistics"),
}
# Members of facets whose own keys are the names of tasks and of groups of them.
TASKS = {"tasks", "taskGroups", "taskTree", "tasksState", "tasksDuration"}
AIRFLOW = {"airflow", "airflowState", "airflowDagRun"}
CODE = {"sql", "sourceCode"}
BARE = ("runId", "namespace", "name", "run", "job", "root", "_producer", "_schemaURL")
SMALLEST_SECRET_NUMBER = 10_000  # a count of tokens is none; Airflow's shortest secret has 5 signs


def redacted(event: dict[str, Any], config: AvroKafkaConfig) -> dict[str, Any]:
    """Return an event (a JSON object) without secrets: itself if there are none, else a copy.

    Never raises: should masking fail, the rest of the event is left out and a warning logged.
    """
    if not config.redact:
        return event
    try:
        maskers = _maskers(config.redact_keys)
        maskers.refresh()
        clues = _clues(event, maskers)
        if not clues:
            return event
        return _Pass(maskers, clues, name_of_id(config.pipeline_run_id_name)).event(event)
    except Exception as exc:
        # Of the error only its kind is told: its text may hold what should have been masked.
        log.warning(
            "Masking secrets failed (%s): the event is sent without facets", type(exc).__name__
        )
        return _bare_event(event)


@lru_cache(maxsize=8)
def _maskers(more_parts: tuple[str, ...]) -> Maskers:
    return Maskers(more_parts)


def _clues(event: dict[str, Any], maskers: Maskers) -> Clues:
    texts: list[str] = []
    names: set[Any] = set()
    waiting: list[Any] = [event]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            names.update(value)
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)
    return Clues(texts, names, maskers)


class _Pass:
    """One event's way through the maskers."""

    def __init__(self, maskers: Maskers, clues: Clues, id_name: str) -> None:
        self.maskers, self.clues, self.id_name = maskers, clues, id_name

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        done: dict[str, Any] = {}
        for key, value in event.items():
            if key in ENTITIES:
                done[key] = self._entities(value)
            elif key in ("eventTime", "eventType") and isinstance(value, str):
                done[key] = value
            elif key in ("producer", "schemaURL"):
                done[key] = self._kept_names(value)
            else:
                done[key] = self._member(key, value)
        return done

    def _entities(self, value: Any) -> Any:
        """Return a run, a job, a dataset or a list of datasets."""
        if isinstance(value, list):
            return [self._entities(each) for each in value]
        if not isinstance(value, dict):
            return self._kept_names(value)
        done: dict[str, Any] = {}
        for key, member in value.items():
            if key in FACETS and isinstance(member, dict):
                done[key] = {name: self._facet(name, facet) for name, facet in member.items()}
            elif key in ("runId", "name", "namespace"):
                done[key] = self._kept_names(member)
            else:
                done[key] = self._member(key, member)
        return done

    def _facet(self, name: str, facet: Any) -> Any:
        if not isinstance(facet, dict):
            return self._member(name, facet)
        if name in STRUCTURE:
            return self._kept_names(facet)
        done: dict[str, Any] = {}
        for key, member in facet.items():
            if key in ("_producer", "_schemaURL"):
                done[key] = self._kept_names(member)
            elif self._is_id(name, key):
                done[key] = member
            elif name in AIRFLOW and key in TASKS and isinstance(member, dict):
                done[key] = {task: self._value(each) for task, each in member.items()}
            elif name in AIRFLOW and key == "dagRun" and isinstance(member, dict):
                done[key] = self._dag_run(member)
            elif name == "tags" and key == "tags" and isinstance(member, list):
                done[key] = [self._tag(tag) for tag in member]
            else:
                done[key] = self._member(key, member, code=name in CODE)
        return done

    def _is_id(self, facet: str, key: str) -> bool:
        return (facet, key) in ((FACET_KEY, "pipelineRunId"), (DEFAULT_NAME, DEFAULT_NAME))

    def _dag_run(self, dag_run: dict[str, Any]) -> dict[str, Any]:
        done: dict[str, Any] = self._value(dag_run)
        conf = dag_run.get("conf")
        if isinstance(conf, dict) and isinstance(conf.get(self.id_name), (str, int)):
            done["conf"][self.id_name] = conf[self.id_name]
        return done

    def _tag(self, tag: Any) -> Any:
        is_id = isinstance(tag, dict) and tag.get("key") == DEFAULT_NAME
        return {**self._value(tag), "value": tag.get("value")} if is_id else self._value(tag)

    def _member(self, key: Any, value: Any, *, code: bool = False) -> Any:
        if isinstance(key, str) and self.maskers.hides(key):
            return _hidden(value)
        return self._value(value, code=code)

    def _value(self, value: Any, *, code: bool = False) -> Any:
        """Return any JSON value, or what Python wrote out as one, without secrets."""
        if isinstance(value, str):
            return masked_text(value, self.maskers, self.clues, self._value, code=code)
        if isinstance(value, dict):
            done = {
                self._key(key): self._member(key, each, code=code) for key, each in value.items()
            }
            return _with_hidden_pair(value, done, self.maskers)
        if isinstance(value, (list, tuple, set)):
            return type(value)(self._value(each, code=code) for each in value)
        return value

    def _kept_names(self, value: Any) -> Any:
        """Return what identifies things, at any depth: only registered values are taken out."""
        if isinstance(value, str):
            return value if re.fullmatch(UUID, value) else self._text(value)
        if isinstance(value, dict):
            return {self._key(key): self._kept_names(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._kept_names(each) for each in value]
        return value

    def _key(self, key: Any) -> Any:
        return self._text(key) if isinstance(key, str) else key

    def _text(self, text: str) -> str:
        return masked_name(text, self.maskers, self.clues)


def _with_hidden_pair(given: dict[Any, Any], done: dict[Any, Any], maskers: Maskers) -> Any:
    """Hide the value in {"name": "PASSWORD", "value": "x"}, as environment variables are listed."""
    name = given.get("name", given.get("key"))
    if "value" in given and isinstance(name, str) and maskers.hides(name):
        done["value"] = _hidden(given["value"])
    return done


def _hidden(value: Any) -> Any:
    """Return a value with all texts and large numbers in it masked."""
    if isinstance(value, dict):
        return {key: _hidden(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return type(value)(_hidden(each) for each in value)
    if value is None or isinstance(value, bool) or value == "":
        return value
    if isinstance(value, (int, float)) and -SMALLEST_SECRET_NUMBER < value < SMALLEST_SECRET_NUMBER:
        return value
    return MASK


def _bare_event(event: dict[str, Any]) -> dict[str, Any]:
    """Return what an event needs to be stored: what it is about, its parent, its pipeline's id."""
    return {
        key: _bare(value)
        for key, value in event.items()
        if key in ENTITIES or key in ("eventTime", "eventType", "producer", "schemaURL")
    }


def _bare(value: Any) -> Any:
    if isinstance(value, str):
        return without_url_passwords(value)
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if not isinstance(value, dict):
        return None
    done = {key: _bare(value[key]) for key in BARE if key in value}
    facets = value.get("facets")
    if isinstance(facets, dict):
        kept = {FACET_KEY: facets[FACET_KEY]} if FACET_KEY in facets else {}
        parent = {"parent": _bare(facets["parent"])} if "parent" in facets else {}
        done["facets"] = {**parent, **kept}
    return done
