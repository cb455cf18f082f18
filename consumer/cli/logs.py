"""Log lines on standard error: for people, or as JSON for programs that gather them."""

import argparse
import json
import logging
import sys
from datetime import datetime, timezone
from typing import TextIO

LEVELS = ("debug", "info", "warning", "error")
TEXT, JSON = "text", "json"
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def add_logs(parser: argparse.ArgumentParser) -> None:
    """Add the options of log lines."""
    parser.add_argument(
        "--log-level",
        default="info",
        choices=LEVELS,
        help="least level of the log lines on standard error (default: %(default)s)",
    )
    parser.add_argument(
        "--log-format",
        default=TEXT,
        choices=(TEXT, JSON),
        help="json: an object with time, level, logger, message and, of an exception, its trace"
        " (default: %(default)s)",
    )


def prepare_logs(options: argparse.Namespace) -> None:
    """Have log lines written to standard error, from the level that was asked for."""
    handler = _Standard()
    handler.setFormatter(_Json() if options.log_format == JSON else logging.Formatter(LINE))
    logging.basicConfig(level=options.log_level.upper(), handlers=[handler])
    # What kafka-python says of each connection is for those who look for it: errors are told here.
    is_debug = options.log_level == "debug"
    logging.getLogger("kafka").setLevel(logging.WARNING if is_debug else logging.CRITICAL)


# Its parameter is there from Python 3.11 on.
class _Standard(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what standard error is at the moment: above a progress bar, while one is shown."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr


class _Json(logging.Formatter):
    """Writes a log line as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        said = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
