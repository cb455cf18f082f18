"""The Airflow that this process belongs to, if it does: its home, its settings, its metrics.

Only modules that somebody else has imported are asked: importing Airflow takes seconds, and this
library works without it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

CONFIGURATION = "airflow.configuration"
# Whatever sends events in Airflow has imported this; the place of Stats differs between versions.
STATS = "airflow.providers.common.compat.sdk"


def home() -> str | None:
    """Return Airflow's folder, or what the environment says it is."""
    known = getattr(sys.modules.get(CONFIGURATION), "AIRFLOW_HOME", None)
    return known or os.environ.get("AIRFLOW_HOME") or None


def configured(section: str, key: str) -> str | None:
    """Return a setting of Airflow's; None where it is not set, or there is no Airflow."""
    conf = _conf()
    return (conf.get(section, key, fallback=None) or None) if conf else None


def is_on(section: str, key: str) -> bool:
    """Tell whether a setting of Airflow's is true."""
    conf = _conf()
    return bool(conf and conf.getboolean(section, key, fallback=False))


def stats() -> Any:
    """Return Airflow's client for metrics; None where there is no Airflow."""
    return getattr(sys.modules.get(STATS), "Stats", None)


def _conf() -> Any:
    return getattr(sys.modules.get(CONFIGURATION), "conf", None)
