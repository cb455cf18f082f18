"""Log lines as JSON."""

import json
import subprocess
import sys

PROGRAM = """
import logging
from consumer.cli.logs import prepare_logs
from consumer.cli.main import parser
prepare_logs(parser().parse_args(["run", "--log-format", "json", "--log-level", "warning"]))
log = logging.getLogger("some.where")
log.info("not told")
log.warning("%s of\\n two", "a line")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("bad")
"""


def test_each_line_is_an_object() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    first, second = map(json.loads, done.stderr.splitlines())
    assert first["time"].endswith("+00:00")
    del first["time"]
    assert first == {"level": "warning", "logger": "some.where", "message": "a line of\n two"}
    assert second["level"] == "error"
    assert second["trace"].endswith("ZeroDivisionError: division by zero")
