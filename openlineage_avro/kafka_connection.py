"""A connection to one broker: TCP or TLS, the login, and requests that wait for their answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import socket
import struct
import time
from typing import TYPE_CHECKING, Any

from openlineage_avro import kafka_protocol as protocol
from openlineage_avro.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable

MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")


class Connection:
    """One open connection; any failure leaves it unusable, to be closed."""

    def __init__(self, host: str, port: int, settings: dict[str, Any], end: float) -> None:
        """Connect and log in until `end`, of time.monotonic(), or raise OSError, DeliveryError.

        settings: from kafka_settings: security_protocol, ssl_context, sasl_….
        """
        self.place = (host, port)
        self._correlation = 0
        self._socket = socket.create_connection((host, port), _left(end))
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if settings["security_protocol"].endswith("SSL"):
                self._socket.settimeout(_left(end))
                context = settings["ssl_context"]
                self._socket = context.wrap_socket(self._socket, server_hostname=host)
            if settings["security_protocol"].startswith("SASL"):
                self._log_in(settings, end)
        except BaseException:
            self._socket.close()
            raise

    def ask(self, api: int, body: bytes, end: float) -> bytes:
        """Send a request and return its answer; raise OSError if none came until `end`."""
        self._correlation += 1
        self._socket.settimeout(_left(end))
        try:
            self._socket.sendall(protocol.request(api, self._correlation, body))
            (size,) = struct.unpack(">i", self._read(4, end))
            answer = self._read(size, end)
        except TimeoutError:
            host, port = self.place
            raise TimeoutError(f"{host}:{port} did not answer in time") from None
        (correlation,) = struct.unpack_from(">i", answer)
        if correlation != self._correlation:
            raise ConnectionError(f"expected the answer to request {self._correlation}")
        return answer[4:]

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _read(self, size: int, end: float) -> bytes:
        parts, missing = [], size
        while missing:
            self._socket.settimeout(_left(end))
            part = self._socket.recv(min(missing, 65_536))
            if not part:
                raise ConnectionError(f"{self.place[0]}:{self.place[1]} closed the connection")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _log_in(self, settings: dict[str, Any], end: float) -> None:
        mechanism = settings["sasl_mechanism"]
        answer = protocol.Reader(self.ask(protocol.SASL_HANDSHAKE, protocol.text(mechanism), end))
        if answer.number("h"):
            offered = [answer.text() or "" for _ in range(answer.number("i"))]
            raise DeliveryError(
                f"sasl_mechanism: the broker takes {', '.join(offered)}, got {mechanism}"
            )
        user, password = settings["sasl_plain_username"], settings["sasl_plain_password"]
        say = self._sasl(end)
        if mechanism == "PLAIN":
            say(f"\0{user}\0{password}".encode())
        else:
            _scram(say, mechanism, str(user), str(password))

    def _sasl(self, end: float) -> Callable[[bytes], bytes]:
        def say(message: bytes) -> bytes:
            body = protocol.data(message)
            answer = protocol.Reader(self.ask(protocol.SASL_AUTHENTICATE, body, end))
            code, reason = answer.number("h"), answer.text()
            if code:
                raise DeliveryError(f"SaslAuthenticationFailedError: {reason}")
            return answer.data()

        return say


def _scram(say: Callable[[bytes], bytes], mechanism: str, user: str, password: str) -> None:
    """Prove that we know the password, and have the broker prove that it does (RFC 5802)."""
    digest = mechanism.removeprefix("SCRAM-").replace("-", "").lower()
    first = f"n={user.replace('=', '=3D').replace(',', '=2C')},r={secrets.token_hex(16)}"
    answer = say(b"n,," + first.encode()).decode()
    given = dict(part.split("=", 1) for part in answer.split(","))
    if not given["r"].startswith(first.rpartition("r=")[2]):
        raise DeliveryError("SaslAuthenticationFailedError: the broker changed our nonce")
    salted = hashlib.pbkdf2_hmac(
        digest, password.encode(), base64.b64decode(given["s"]), int(given["i"])
    )

    def signed(key: bytes, message: bytes) -> bytes:
        return hmac.new(key, message, digest).digest()

    key = signed(salted, b"Client Key")
    last = f"c=biws,r={given['r']}"
    whole = f"{first},{answer},{last}".encode()
    signature = signed(hashlib.new(digest, key).digest(), whole)
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()
    told = say(f"{last},p={proof}".encode()).decode()
    expected = base64.b64encode(signed(signed(salted, b"Server Key"), whole)).decode()
    if not hmac.compare_digest(told.split(",")[0], f"v={expected}"):
        raise DeliveryError("SaslAuthenticationFailedError: the broker does not know the password")


def _left(end: float) -> float:
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("timed out")
    return seconds
