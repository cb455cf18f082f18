"""Measures what the plugin adds to the start of Airflow's API server, in CPU time.

    python -m benchmarks.plugin             # five starts with the plugin, five without
    python -m benchmarks.plugin --starts 20

Fresh processes make the server's application as Airflow does, by turns with the plugin and without
it; and each that has it tells how much of its time went to the plugin alone.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from statistics import median
from typing import NamedTuple

GOAL = 0.3  # seconds
DISTRIBUTION = "openlineage-avro"
MODULE = "openlineage_avro_plugin"
# What is timed: from an interpreter that has imported nothing to an application to be served.
START = f"""
import importlib, importlib.util, sys, time
for name in ("importlib.metadata", "importlib_metadata"):  # Airflow has one or the other
    if sys.argv[1] == "without" and importlib.util.find_spec(name):
        metadata = importlib.import_module(name)
        metadata.distributions = lambda found=metadata.distributions: (
            each for each in found() if each.name != {DISTRIBUTION!r})
from airflow.api_fastapi.app import create_app
imported = time.process_time()
if sys.argv[1] == "with":
    import {MODULE}
    {MODULE}.OpenLineageAvroPlugin.on_load()
own = time.process_time() - imported
app = create_app(apps="core")
served = any(getattr(route, "path", "") == "/lineage" for route in app.routes)
print(time.process_time(), own, served)
"""


class Start(NamedTuple):
    """One start of the server."""

    seconds: float  # of CPU
    own: float  # those of the plugin alone
    is_served: bool


def main() -> None:
    """Start by turns and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--starts", type=int, default=5, metavar="N", help="default: 5")
    count = parser.parse_args().starts
    with tempfile.TemporaryDirectory() as home:
        start("without", home)  # the first one writes bytecode
        starts = [(start("without", home), start("with", home)) for _ in range(count)]
    without, with_ = zip(*starts, strict=True)
    plain, ours = (median(each.seconds for each in side) for side in (without, with_))
    print(f"API server, {count} start(s) each: {plain:.2f} s of CPU without the plugin,")
    print(f"{ours:.2f} s with it: {ours - plain:+.2f} s; starts of one kind differ by up to")
    print(f"{max(map(spread, (without, with_))):.2f} s. The plugin alone: ", end="")
    print(f"{median(each.own for each in with_):.3f} s (goal: below {GOAL} s)")


def start(which: str, home: str) -> Start:
    """Make the application in a fresh process, `with` the plugin or `without`."""
    done = subprocess.run(
        [sys.executable, "-c", START, which],
        env={**os.environ, "AIRFLOW_HOME": home, "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"the API server's application could not be made: {done.stderr}")
    seconds, own, served = done.stdout.split()[-3:]
    found = Start(float(seconds), float(own), served == "True")
    if found.is_served != (which == "with"):
        sys.exit(f"expected a server {which} the plugin: is {DISTRIBUTION} installed, with [api]?")
    return found


def spread(starts: tuple[Start, ...]) -> float:
    """Return how far starts are apart, in seconds."""
    seconds = [each.seconds for each in starts]
    return max(seconds) - min(seconds)


if __name__ == "__main__":
    main()
