"""Checks that the settings are where Airflow looks for them, and at the right place there."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from openlineage_avro.config.settings import NOT_OURS, AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError
from openlineage_avro.tools.doctor.result import fail, ok, warn
from openlineage_avro.tools.found_settings import OURS, has_provider, is_ours, nested, searched

if TYPE_CHECKING:
    from openlineage_avro.tools.doctor.patient import Patient
    from openlineage_avro.tools.doctor.result import Finding
    from openlineage_avro.tools.found_settings import Settings

EXAMPLE = f'{{"type": "{OURS}", "bootstrap_servers": "kafka:9092"}}'
# Written there by the client itself when OPENLINEAGE_URL is set.
OF_CLIENT = NOT_OURS | {"transports"}


def transports() -> list[dict[str, Any]]:
    """Return what the settings of our transports are, none if there are none or they are wrong."""
    try:
        leaves = nested(searched().transport)
    except ConfigurationError:
        return []
    return [each for each in leaves if is_ours(each.get("type"))]


def found(patient: Patient) -> Finding:
    """Read the settings as Airflow will; from then on the patient has them."""
    try:
        settings = searched()
        if not patient.raw:
            return _none(settings)
        patient.settings = AvroKafkaConfig.from_dict(patient.raw)
    except ConfigurationError as exc:
        return fail(str(exc), "correct what the text names: docs/troubleshooting.md has its line")
    config = patient.settings
    return ok(f"topic {config.topic} on {config.bootstrap_servers}, from {settings.where}")


def _none(settings: Settings) -> Finding:
    leaves = nested(settings.transport)
    named = [
        str(each.get("type")) for each in leaves if "openlineage_avro" in str(each.get("type"))
    ]
    if named:
        return fail(f"transport type {named[0]} cannot be imported", f"the type is {OURS}")
    if misplaced := _beside_transport():
        return fail(
            f"[openlineage] {', '.join(misplaced)}: not options of Airflow",
            f"they belong into transport = {EXAMPLE}",
        )
    if leaves:
        kinds = ", ".join(str(each.get("type")) for each in leaves)
        return fail(
            f"the transport is {kinds}, from {settings.where}",
            f"set [openlineage] transport = {EXAMPLE}; a composite transport may hold both",
        )
    places = "; ".join(settings.not_set)
    return fail(f"no transport is set; searched {places}", f"[openlineage] transport = {EXAMPLE}")


def _beside_transport() -> list[str]:
    """Return settings of ours that stand beside `transport` instead of inside it."""
    if not has_provider():
        return []
    from airflow.configuration import conf

    given = set(conf.getsection("openlineage") or {})
    return sorted(given & {each.name for each in AvroKafkaConfig.__attrs_attrs__})


def placed(patient: Patient) -> Finding:
    """Look for settings that are unknown where they stand."""
    from kafka import KafkaProducer

    ours = {each.name for each in AvroKafkaConfig.__attrs_attrs__}
    of_kafka = set(KafkaProducer.DEFAULT_CONFIG)
    if unknown := sorted(set(patient.config.producer) - of_kafka):
        return fail(
            f"producer: {unknown[0]} is no setting of kafka-python's KafkaProducer",
            _did_you_mean(unknown[0], of_kafka),
        )
    unknown = sorted(set(patient.raw) - ours - OF_CLIENT)
    if misplaced := [name for name in unknown if name.replace(".", "_") in of_kafka]:
        return fail(
            f"{', '.join(misplaced)}: ignored at the top of the transport's settings",
            f'put into "producer": {{"{misplaced[0].replace(".", "_")}": …}}',
        )
    if "config" in unknown:
        return fail(
            "config: ignored; it is a setting of OpenLineage's own Kafka transport",
            "bootstrap_servers and security stand at the top, in the names of README.md",
        )
    if unknown:
        return warn(f"{', '.join(unknown)}: ignored", _did_you_mean(unknown[0], ours))
    if misplaced := _beside_transport():
        return warn(f"[openlineage] {', '.join(misplaced)}: ignored", "they belong into transport")
    if os.environ.get("OPENLINEAGE_URL"):
        return warn("OPENLINEAGE_URL is set too, and ignored", "unset it, or use a composite")
    return ok("every setting is known where it stands")


def _did_you_mean(name: str, known: set[str]) -> str:
    close = get_close_matches(name.replace(".", "_"), known, n=1)
    return f"is it {close[0]}?" if close else "remove it: nothing reads it"


def importable(_patient: Patient) -> Finding:
    """Import the transport and what it needs to send, as the first event will."""
    import kafka.producer  # noqa: F401

    from openlineage_avro.codec.codec import encode

    encode({})
    return ok(OURS)
