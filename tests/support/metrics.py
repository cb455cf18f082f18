"""Reading metrics of a running program, as Prometheus does."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from prometheus_client.parser import text_string_to_metric_families

from services.state import free_ports
from tests.support.storing import Consumer, wait_until

SECONDS = 60


class Metrics:
    """A program's port for metrics."""

    def __init__(self, base: str) -> None:
        """Remember where it is."""
        self.base = base

    def get(self, path: str) -> requests.Response:
        """Return the answer of a path."""
        return requests.get(f"{self.base}{path}", timeout=SECONDS)

    def values(self) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        """Return every sample by its name and labels."""
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(self.get("/metrics").text)
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float | None:
        """Return one sample, or None where there is none."""
        return self.values().get((name, frozenset(labels.items())))

    def names(self) -> set[str]:
        """Return the names of all samples."""
        return {name for name, _ in self.values()}

    def is_up(self) -> bool:
        """Tell whether the program answers."""
        try:
            return self.get("/health").ok
        except requests.ConnectionError:
            return False


@contextmanager
def running(consumer: Consumer, command: str, *options: str) -> Iterator[Metrics]:
    """Yield the metrics of a command of the consumer that runs as long as the context lasts."""
    (port,) = free_ports(1)
    process = consumer.start(command, "--metrics-port", str(port), *options)
    try:
        metrics = Metrics(f"http://127.0.0.1:{port}")
        wait_until(lambda: process.poll() is not None or metrics.is_up(), 60)
        assert process.poll() is None, process.communicate()[1]
        yield metrics
    finally:
        process.terminate()
        process.communicate(timeout=60)
