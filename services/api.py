"""The HTTP API on the chain's store and Kafka."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from services.process import Service

READY_SECONDS = 60


class Api:
    """A running API; use as a context manager. It may not answer yet."""

    def __init__(self, folder: Path, port: int, database_url: str, bootstrap_servers: str) -> None:
        """Start it as a user would, its DSN in the environment, unseen by `ps`."""
        self.url = f"http://127.0.0.1:{port}"
        self.service = Service(
            "api",
            [sys.executable, "-m", "consumer", "api", "--port", str(port)],
            folder,
            {"DATABASE_URL": database_url, "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers},
        )

    def __enter__(self) -> "Api":
        """Return the running API."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.service.stop()

    def wait(self) -> None:
        """Wait until it answers; raise DemoError if it ends meanwhile, or does not in time."""
        self.service.wait_until(self._answers, READY_SECONDS)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/namespaces", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False
