"""Progress is shown on a terminal, and nowhere else."""

import os
import pty
import subprocess
import sys

import pytest

PROGRAM = """
import logging, sys
from consumer.cli.logs import prepare_logs
from consumer.cli.main import parser
prepare_logs(parser().parse_args(["maintain", *sys.argv[1:]]))
from consumer.progress import Progress
with Progress("things", 3) as progress:
    for each in progress.each("abc"):
        logging.getLogger("work").info("now %s", each)
progress.end(" done")
print(*sorted({"rich", "kafka", "psycopg"} & set(sys.modules)))
"""


def test_without_a_terminal_only_the_end_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert [line.split(" ", 2)[2] for line in done.stderr.splitlines()[:3]] == [
        f"INFO work: now {each}" for each in "abc"
    ]
    assert done.stderr.splitlines()[3:] == ["3 things done"]
    assert done.stdout == "\n"  # rich is not even imported


@pytest.mark.parametrize("form", ["text", "json"])
def test_on_a_terminal_there_is_a_bar_and_log_lines_stay_whole(form: str) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--log-format", form],
        stderr=theirs,
        stdout=subprocess.PIPE,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # the other end is closed
            pass
        os.close(ours)
    assert process.returncode == 0
    text = shown.decode()
    assert "3/3" in text
    for each in "abc":
        wanted = f'"message": "now {each}"' if form == "json" else f"INFO work: now {each}"
        assert wanted in text
    assert "3 things done" in text
