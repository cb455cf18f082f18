"""What is examined: settings, and what earlier checks found there."""

from contextlib import suppress
from dataclasses import dataclass, field

from consumer.settings import Settings
from consumer.source.cluster import Cluster
from consumer.store.figures import Figures, figures_of
from consumer.store.store import Store
from consumer.watch.lag import Lag, measure

WARN_LAG_SECONDS = 600.0


@dataclass
class Examined:
    """A store and its Kafka; connections are made when a check first needs them."""

    settings: Settings
    most_lag_seconds: float = WARN_LAG_SECONDS
    disk_bytes: int | None = None  # what the database may grow to, if that was said
    _cluster: Cluster | None = field(default=None, init=False)
    _figures: Figures | None = field(default=None, init=False)

    def cluster(self) -> Cluster:
        """Return the cluster, connected; raise KafkaProblem."""
        if self._cluster is None:
            self._cluster = Cluster(self.settings)
        return self._cluster

    def figures(self) -> Figures:
        """Return what the store tells of itself; raise StoreProblem."""
        if self._figures is None:
            self._figures = figures_of(self.settings.database_url)
        return self._figures

    def lags(self) -> list[Lag]:
        """Return the lag of each partition; raise KafkaProblem and StoreProblem."""
        store = Store(self.settings.database_url, self.cluster().cluster_id)
        try:
            return measure(self.cluster(), store)
        finally:
            store.close()

    def close(self) -> None:
        """Close what was connected."""
        if self._cluster is not None:
            with suppress(Exception):  # whatever its state, it is not used again
                self._cluster.close()
