"""The command `doctor`: one line a check, exit status 1 if any of them failed."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from openlineage_avro.tools.doctor.result import Result


def add_command(commands: Any) -> None:
    """Add `doctor` to the command line's subparsers."""
    doctor = commands.add_parser(
        "doctor", help="check settings, Kafka and spool, send a test event; exit status 1 on FAIL"
    )
    doctor.add_argument(
        "--json", action="store_true", help="a list of check, status, found, advice"
    )
    doctor.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from openlineage_avro.tools.doctor.examination import examine
    from openlineage_avro.tools.doctor.result import FAIL

    output = sys.stdout
    results: list[Result] = []
    # Airflow logs to standard output when it is imported, kafka-python of every failure.
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            for result in examine():
                results.append(result)
                if not options.json:
                    print(result.line(), file=output, flush=True)
    finally:
        logging.disable(logging.NOTSET)
    if options.json:
        print(json.dumps([each.as_dict() for each in results], indent=2))
    return int(any(each.status == FAIL for each in results))
