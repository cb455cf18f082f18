"""Kills consumers at random, breaks what they need, and proves that nothing is lost or doubled.

Several consumers of one group store a topic of six partitions while events keep coming. After each
kill the store must have moved before the next, so that consumers die at work. At the end the store
is compared with the topic, event by event; and all that is derived from the events with a store
that one undisturbed consumer made of the same topic.

    python -m benchmarks.faults --kills 1000 --consumers 3 --seed 7

The status is 1 if anything is lost, doubled or otherwise not as it must be. What happens is drawn
from the seed; at which statement it hits is not.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks import consumers, stage
from benchmarks.faults import comparing
from benchmarks.faults.crew import Crew
from benchmarks.faults.sending import Sending
from benchmarks.faults.services import TOPIC, Services, running
from services.errors import DemoError

MOVE_SECONDS = 120  # in which something must be stored, whatever happened
LOOK_SECONDS = 0.02
LONGEST_PAUSE = 0.3  # from a commit to a fault
CUT_TRIES = 200

# Beside the kills, one fault of a kind for so many of them; each kind happens at least once.
KILLS_FOR_EACH = {
    "transactions cut": 5,
    "guests come or go": 5,
    "PostgreSQL restarts": 40,
    "PostgreSQL crashes": 40,
    "broker restarts": 40,
}


def main() -> None:
    """Read the options, run, and print the outcome."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=100, help="default: %(default)s")
    parser.add_argument("--consumers", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--per-second", type=int, default=200, help="records (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    stage.add_options(parser)
    options = parser.parse_args()
    with running(options.postgres) as services, tempfile.TemporaryDirectory() as folder:
        consumers.migrate(services.url)
        _run(services, Path(folder), options)


def _run(services: Services, folder: Path, options: argparse.Namespace) -> None:
    began = time.monotonic()
    chance = random.Random(options.seed)
    sending = Sending(services.kafka, options.per_second, options.seed)
    crew = Crew(services, folder, options.consumers)
    try:
        plan = _plan(options.kills, chance)
        _break(services, crew, plan, chance)
        sending.stop()
        topic = comparing.read_topic(services.kafka)
        _wait(services, crew, lambda: comparing.has_reached(services.url, topic.ends))
    finally:
        sending.stop()
        crew.stop()
    for name, number in Counter(plan).items():
        print(f"{name:<22}{number:>9,}")
    print(f"{'ended at their start':<22}{crew.restarts:>9,}")
    print(f"{'records':<22}{sum(topic.ends.values()):>9,}")
    print(f"{'seconds':<22}{time.monotonic() - began:>9,.0f}", flush=True)
    _tell(services, topic)


def _plan(kills: int, chance: random.Random) -> list[str]:
    """Return what is to happen, in a random order."""
    plan = ["kills"] * kills
    for fault, per in KILLS_FOR_EACH.items():
        plan += [fault] * max(1, kills // per)
    chance.shuffle(plan)
    return plan


def _break(services: Services, crew: Crew, plan: list[str], chance: random.Random) -> None:
    acts: dict[str, Callable[[], None]] = {
        "kills": lambda: crew.kill_one(chance),
        "transactions cut": lambda: _cut(services),
        "guests come or go": crew.change_guests,
        "PostgreSQL restarts": services.restart_postgres,
        "PostgreSQL crashes": services.crash_postgres,
        "broker restarts": services.restart_broker,
    }
    for number, fault in enumerate(plan, 1):
        before = _passed(services.url)
        _wait(services, crew, lambda before=before: _passed(services.url) > before)  # type: ignore[misc]
        time.sleep(chance.random() * LONGEST_PAUSE)
        acts[fault]()
        if number % 100 == 0:
            print(f"{number:,} of {len(plan):,} faults", file=sys.stderr)


def _cut(services: Services) -> None:
    """Cut a transaction as soon as there is one that has written."""
    for _ in range(CUT_TRIES):
        if services.cut_transaction():
            return
        time.sleep(LOOK_SECONDS)


def _passed(url: str) -> int:
    """Return how many records are stored, or otherwise done with."""
    ((passed,),) = stage.rows(
        url, "SELECT coalesce(sum(next_offset - first_offset), 0)::bigint FROM lineage.partitions"
    )
    return int(passed)


def _wait(services: Services, crew: Crew, true: Callable[[], bool]) -> None:
    """Wait until something holds; raise DemoError if it does not within MOVE_SECONDS."""
    end = time.monotonic() + MOVE_SECONDS
    while not true():
        crew.look_after()
        if time.monotonic() > end:
            raise DemoError(
                f"the consumers did not go on within {MOVE_SECONDS} s:"
                f" {comparing.records_on_topic(services.kafka)} records are on the topic,"
                f" {_passed(services.url)} are done with; {crew.last_words()}"
            )
        time.sleep(LOOK_SECONDS)


def _tell(services: Services, topic: comparing.Topic) -> None:
    """Compare and print; raise DemoError where something is wrong."""
    outcome = comparing.compare(services.url, topic)
    print(f"{'distinct events':<22}{outcome.events:>9,}")
    print(f"{'lost':<22}{outcome.lost:>9,}")
    print(f"{'doubled':<22}{outcome.doubled:>9,}", flush=True)
    other = services.create_database("undisturbed")
    consumers.migrate(other)
    consumers.store(stage.Stage(services.kafka, stage.Server(other, None)), other, TOPIC)
    views = comparing.differing_views(services.url, other)
    print(f"{'views that differ':<22}{len(views):>9,}")
    faults = outcome.faults + [f"lineage.{view} differs" for view in views]
    if outcome.lost or outcome.doubled or faults or not outcome.events:
        raise DemoError("; ".join([f"{outcome.lost} lost, {outcome.doubled} doubled", *faults]))


if __name__ == "__main__":
    sys.exit(stage.run(main))
