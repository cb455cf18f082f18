"""Asks all checks in their order, each for a bounded time, and goes on when one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openlineage_avro.deadline import within
from openlineage_avro.tools.doctor import broker, installation, round_trip, settings, storage
from openlineage_avro.tools.doctor.patient import Patient
from openlineage_avro.tools.doctor.result import FAIL, Check, Finding, Result, fail, skip

if TYPE_CHECKING:
    from collections.abc import Iterator

# Importing Airflow takes seconds, on a busy machine many.
OF_INSTALLATION = (
    Check("versions", installation.versions, seconds=30),
    Check("import", settings.importable, seconds=30),
    Check("provider", installation.provider, seconds=60),
    Check("custom_run_facets", installation.facet_functions, seconds=60),
)
OF_TRANSPORT = (
    Check("settings", settings.found, seconds=30),
    Check("placement", settings.placed, ("settings",)),
    Check("servers", broker.reachable, ("settings",), seconds=20),
    Check("login", broker.login, ("servers",), seconds=15),
    Check("topic", broker.topic, ("login",)),
    Check("limits", broker.limits, ("topic",)),
    Check("clock", broker.clock, ("login",)),
    Check("registry", storage.registry, ("settings",)),
    Check("spool", storage.spool, ("settings",)),
    Check("test event", round_trip.send_and_read, ("topic", "registry"), seconds=45),
)


def examine() -> Iterator[Result]:
    """Yield a result for each check; those of a transport once for each transport of ours."""
    yield from _ask(OF_INSTALLATION, Patient())
    found = settings.transports() or [{}]
    for raw in found:
        patient = Patient(raw)
        try:
            for result in _ask(OF_TRANSPORT, patient):
                yield _named(result, patient) if len(found) > 1 else result
        finally:
            patient.close()


def _ask(checks: tuple[Check, ...], patient: Patient) -> Iterator[Result]:
    unanswered: set[str] = set()
    for check in checks:
        missing = sorted(unanswered.intersection(check.needs))
        finding = skip(f"{missing[0]} must be OK first") if missing else _answer(check, patient)
        if finding.status == FAIL or missing:
            unanswered.add(check.name)
        yield Result(
            check.name, finding.status, patient.hide(finding.found), patient.hide(finding.advice)
        )


def _answer(check: Check, patient: Patient) -> Finding:
    try:
        answer: Finding = within(check.seconds, lambda _end: check.ask(patient))
    except Exception as exc:  # whatever a broken installation raises
        return fail(
            f"{type(exc).__name__}: {exc}", "docs/troubleshooting.md may have a line for it"
        )
    return answer


def _named(result: Result, patient: Patient) -> Result:
    topic = patient.raw.get("topic", "openlineage")
    return Result(f"{result.check} ({topic})", result.status, result.found, result.advice)
