"""Counts what became of events: in the process, in the log, and in Airflow's own metrics."""

from __future__ import annotations

import logging
import os
from collections import Counter
from threading import Lock

from openlineage_avro.airflow import host

log = logging.getLogger(__name__)

# Airflow's metrics have these names behind its prefix: airflow.openlineage_avro.sent, ...
PREFIX = "openlineage_avro"
NAMES = ("sent", "spooled", "drained", "dropped", "failed", "json_bytes", "avro_bytes")


class Metrics:
    """Counters of one process's transports, by NAMES.

    sent: acknowledged by Kafka at once. spooled: kept on disk. drained: from there to Kafka.
    dropped: older than spool_max_age. failed: neither sent nor kept. json_bytes, avro_bytes: of
    all events, before Kafka's compression.
    """

    def __init__(self) -> None:
        """Start at zero."""
        self.reset()

    def reset(self) -> None:
        """Start again at zero; after a fork with a lock that no other thread holds."""
        self._counters: Counter[str] = Counter()
        self._lock = Lock()

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter, here and in Airflow where this process is one of Airflow's."""
        if not by:
            return
        with self._lock:
            self._counters[name] += by
        stats = host.stats()
        if stats is not None:
            try:
                stats.incr(f"{PREFIX}.{name}", by)
            except Exception as exc:  # metrics must not cost an event
                log.debug("Airflow's metrics: %s", exc)

    def read(self) -> dict[str, int]:
        """Return every counter by its name."""
        with self._lock:
            return {name: self._counters[name] for name in NAMES}


METRICS = Metrics()
os.register_at_fork(after_in_child=METRICS.reset)
