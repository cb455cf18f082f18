"""Lets a benchmark write its figures as JSON beside what it prints, for benchmarks.page."""

import argparse
import json
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def add_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the file."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")


def write(options: argparse.Namespace, figures: Figures) -> None:
    """Write the figures, where a file is named."""
    if options.json:
        options.json.write_text(json.dumps(figures))
