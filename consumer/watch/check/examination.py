"""Asks all checks in their order, each for a bounded time, and goes on when one fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consumer.errors import ConsumerError
from consumer.watch.check import of_kafka, of_store
from consumer.watch.check.examined import Examined
from openlineage_avro.deadline import within
from openlineage_avro.tools.doctor.result import FAIL, Finding, Result, fail, skip

SECONDS = 30.0


@dataclass(frozen=True)
class Check:
    """A named question; it is not asked if one of those it `needs` got no good answer."""

    name: str
    ask: Callable[[Examined], Finding]
    needs: tuple[str, ...] = ()


OF_STORE = ("database", "migrations")
CHECKS = (
    Check("database", of_store.database),
    Check("migrations", of_store.migrations, ("database",)),
    Check("role", of_store.role, OF_STORE),
    Check("topic", of_kafka.topic),
    Check("lag", of_kafka.lag, (*OF_STORE, "topic")),
    Check("rejected", of_store.rejected, OF_STORE),
    Check("gaps", of_store.gaps, OF_STORE),
    Check("partitions", of_store.partitions, OF_STORE),
    Check("disk", of_store.disk, OF_STORE),
)


def examine(examined: Examined) -> Iterator[Result]:
    """Yield a result for each check; close what they connected."""
    unanswered: set[str] = set()
    try:
        for check in CHECKS:
            missing = [name for name in check.needs if name in unanswered]
            finding = skip(f"{missing[0]} must be OK first") if missing else _ask(check, examined)
            if finding.status == FAIL or missing:
                unanswered.add(check.name)
            yield Result(check.name, finding.status, finding.found, finding.advice)
    finally:
        examined.close()


def _ask(check: Check, examined: Examined) -> Finding:
    try:
        answer: Finding = within(SECONDS, lambda _end: check.ask(examined))
    except (ConsumerError, TimeoutError) as exc:
        found, _, advice = str(exc).partition("; ")
        return fail(found, advice or "docs/troubleshooting.md may have a line for it")
    return answer
