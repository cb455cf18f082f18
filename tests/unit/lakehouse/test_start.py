"""What a user sees who lacks what Spark needs."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "lakehouse", "--topic", "t", "--bootstrap-servers", "h:1"]


def test_a_machine_without_java_is_told_so(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
    done = subprocess.run(
        [*COMMAND, "--warehouse", str(tmp_path)],
        env=environment | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "error: expected Java 17 or later, which Spark runs on, and found none: install one, or"
        " let JAVA_HOME name it\n"
    )
