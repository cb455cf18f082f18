"""A TCP proxy on loopback whose line a test can cut, silence or slow down."""

import contextlib
import selectors
import socket
import threading
import time
from types import TracebackType


class TcpProxy:
    """Carries bytes between clients of `port` and the server on `upstream_port`."""

    def __init__(self, port: int, upstream_port: int) -> None:
        """Listen on `port` once entered."""
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self.delay = 0.0
        self._upstream_port = upstream_port
        self._silent = False
        self._refuses = False
        self._listener: socket.socket | None = None
        self._connections: list[socket.socket] = []
        self._lock = threading.Lock()

    def __enter__(self) -> "TcpProxy":
        """Start to listen."""
        self._listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and close every connection."""
        self.refuse()

    def refuse(self) -> None:
        """Close every connection and refuse new ones, as a stopped server would."""
        self._refuses = True
        if self._listener:
            # A thread blocked in accept keeps a closed listener alive; shutdown wakes it.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def cut(self) -> None:
        """Close every connection of this moment; new ones work."""
        with self._lock:
            connections, self._connections = self._connections, []
        for each in connections:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def silence(self) -> None:
        """Keep connections open and take new ones, but carry nothing any more."""
        self._silent = True

    def restore(self) -> None:
        """Carry everything at once again."""
        self._silent = False
        self.delay = 0.0
        if self._listener is None:
            self._listen()

    def _listen(self) -> None:
        self._refuses = False
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._upstream_port), timeout=10)
        except OSError:
            client.close()
            return
        with client, server, selectors.DefaultSelector() as selector:
            with self._lock:
                self._connections += [client, server]
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            with contextlib.suppress(OSError):
                while self._carry_some(selector):
                    pass

    def _carry_some(self, selector: selectors.BaseSelector) -> bool:
        for key, _ in selector.select(timeout=0.2):
            source, target = key.fileobj, key.data
            assert isinstance(source, socket.socket)
            while self._silent and not self._refuses:
                time.sleep(0.02)
            chunk = source.recv(65536)
            if not chunk:
                return False
            time.sleep(self.delay)
            target.sendall(chunk)
        return not self._refuses
