"""A front of the schema registry that asks for a password, over TLS with a private authority."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests


class _GuardedRegistry(BaseHTTPRequestHandler):
    """Lets in who has the password and hands everything on to the real registry."""

    upstream = ""

    def do_POST(self) -> None:
        self._hand_on()

    def do_GET(self) -> None:
        self._hand_on()

    def do_PUT(self) -> None:
        self._hand_on()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        status, answer = 401, b"who are you?"
        if self.headers["Authorization"] == "Basic bWU6aGlkZGVu":  # me:hidden
            url = self.upstream + self.path
            headers = {"Content-Type": self.headers["Content-Type"]}
            response = requests.request(self.command, url, data=body, headers=headers, timeout=20)
            status, answer = response.status_code, response.content
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)


@pytest.fixture
def guarded(schema_registry_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Yield the https URL of a registry that asks for a password, and its CA's file."""
    certificate, key = tmp_path / "ca.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        + ["-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    handler = type("Handler", (_GuardedRegistry,), {"upstream": schema_registry_url})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}", str(certificate)
    server.shutdown()
    server.server_close()
