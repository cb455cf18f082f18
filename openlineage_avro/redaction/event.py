"""A second pass over the plain event that masks what is secret, with what Airflow knows just now.

OpenLineage's provider masks while it builds an event: some of it not at all (dag_run.conf in task
events), and nothing that is registered later, such as the password of a connection that the task
has just read and that stands in the error it raised.

Masked are values under names such as `password`, and inside any text: values registered with
Airflow, passwords in URLs, and dicts written out as text. Names that are data mask nothing: facets,
columns, tasks. What says which run and dataset an event is about stays, unless a registered value
is in it. If masking fails, only that is sent: the event arrives, and nothing unmasked.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from openlineage_avro.event.facets import CONTAINERS, LISTED_OWNERS, SINGLE_OWNERS
from openlineage_avro.event.parent import PARENT_FACETS
from openlineage_avro.event.pipeline_run_id import DEFAULT_NAME, FACET_KEY, name_of_id
from openlineage_avro.redaction.secrets import MASK, Secrets, secrets_now
from openlineage_avro.redaction.text import Clues, TextMasker, clues_in, without_url_passwords

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig

log = logging.getLogger(__name__)

UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
OWNERS = (*SINGLE_OWNERS, *LISTED_OWNERS)
ABOUT_EVENT = ("eventTime", "eventType", "producer", "schemaURL")
# Facets in which every key is a name of OpenLineage's or that of a column.
STRUCTURE = {
    *(*PARENT_FACETS, "jobDependencies", "schema", "symlinks", "columnLineage", "nominalTime"),
    *("dataQualityMetrics", "dataQualityAssertions", "inputStatistics", "outputStatistics"),
}
# Members of facets whose own keys are the names of tasks and of groups of them.
TASKS = {"tasks", "taskGroups", "taskTree", "tasksState", "tasksDuration"}
AIRFLOW = {"airflow", "airflowState", "airflowDagRun"}
CODE = {"sql", "sourceCode"}
# Where the pipeline's id is no secret: (facet, member).
IDS = ((FACET_KEY, "pipelineRunId"), (DEFAULT_NAME, DEFAULT_NAME))
# Members of owners and of the parent facet that are left where masking failed.
IDENTITY = ("runId", "namespace", "name", "run", "job", "root", "_producer", "_schemaURL")
SMALLEST_SECRET_NUMBER = 10_000  # a count of tokens is none; Airflow's shortest secret has 5 digits


def redacted(event: dict[str, Any], config: AvroKafkaConfig) -> dict[str, Any]:
    """Return an event (a JSON object) without secrets: itself if there are none, else a copy.

    Never raises: should masking fail, the rest of the event is left out and a warning logged.
    """
    if not config.redact:
        return event
    try:
        secrets = secrets_now(config.redact_keys)
        clues = clues_of(event, secrets)
        if not clues:
            return event
        return EventMasker(secrets, clues, name_of_id(config.pipeline_run_id_name)).masked(event)
    except Exception as exc:
        # Of the error only its kind is told: its text may hold what should have been masked.
        log.warning(
            "Masking secrets failed (%s): the event is sent without facets", type(exc).__name__
        )
        return _identity_of(event)


def clues_of(event: dict[str, Any], secrets: Secrets) -> Clues:
    """Return what of the secrets may be in an event."""
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
    return clues_in(texts, names, secrets)


class EventMasker:
    """Masks one event: knows which of its members are data, names or identities."""

    def __init__(self, secrets: Secrets, clues: Clues, id_name: str) -> None:
        """Take what is secret, where it may be, and the name of the pipeline's id in conf."""
        self._secrets, self._id_name = secrets, id_name
        self._texts = TextMasker(secrets, clues, self._value)

    def masked(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return a copy of an event without secrets."""
        done: dict[str, Any] = {}
        for key, value in event.items():
            if key in OWNERS:
                done[key] = self._owners(value)
            elif key in ("eventTime", "eventType") and isinstance(value, str):
                done[key] = value
            elif key in ("producer", "schemaURL"):
                done[key] = self._identity(value)
            else:
                done[key] = self._member(key, value)
        return done

    def _owners(self, value: Any) -> Any:
        """Return a run, a job, a dataset or a list of datasets."""
        if isinstance(value, list):
            return [self._owners(each) for each in value]
        if not isinstance(value, dict):
            return self._identity(value)
        done: dict[str, Any] = {}
        for key, member in value.items():
            if key in CONTAINERS and isinstance(member, dict):
                done[key] = {name: self._facet(name, facet) for name, facet in member.items()}
            elif key in ("runId", "name", "namespace"):
                done[key] = self._identity(member)
            else:
                done[key] = self._member(key, member)
        return done

    def _facet(self, name: str, facet: Any) -> Any:
        if not isinstance(facet, dict):
            return self._member(name, facet)
        if name in STRUCTURE:
            return self._identity(facet)
        return {
            self._key(key): self._facet_member(name, key, member) for key, member in facet.items()
        }

    def _facet_member(self, name: str, key: str, member: Any) -> Any:
        if key in ("_producer", "_schemaURL"):
            return self._identity(member)
        if (name, key) in IDS:
            return member
        if name in AIRFLOW and key in TASKS and isinstance(member, dict):
            return {task: self._value(each) for task, each in member.items()}
        if name in AIRFLOW and key == "dagRun" and isinstance(member, dict):
            return self._dag_run(member)
        if name == "tags" and key == "tags" and isinstance(member, list):
            return [self._tag(tag) for tag in member]
        return self._member(key, member, code=name in CODE)

    def _dag_run(self, dag_run: dict[str, Any]) -> dict[str, Any]:
        done: dict[str, Any] = self._value(dag_run)
        conf = dag_run.get("conf")
        if isinstance(conf, dict) and isinstance(conf.get(self._id_name), (str, int)):
            done["conf"][self._id_name] = conf[self._id_name]
        return done

    def _tag(self, tag: Any) -> Any:
        is_id = isinstance(tag, dict) and tag.get("key") == DEFAULT_NAME
        return {**self._value(tag), "value": tag.get("value")} if is_id else self._value(tag)

    def _member(self, key: Any, value: Any, *, code: bool = False) -> Any:
        if isinstance(key, str) and self._secrets.is_secret_name(key):
            return self._wholly_masked(value)
        return self._value(value, code=code)

    def _value(self, value: Any, *, code: bool = False) -> Any:
        """Return any JSON value, or what Python wrote out as one, without secrets."""
        if isinstance(value, str):
            return self._texts.masked(value, code=code)
        if isinstance(value, dict):
            done = {}
            for key, each in value.items():  # no comprehension: that would need twice the stack
                done[self._key(key)] = self._member(key, each, code=code)
            if self._names_a_secret(value):
                done["value"] = self._wholly_masked(value["value"])
            return done
        if isinstance(value, (list, tuple, set)):
            return type(value)([self._value(each, code=code) for each in value])
        return value

    def _names_a_secret(self, value: dict[Any, Any]) -> bool:
        """Tell it of {"name": "PASSWORD", "value": "x"}, as environment variables are listed."""
        name = value.get("name", value.get("key"))
        return "value" in value and isinstance(name, str) and self._secrets.is_secret_name(name)

    def _identity(self, value: Any) -> Any:
        """Return what identifies things, at any depth: only registered values are masked in it."""
        if isinstance(value, str):
            return value if re.fullmatch(UUID, value) else self._texts.masked_identity(value)
        if isinstance(value, dict):
            return {self._key(key): self._identity(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._identity(each) for each in value]
        return value

    def _wholly_masked(self, value: Any) -> Any:
        """Return a value with all texts and large numbers in it masked."""
        if isinstance(value, dict):
            return {self._key(key): self._wholly_masked(each) for key, each in value.items()}
        if isinstance(value, (list, tuple, set)):
            return type(value)([self._wholly_masked(each) for each in value])
        if value is None or isinstance(value, bool) or value == "":
            return value
        if isinstance(value, (int, float)) and abs(value) < SMALLEST_SECRET_NUMBER:
            return value
        return MASK

    def _key(self, key: Any) -> Any:
        return self._texts.masked_identity(key) if isinstance(key, str) else key


def _identity_of(event: dict[str, Any]) -> dict[str, Any]:
    """Return what an event needs to be stored: what it is about, its parent, its pipeline's id."""
    return {
        key: _bare(value) for key, value in event.items() if key in OWNERS or key in ABOUT_EVENT
    }


def _bare(value: Any) -> Any:
    if isinstance(value, str):
        return without_url_passwords(value)
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if not isinstance(value, dict):
        return None
    done = {key: _bare(value[key]) for key in IDENTITY if key in value}
    facets = value.get("facets")
    if isinstance(facets, dict):
        kept = {FACET_KEY: facets[FACET_KEY]} if FACET_KEY in facets else {}
        parents = {name: _bare(facets[name]) for name in PARENT_FACETS if name in facets}
        done["facets"] = {**parents, **kept}
    return done
