"""The folder in which several processes write down what they count, for another to add up."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

# prometheus_client looks for it when it is imported, in the processes that count.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def counted_together() -> Iterator[CollectorRegistry]:
    """Yield a registry of what processes count that are started within the context."""
    with tempfile.TemporaryDirectory(prefix="openlineage-avro-metrics-") as folder:
        os.environ[FOLDER] = folder
        registry = CollectorRegistry()
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
        try:
            yield registry
        finally:
            del os.environ[FOLDER]
