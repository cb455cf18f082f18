"""`python -m demo`: run the sample DAGs on real services and show their lineage."""

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import Any

from demo import show
from services.chain import Options
from services.errors import DemoError
from services.state import STATE, only_one, reset


def main() -> int:
    """Run the command line and return the exit status."""
    arguments = _parser().parse_args()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _interrupt)  # also where a shell started us with SIGINT ignored
    try:
        if arguments.command == "reset":
            reset()
            return 0
        options = Options(
            folder=arguments.state,
            kafka_port=arguments.kafka_port,
            postgres_port=arguments.postgres_port,
            airflow_port=arguments.airflow_port,
            api_port=arguments.api_port,
            shows_lineage=True,
        )
        with only_one(arguments.state, "the demo"):
            show.run(options.with_environment(), stay=not arguments.exit)
    except DemoError as exc:
        print(f"error: {' '.join(str(exc).split())}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever reads us has seen enough; nothing more can be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("\nStopped. The state is kept; `make reset` removes it.")
        return 0 if show.finished() else 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo",
        description="Run Airflow, Kafka, PostgreSQL and the consumer, then show the lineage of"
        " three sample DAGs. KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL replace what is started.",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["run", "reset"],
        default="run",
        help="run (the default), or reset: remove all state and downloads",
    )
    parser.add_argument("--exit", action="store_true", help="end once the answers are shown")
    parser.add_argument(
        "--state", type=Path, default=STATE, metavar="FOLDER", help=f"default: {STATE.name}"
    )
    for name in ("kafka", "postgres", "airflow", "api"):
        parser.add_argument(
            f"--{name}-port", type=int, metavar="PORT", help=f"loopback port for {name}"
        )
    return parser


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
