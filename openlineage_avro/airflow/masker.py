"""What Airflow's secrets maskers know in this process at the moment they are asked."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

log = logging.getLogger(__name__)

# Where copies of Airflow's masker live. Each holds the values that were registered through it, and
# in Airflow 3 there are two: of the core and of the task SDK. The last two are those of 3.0 and 2.
MODULES = (
    "airflow._shared.secrets_masker.secrets_masker",
    "airflow.sdk._shared.secrets_masker.secrets_masker",
    "airflow.sdk.execution_time.secrets_masker",
    "airflow.utils.log.secrets_masker",
)


class Masker(NamedTuple):
    """What one of Airflow's maskers knows."""

    # Finds each of the registered values; None while there are none.
    expression: re.Pattern[str] | None
    # The registered values, as the expression has them: escaped.
    patterns: frozenset[str]
    # Parts of names whose values are secret, as Airflow is set up.
    name_parts: tuple[str, ...]
    # The masker's own answer to whether the value under a name is secret.
    is_secret_name: Callable[[str], object]


def live_maskers() -> list[Masker]:
    """Ask the maskers that somebody has imported; none is imported for this."""
    modules = [sys.modules[name] for name in MODULES if name in sys.modules]
    found = [(module, masker) for module in modules if (masker := _masker(module)) is not None]
    return [
        Masker(
            expression=masker.replacer,
            patterns=frozenset(masker.patterns),
            name_parts=_name_parts(module, masker),
            # A method in Airflow 3 and a function in Airflow 2.
            is_secret_name=getattr(masker, "should_hide_value_for_key", None)
            or module.should_hide_value_for_key,
        )
        for module, masker in found
    ]


def _masker(module: Any) -> Any:
    find = vars(module).get("_secrets_masker")
    if find is None:
        return None
    try:
        return find()
    except RuntimeError:
        # Airflow 2's logging can be set up without a masker; then nothing can be registered.
        log.debug("Airflow's logging has no secrets masker")
        return None


def _name_parts(module: Any, masker: Any) -> tuple[str, ...]:
    found = getattr(masker, "sensitive_variables_fields", None)
    if found is None and "get_sensitive_variables_fields" in vars(module):
        found = module.get_sensitive_variables_fields()
    return tuple(sorted(found or ()))
