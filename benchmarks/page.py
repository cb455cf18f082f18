"""Runs all benchmarks in their short form, and writes docs/benchmarks.md of what they measured.

    python -m benchmarks.page                  # all: less than 15 minutes on a quiet machine
    python -m benchmarks.page --parts codec    # one anew; of the others the figures that are kept
    python -m benchmarks.page --parts          # none: only the page

Each is a process of its own; its figures are kept in .state/benchmarks. What one could not measure
is said on the page, with the reason, and in the exit status.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.report import machine, sending, storing
from benchmarks.report.section import table
from services.state import REPOSITORY, STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.figures import Figures
    from benchmarks.report.section import Ratio, Section


class Part(NamedTuple):
    """A benchmark: its heading, its short form, and what is said of its figures."""

    title: str
    arguments: tuple[str, ...]
    section: Callable[[Figures], Section]


PARTS = {
    "codec": Part("Size of messages, and the codec", (), sending.of_codec),
    "emit": Part("What sending costs a task", ("--rounds", "11"), sending.of_emit),
    "consume": Part("From Kafka to PostgreSQL", ("--without-tables",), storing.of_consume),
    "ingest": Part("Events over HTTP", ("--events", "5000"), sending.of_ingest),
    "lineage": Part("Lineage in large graphs", (), storing.of_lineage),
    "api": Part("The API under load", ("--events", "10000"), storing.of_api),
}
HEAD = """# Benchmarks

Written by `make bench` on {day} from what it measured: each benchmark in its short form, by turns
with what it is compared to, on the machine [below](#the-machine). Other machines have other times;
ratios hold better. Marquez's figures were recorded once on a real one of two cores
(`benchmarks/marquez.py` says how); everything else is measured here, in this run.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the page, and return the exit status."""
    options = _options(arguments)
    options.figures.mkdir(parents=True, exist_ok=True)
    for name in options.parts:
        begin = time.monotonic()
        is_done = measure(name, options.figures, options.more)
        state = "done" if is_done else "failed"
        print(f"{name:10}{state:8}{time.monotonic() - begin:6.0f} s", flush=True)
    kept = {name: json.loads(file.read_text()) for name, file in files(options.figures)}
    images = options.docs / "images"
    images.mkdir(parents=True, exist_ok=True)
    (options.docs / "benchmarks.md").write_text("\n".join(page(kept, images)))
    return 0 if all("error" not in kept.get(name, {}) for name in options.parts) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--parts", nargs="*", choices=list(PARTS), default=list(PARTS), help="measure these alone"
    )
    parser.add_argument(
        "--more",
        action="append",
        default=[],
        metavar="PART=OPTION",
        help="an option of a benchmark, such as consume=--without-data-rentgen; may be repeated",
    )
    parser.add_argument(
        "--figures",
        type=Path,
        default=STATE / "benchmarks",
        metavar="FOLDER",
        help="where figures are kept (default: %(default)s)",
    )
    parser.add_argument(
        "--docs",
        type=Path,
        default=REPOSITORY / "docs",
        metavar="FOLDER",
        help="where the page is written (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def measure(name: str, folder: Path, more: Sequence[str]) -> bool:
    """Run a benchmark and keep its figures, or why there are none; tell whether there are."""
    file = folder / f"{name}.json"
    own = [option for each in more for part, _, option in [each.partition("=")] if part == name]
    command = [sys.executable, "-m", f"benchmarks.{name}", *PARTS[name].arguments, *own]
    done = subprocess.run(
        [*command, "--json", str(file)], capture_output=True, text=True, check=False
    )
    (folder / f"{name}.log").write_text(done.stdout + done.stderr)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        file.write_text(json.dumps({"error": reason}))
    return not done.returncode


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of the figures that are kept, in the page's order."""
    for name in PARTS:
        if (file := folder / f"{name}.json").exists():
            yield name, file


def page(kept: dict[str, Any], images: Path) -> Iterator[str]:
    """Yield the lines of the page; draw its plots."""
    measured = {
        name: PARTS[name].section(found) for name, found in kept.items() if "error" not in found
    }
    yield HEAD.format(day=datetime.now(timezone.utc).date())
    yield "## In short\n"
    yield ratios([ratio for section in measured.values() for ratio in section.ratios])
    for name, part in PARTS.items():
        yield f"\n## {part.title}\n"
        yield f"`python -m {' '.join((f'benchmarks.{name}', *part.arguments))}`\n"
        if name not in measured:
            reason = kept.get(name, {"error": "`make bench` does"})["error"]
            yield f"It was not measured: {reason}"
            continue
        for plot in measured[name].plots:
            plot.draw(images)
            yield f"{plot.line()}\n"
        yield "\n\n".join(measured[name].texts)
    yield "\n## The machine\n"
    yield table(("", ""), machine.described())
    yield ""


def ratios(found: Sequence[Ratio]) -> str:
    """Return the table of all ratios."""
    return table(("", "times better", "this", "the other"), found)


if __name__ == "__main__":
    sys.exit(main())
