"""What a check found, and the order in which checks depend on each other."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from openlineage_avro.tools.doctor.patient import Patient

OK, WARN, FAIL, SKIP = "OK", "WARN", "FAIL", "SKIP"


@dataclass(frozen=True)
class Result:
    """One line: `status` is OK, WARN, FAIL, or SKIP for what could not be checked."""

    check: str
    status: str
    found: str
    advice: str = ""

    def line(self) -> str:
        """Return it for people."""
        found = " ".join(self.found.split())
        return f"{self.status:4} {self.check}: {found}{f' -> {self.advice}' if self.advice else ''}"

    def as_dict(self) -> dict[str, str]:
        """Return it for programs: check, status, found, advice."""
        return asdict(self)


@dataclass(frozen=True)
class Finding:
    """What a check's function returns; its name is added by whoever runs it."""

    status: str
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Check:
    """A named question; it is not asked if one of those it `needs` got no good answer."""

    name: str
    ask: Callable[[Patient], Finding]
    needs: tuple[str, ...] = ()
    seconds: float = 10.0


def ok(found: str) -> Finding:
    """Say that all is well."""
    return Finding(OK, found)


def warn(found: str, advice: str) -> Finding:
    """Say what works, but may not be what is wanted."""
    return Finding(WARN, found, advice)


def fail(found: str, advice: str) -> Finding:
    """Say what keeps events from arriving, and what to do."""
    return Finding(FAIL, found, advice)


def skip(why: str) -> Finding:
    """Say why this could not be checked."""
    return Finding(SKIP, f"not checked: {why}")
