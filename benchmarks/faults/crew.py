"""Consumers of one group, each a process that can be killed and started again."""

import random
import signal
from itertools import count
from pathlib import Path

from benchmarks.consumers import CONSUMER
from benchmarks.faults.services import TOPIC, Services
from services.errors import DemoError
from services.process import Service

# Small batches, so that there are many transactions to be killed in.
RUN = [*CONSUMER, "run", "--topic", TOPIC, "--batch-records", "100"]
HAS_WORKED = "reading partition"
LEAVE_SECONDS = 60


class Crew:
    """The consumers that are at work: those with a name come back, guests come and go."""

    def __init__(self, services: Services, folder: Path, consumers: int) -> None:
        """Start so many named ones."""
        self._environment = {
            "KAFKA_BOOTSTRAP_SERVERS": services.kafka,
            "DATABASE_URL": services.url,
        }
        self._folder = folder
        self._numbers = count(1)
        names = [f"consumer-{number}" for number in range(1, consumers + 1)]
        self._named = {name: self._start(name, "--member", name) for name in names}
        self._guests: list[Service] = []
        self.restarts = 0  # of consumers that PostgreSQL's or Kafka's absence ended at their start

    def kill_one(self, chance: random.Random) -> None:
        """Kill any of the named ones by SIGKILL and start it again."""
        name = chance.choice(sorted(self._named))
        self._named[name].kill()
        self._named[name] = self._start(name, "--member", name)

    def change_guests(self) -> None:
        """Let one more come, or go in order, so that partitions move; raise DemoError."""
        if not self._guests:
            self._guests.append(self._start(f"guest-{next(self._numbers)}"))
            return
        guest = self._guests.pop()
        guest.ask_to_stop()
        status = guest.wait(LEAVE_SECONDS)
        if status not in (0, -signal.SIGTERM) and _has_worked(guest):
            raise DemoError(f"{guest.name} left with status {status}: {guest.last_words()}")

    def look_after(self) -> None:
        """Start again who ended at its start; raise DemoError where one ended after it worked."""
        for name, service in self._named.items():
            if self._is_needed(service):
                self._named[name] = self._start(name, "--member", name)
        self._guests = [guest for guest in self._guests if not self._is_needed(guest)]

    def last_words(self) -> str:
        """Return the last line of each one's log."""
        everybody = (*self._named.values(), *self._guests)
        return "; ".join(f"{each.name}: {each.last_words()}" for each in everybody)

    def stop(self) -> None:
        """Stop all."""
        for each in (*self._named.values(), *self._guests):
            each.ask_to_stop()
        for each in (*self._named.values(), *self._guests):
            each.stop()

    def _is_needed(self, service: Service) -> bool:
        """Tell whether a consumer has ended where that is right: nothing was there at its start."""
        if not service.died():
            return False
        if _has_worked(service):
            service.check()
        self.restarts += 1
        return True

    def _start(self, name: str, *options: str) -> Service:
        (self._folder / f"{name}.log").unlink(missing_ok=True)
        return Service(name, [*RUN, *options], self._folder, self._environment)


def _has_worked(service: Service) -> bool:
    return HAS_WORKED in service.log.read_text(errors="replace")
