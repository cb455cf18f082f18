"""An API on a port of its own, in a thread of the test."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import uvicorn

from consumer.api.app import create_app
from consumer.api.settings import ApiSettings
from services.state import free_ports

SECONDS = 60


class Client:
    """Asks an API."""

    def __init__(self, base: str) -> None:
        """Remember where it is."""
        self.base = base

    def get(self, path: str, **parameters: Any) -> requests.Response:
        """Return the answer of a path below /api/v1."""
        return requests.get(f"{self.base}/api/v1{path}", params=parameters, timeout=SECONDS)

    def post(self, path: str, content: bytes, **headers: str) -> requests.Response:
        """Return the answer to a content that is posted below /api/v1; a_b is header a-b."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(
            f"{self.base}/api/v1{path}", data=content, headers=named, timeout=SECONDS
        )

    def web(self, path: str, **parameters: Any) -> requests.Response:
        """Return the answer of a path below /api/lineage: what the web application asks."""
        return requests.get(f"{self.base}/api/lineage{path}", params=parameters, timeout=SECONDS)

    def web_body(self, path: str, **parameters: Any) -> Any:
        """Return the JSON of such an answer, which must be a success."""
        answer = self.web(path, **parameters)
        assert answer.ok, answer.text
        return answer.json()

    def body(self, path: str, **parameters: Any) -> Any:
        """Return the JSON of an answer that must be a success."""
        answer = self.get(path, **parameters)
        assert answer.ok, answer.text
        return answer.json()


@contextmanager
def serving(settings: ApiSettings) -> Iterator[Client]:
    """Yield a client of an API that runs with these settings."""
    (port,) = free_ports(1)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), port=port, log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the API ended while it was starting"
            time.sleep(0.01)
        yield Client(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(SECONDS)
