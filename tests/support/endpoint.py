"""An HTTP endpoint that keeps what is posted to it, and answers as a test says."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Posted(NamedTuple):
    """A request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def run(self) -> str:
        """The id of the event's run."""
        return str(json.loads(self.body)["run"]["runId"])


class Endpoint:
    """What came, and what is answered: to the next requests `answers`, then 201."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.base = ""
        self.posted: list[Posted] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.refused: dict[str, int] = {}  # the status for events of a run

    def answer_to(self, posted: Posted) -> tuple[int, dict[str, str]]:
        """Return status and headers for a request."""
        if self.answers:
            return self.answers.pop(0)
        self.posted.append(posted)
        return self.refused.get(posted.run, 201), {}


@contextmanager
def listening() -> Iterator[Endpoint]:
    """Yield an endpoint on a port of its own."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted = Posted(self.path, dict(self.headers), body)
            status, headers = endpoint.answer_to(posted)
            self.send_response(status)
            content = b"" if status == 201 else b'{"code": %d, "message": "no"}' % status
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    endpoint.base = f"http://127.0.0.1:{server.server_port}"
    yield endpoint
    server.shutdown()
    thread.join()
    server.server_close()
