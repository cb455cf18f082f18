"""`python -m benchmarks.readme`: write what the demo and the benchmark print into README.md.

The demo must not be running already. A figure in the README is thereby always one that a command
printed.
"""

import re
import subprocess
import sys
from pathlib import Path

from services.errors import DemoError
from services.state import REPOSITORY

README = REPOSITORY / "README.md"
# Of the demo's parts, those for the README's first screen; the others are left to who runs it.
SHOWN = ("DAG runs", "Task graph of complex_failure_dag", "Bytes per event")
QUESTION = "What breaks if orders change?"
# The commands of the benchmarks whose whole output is in the README.
FIGURES = ("benchmarks.codec", "benchmarks.emit", "benchmarks.consume --without-tables")


def main() -> int:
    """Write the blocks anew and return the exit status."""
    try:
        demo = _output("demo", "--exit")
        figures = {command: _output(*command.split()) for command in FIGURES}
    except DemoError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    parts = _parts(demo)
    shown = [text for title, text in parts.items() if title.startswith(SHOWN)]
    query, answer = parts[QUESTION].split("\n", 2)[2].split(";\n", 1)
    text = README.read_text()
    text = _with_block(text, "demo", _console("\n\n".join([_progress(demo), *shown])))
    text = _with_block(text, "query", f"```sql\n{query};\n```\n\n{_console(answer)}")
    blocks = [f"From `python -m {each}`:\n\n{_console(figures[each])}" for each in FIGURES]
    text = _with_block(text, "figures", "\n\n".join(blocks))
    README.write_text(text)
    return 0


def _output(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DemoError(f"{arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout


def _progress(demo: str) -> str:
    return demo.split("\n\n", 1)[0]


def _parts(demo: str) -> dict[str, str]:
    """Return the demo's parts by their title, each with its title."""
    found = re.split(r"\n\n(?=[^\n]+\n-+\n)", demo)[1:]
    return {part.split("\n", 1)[0]: part.strip() for part in found}


def _console(text: str) -> str:
    return f"```\n{text.rstrip()}\n```"


def _with_block(text: str, name: str, block: str) -> str:
    begin = f"<!-- {name}: written by {Path('benchmarks/readme.py')} -->\n"
    end = f"<!-- end of {name} -->"
    before, rest = text.split(begin)
    return f"{before}{begin}{block}\n{end}{rest.split(end, 1)[1]}"


if __name__ == "__main__":
    sys.exit(main())
