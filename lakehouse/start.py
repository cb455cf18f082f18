"""Runs what needs Spark: here, or where Spark is not installed, in an environment of its own."""

import importlib.util
import sys
from collections.abc import Callable

NO_JAVA = "JAVA_GATEWAY_EXITED"


def run_with_spark(module: str, arguments: list[str], run: Callable[[], None]) -> int:
    """Call `run`, or start `python -m module` anew in this process; return the exit status.

    A failure that its user can mend becomes one line.
    """
    if importlib.util.find_spec("pyspark") is None:
        return _elsewhere(module, arguments)
    from pyspark.errors import PySparkException

    try:
        run()
    except PySparkException as exc:
        if exc.getCondition() != NO_JAVA:
            raise
        return _failed("expected Java 17 or later, which Spark runs on: let JAVA_HOME name one")
    return 0


def _elsewhere(module: str, arguments: list[str]) -> int:
    if importlib.util.find_spec("services") is None:  # installed, not a clone of the repository
        extra = "pip install 'openlineage-avro[lakehouse]'"
        return _failed(f"expected the extra lakehouse ({extra}), got: No module named 'pyspark'")
    try:
        from lakehouse.launch import restart
        from services.errors import DemoError
    except ModuleNotFoundError as exc:
        return _failed(f"{exc}: run `make install`, then this with .venv/bin/python")
    try:
        restart(module, arguments)
    except DemoError as exc:
        return _failed(str(exc))


def _failed(reason: str) -> int:
    print(f"error: {reason}", file=sys.stderr)
    return 1
