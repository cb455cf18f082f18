"""Checks what is installed, and whether Airflow uses it."""

from __future__ import annotations

import os
import platform
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from openlineage_avro.tools.doctor.result import fail, ok, skip, warn
from openlineage_avro.tools.found_settings import has_provider

if TYPE_CHECKING:
    from openlineage_avro.tools.doctor.patient import Patient
    from openlineage_avro.tools.doctor.result import Finding

OURS = "openlineage-avro"
FACET = "openlineage_avro.facets.pipeline_run_id"
# The ranges that are tested; what the library needs is in its own metadata.
TESTED = {"apache-airflow": ">=2.11,<4", "apache-airflow-providers-openlineage": ">=2.20,<3"}
INSTALL_PROVIDER = "pip install 'openlineage-avro[airflow]'"


def versions(_patient: Patient) -> Finding:
    """Compare what is installed with what is needed and what is tested."""
    from packaging.requirements import Requirement

    needed = [Requirement(text) for text in requires(OURS) or ()]
    needed = [each for each in needed if each.marker is None]
    tested = [Requirement(name + specifier) for name, specifier in TESTED.items()]
    shown = [f"Python {platform.python_version()}", f"{OURS} {_version(OURS)}"]
    shown += [f"{each.name} {found}" for each in needed + tested if (found := _version(each.name))]
    for each in needed:
        if not each.specifier.contains(_version(each.name) or "0", prereleases=True):
            found = f"{each.name} {_version(each.name) or 'is missing'}"
            return fail(f"{found}, expected {each.specifier}", f"pip install '{each}'")
    for each in tested:
        if (found := _version(each.name)) and not each.specifier.contains(found, prereleases=True):
            return warn(", ".join(shown), f"{each.name}: {each.specifier} is tested")
    return ok(", ".join(shown))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def provider(_patient: Patient) -> Finding:
    """Tell whether Airflow has its OpenLineage provider, and whether that is on."""
    if _version("apache-airflow") is None and _version("apache-airflow-core") is None:
        return skip("Airflow is not installed here; the settings are the OpenLineage client's")
    if not has_provider():
        return fail("Airflow has no OpenLineage provider", INSTALL_PROVIDER)
    from airflow.configuration import conf as airflow
    from airflow.providers.openlineage import conf

    if airflow.getboolean("openlineage", "disabled", fallback=False):
        return fail("[openlineage] disabled is true", "set it to False, restart Airflow")
    if os.environ.get("OPENLINEAGE_DISABLED", "").lower() in ("true", "1", "t"):
        return fail("OPENLINEAGE_DISABLED is set", "unset it, restart Airflow")
    try:
        off = conf.is_disabled()
    except Exception:  # its text may repeat the transport, passwords included
        return fail("[openlineage] transport is no JSON object", "JSON needs double quotes")
    if off:
        return fail("no transport is set, so the provider is off", "set [openlineage] transport")
    return _restricted() or ok(f"on, events leave from {_sender()}")


def _restricted() -> Finding | None:
    """Return what keeps the provider from sending all events."""
    from airflow.providers.openlineage import conf

    if conf.selective_enable():
        return warn(
            "[openlineage] selective_enable is on",
            "only DAGs and tasks named by enable_lineage(...) send events",
        )
    if operators := conf.disabled_operators():
        return warn(
            f"[openlineage] disabled_for_operators: {', '.join(sorted(operators))}",
            "tasks of these operators send no events",
        )
    if getattr(conf, "emission_policy", list)():
        return warn("[openlineage] emission_policy is set", "it may hold events back")
    return None


def _sender() -> str:
    from airflow.providers.openlineage import conf

    in_thread = getattr(conf, "execute_in_thread", bool)()
    return "a thread of the task" if in_thread else "a fork of the task (execute_in_thread = False)"


def facet_functions(_patient: Patient) -> Finding:
    """Import what [openlineage] custom_run_facets names, as the provider will."""
    if not has_provider():
        return skip("Airflow's OpenLineage provider is not installed")
    from airflow.providers.openlineage import conf

    named = sorted(conf.custom_run_facets())
    for name in named:
        module, _, function = name.rpartition(".")
        try:
            found = getattr(import_module(module), function)
        except Exception as exc:  # whatever the module raises
            return fail(
                f"[openlineage] custom_run_facets: {name}: {type(exc).__name__}: {exc}",
                f"correct the name or install its package where tasks run; ours is {FACET}",
            )
        if not callable(found):
            return fail(f"custom_run_facets: {name} is no function", f"ours is {FACET}")
    if FACET not in named:
        return warn(
            f"[openlineage] custom_run_facets has not {FACET}",
            "add it, or a pipeline_run_id is known only from dag_run.conf",
        )
    return ok(", ".join(named))
