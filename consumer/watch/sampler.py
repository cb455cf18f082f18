"""Looks at Kafka and the store now and then, in a thread and on connections of its own."""

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone

from consumer.errors import ConsumerError, KafkaProblem
from consumer.settings import Settings
from consumer.source.cluster import Cluster
from consumer.store.figures import Figures, figures_of
from consumer.store.store import Store
from consumer.watch.lag import Lag, measure

SECONDS = 10.0  # between two looks
STOP_SECONDS = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sample:
    """What was seen; `problems` says of each service that did not answer what is the matter."""

    taken_at: datetime
    lags: list[Lag] = field(default_factory=list)
    figures: Figures | None = None
    problems: dict[str, str] = field(default_factory=dict)


class Sampler:
    """Keeps what was seen last, None until the first look is over; looks within its context."""

    def __init__(self, settings: Settings) -> None:
        """Remember what to look at."""
        self.last: Sample | None = None
        self._settings = settings
        self._cluster: Cluster | None = None
        self._store: Store | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_often, name="sampler", daemon=True)

    def __enter__(self) -> "Sampler":
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join(STOP_SECONDS)

    def _look_often(self) -> None:
        while not self._stop.is_set():
            self.last = self._look()
            self._stop.wait(SECONDS)
        self._forget()

    def _look(self) -> Sample:
        problems: dict[str, str] = {}
        lags: list[Lag] = []
        figures = None
        try:
            figures = figures_of(self._settings.database_url)
            lags = self._measure()
        except KafkaProblem as exc:
            problems["kafka"] = str(exc)
        except ConsumerError as exc:
            problems["postgresql"] = str(exc)
        except Exception as exc:  # metrics must not end because a client is in a bad state
            log.warning("lag is not known: %s: %s", type(exc).__name__, exc)
            problems["kafka"] = f"{type(exc).__name__}: {exc}"
        if problems:
            self._forget()
        return Sample(datetime.now(timezone.utc), lags, figures, problems)

    def _measure(self) -> list[Lag]:
        if self._cluster is None:
            self._cluster = Cluster(self._settings)
        if self._store is None:
            self._store = Store(self._settings.database_url, self._cluster.cluster_id)
        return measure(self._cluster, self._store)

    def _forget(self) -> None:
        """Close the connections: the next look makes others."""
        cluster, self._cluster = self._cluster, None
        store, self._store = self._store, None
        for each in (cluster, store):
            if each is not None:
                with suppress(Exception):  # whatever its state, it is not used again
                    each.close()
