"""The command line: `openlineage-avro-consumer COMMAND`, each command in a module of its own."""

import argparse
import os
import sys
from collections.abc import Sequence

from consumer.cli import (
    api,
    check,
    forward,
    import_files,
    maintain,
    migrate,
    query,
    rebuild,
    rejected,
    replay,
    run,
    separate_names,
    status,
    tokens,
)
from consumer.cli.extras import line_about
from consumer.cli.logs import prepare_logs
from consumer.errors import ConsumerError

COMMANDS = (
    run,
    api,
    tokens,
    forward,
    replay,
    import_files,
    migrate,
    maintain,
    rebuild,
    status,
    check,
    rejected,
    query,
    separate_names,
)
PROGRAM = "openlineage-avro-consumer"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status. Problems are one line on standard error."""
    options = parser().parse_args(arguments)
    prepare_logs(options)
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads, such as `head`, has enough; nothing may be written when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except ConsumerError as exc:
        return _failed(str(exc))
    except ModuleNotFoundError as exc:
        if line := line_about(exc):
            return _failed(line)
        raise
    return 0


def _failed(line: str) -> int:
    print(f"{PROGRAM}: {line}", file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command; what it calls is imported when a command runs."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Stores OpenLineage events from Kafka in PostgreSQL, each exactly once.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
