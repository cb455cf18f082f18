"""Turns a record's value into a decoded event, or into a rejection with its reason; never raises.

The framing of each message is told by its first bytes (openlineage_avro/codec/framing.py). Only a
schema registry that does not answer raises: that is no fault of the message.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from consumer.decode.canonical import canonical_and_stored, hash_of
from consumer.decode.json_value import json_value
from consumer.decode.text import storable_text
from consumer.decode.validate import NotAnEvent, check_event, time_of, type_of
from consumer.errors import RegistryProblem
from openlineage_avro import decode as decode_avro
from openlineage_avro.codec.codec import decode_registered
from openlineage_avro.codec.framing import Framing, framing_of
from openlineage_avro.errors import (
    DecodeError,
    RegistryRefused,
    RegistryUnavailable,
    UnknownFraming,
)
from openlineage_avro.event.depth import TooDeep
from openlineage_avro.schema_registry import SchemaOf, without_registry

# Names of lineage_store.framing.
NAMES = {Framing.JSON: "json", Framing.SINGLE_OBJECT: "avro", Framing.CONFLUENT: "confluent"}
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Decoded:
    """An OpenLineage event and what identifies it."""

    event: dict[str, Any]
    kind: str  # RUN_EVENT, JOB_EVENT or DATASET_EVENT of openlineage_avro.event.kinds
    type: str | None  # eventType, as PostgreSQL's text can hold it
    time: datetime  # eventTime, UTC
    hash: UUID  # identity: the first half of its canonical JSON's sha256
    json: str  # the event as jsonb takes it
    is_exact: bool  # whether jsonb gives back exactly the same event
    framing: str


class Kind(Enum):
    """What kinds of reasons there are; the values are labels of a metric."""

    FRAMING = "framing"  # the first bytes are those of no format
    JSON = "json"  # not UTF-8, not JSON
    AVRO = "avro"  # a schema that nobody knows, or bytes that do not fit it
    EVENT = "event"  # a value, but no event
    POSTGRESQL = "postgresql"  # PostgreSQL cannot hold the event
    OTHER = "other"


@dataclass(frozen=True)
class Rejection:
    """Why a record's value is not an OpenLineage event."""

    reason: str
    framing: str
    kind: Kind = Kind.OTHER


def decode(value: bytes, schema_of: SchemaOf = without_registry) -> Decoded | Rejection:
    """Return the event in a record's value, or why there is none.

    `schema_of` gives a registry's schemas by their id; raises its RegistryProblem.
    """
    try:
        framing = framing_of(value)
    except UnknownFraming as exc:
        return Rejection(str(exc), UNKNOWN, Kind.FRAMING)
    try:
        return _decoded(_event_of(value, framing, schema_of), NAMES[framing])
    except RegistryUnavailable as exc:
        raise RegistryProblem(str(exc), retry=True) from exc
    except RegistryRefused as exc:
        raise RegistryProblem(f"{exc}: correct SCHEMA_REGISTRY_URL or its login") from exc
    except (DecodeError, NotAnEvent, TooDeep) as exc:
        reason, kind = str(exc), Kind.AVRO if isinstance(exc, DecodeError) else Kind.EVENT
    except ValueError as exc:  # not UTF-8, not JSON, or more digits than Python reads
        reason, kind = f"{framing.value}: {exc}", Kind.JSON
    except Exception as exc:  # whatever a reader stumbles over, the record is kept
        reason, kind = f"{framing.value}: {type(exc).__name__}: {exc}", Kind.OTHER
    return Rejection(reason, NAMES[framing], kind)


def original(event: Any, raw: bytes | None, schema_of: SchemaOf = without_registry) -> Any:
    """Return the event exactly as it was sent, from the columns event and raw of lineage.events.

    `event` is the value of the column or, where numbers have more digits than a float, its text.
    """
    if raw is not None:
        return _event_of(raw, framing_of(raw), schema_of)
    return json_value(event.encode()) if isinstance(event, str) else event


def _event_of(value: bytes, framing: Framing, schema_of: SchemaOf) -> Any:
    if framing is Framing.JSON:
        return json_value(value)
    if framing is Framing.SINGLE_OBJECT:
        return decode_avro(value, json_value)
    return decode_registered(value, schema_of, json_value)


def _decoded(event: Any, framing: str) -> Decoded:
    kind, event_type = check_event(event), type_of(event)
    text, stored, is_exact = canonical_and_stored(event)
    return Decoded(
        event=event,
        kind=kind,
        type=None if event_type is None else storable_text(event_type),
        time=time_of(event),
        hash=hash_of(text),
        json=stored,
        is_exact=is_exact,
        framing=framing,
    )
