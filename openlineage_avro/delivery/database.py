"""The SQLite file of a spool: one connection per process, closed before the process forks.

Store: SQLite in WAL mode, https://sqlite.org/wal.html. A connection must not be carried across a
fork (https://sqlite.org/howtocorrupt.html, section 2.6), not even to be closed in the child.
"""

from __future__ import annotations

import os
import time
import weakref
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from sqlite3 import Connection

VERSION = 1
BUSY_SECONDS = 0.5  # what other processes' writes are waited for; each takes less than 1 ms

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS destination (
    id INTEGER PRIMARY KEY,
    servers TEXT NOT NULL,                   -- host:port,host:port, in order
    topic TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,     -- since Kafka last took a record
    failure TEXT,
    try_again_at REAL NOT NULL DEFAULT 0,    -- seconds since 1970, as all times
    drained_by TEXT,
    drained_until REAL NOT NULL DEFAULT 0,
    UNIQUE (servers, topic)
);
-- AUTOINCREMENT: a number is never used twice, so that a late deletion cannot hit another record.
CREATE TABLE IF NOT EXISTS record (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    destination_id INTEGER NOT NULL REFERENCES destination,
    created REAL NOT NULL,
    sending_until REAL NOT NULL,
    refused TEXT,
    key BLOB,
    headers TEXT NOT NULL,
    value BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS record_destination ON record (destination_id);
PRAGMA user_version = {VERSION};
COMMIT;
"""

_opened: weakref.WeakSet[Database] = weakref.WeakSet()


class Database:
    """A lazily opened SQLite file that threads share and forks do not."""

    def __init__(self, file: Path) -> None:
        """Name the file; its folder is made when it is first opened."""
        self.file = file
        self._lock = Lock()
        self._connection: Connection | None = None
        self._patience: tuple[Connection, float] | None = None
        self._pid = os.getpid()

    @contextmanager
    def connection(self, seconds: float = BUSY_SECONDS) -> Iterator[Connection]:
        """Yield the connection, of which every statement is its own transaction.

        Others' writes are waited for up to `seconds`. Raises OutboxError for whatever SQLite or
        the file system refuses.
        """
        self._after_fork()
        if not self._lock.acquire(timeout=seconds):
            raise OutboxError(f"{self.file}: another thread's write does not end")
        try:
            with self.translated():
                connection = self._open()
                self._wait_at_most(connection, seconds)
                yield connection
        finally:
            self._lock.release()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Raise OutboxError for what SQLite or the file system refuses."""
        import sqlite3

        try:
            yield
        except (sqlite3.Error, OSError) as exc:
            raise OutboxError(f"{self.file}: {exc}") from exc

    def close(self, seconds: float = BUSY_SECONDS) -> None:
        """Close the connection, if there is one and no thread uses it for so long."""
        self._after_fork()
        if self._lock.acquire(timeout=seconds):
            connection, self._connection, self._patience = self._connection, None, None
            if connection is not None:
                connection.close()
            self._lock.release()

    def bytes_used(self, connection: Connection) -> int:
        """Return the size of what is in the file, without the pages that are free again."""
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _wait_at_most(self, connection: Connection, seconds: float) -> None:
        if self._patience != (connection, seconds):
            connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
            self._patience = (connection, seconds)

    def _open(self) -> Connection:
        if self._connection is not None and not self.file.exists():
            # Somebody removed the spool: what is written to it now would be lost.
            self._connection.close()
            self._connection = self._patience = None
        if self._connection is None:
            _make_folder(self.file.parent)
            self._connection = _connect(self.file)
            _opened.add(self)
        return self._connection

    def _after_fork(self) -> None:
        if self._pid == os.getpid():
            return
        if self._connection is not None:
            raise OutboxError(
                f"{self.file}: still open in the process that this one was forked from"
            )
        self._lock, self._pid = Lock(), os.getpid()


def _make_folder(folder: Path) -> None:
    """Make the folder for this user only: the records tell what others may not see."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _connect(file: Path) -> Connection:
    import sqlite3

    is_new = not file.exists()
    connection = sqlite3.connect(
        file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        if is_new:
            # A folder that several users share (run_as_user) has the mode that its files need.
            with suppress(PermissionError):
                file.chmod(file.parent.stat().st_mode & 0o666)
        _set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise OutboxError(
            f"expected a spool of version {VERSION}, got {version}: upgrade this host"
        )
    # Keeps the file intact and costs no sync at each commit.
    connection.execute("PRAGMA synchronous = NORMAL")
    if version == 0:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        _retried(lambda: connection.execute("PRAGMA journal_mode = WAL"))
        _retried(lambda: connection.executescript(_SCHEMA))


def _retried(call: Any) -> None:
    """Call again while another process does the same: SQLite does not wait for every lock."""
    import sqlite3

    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            call()
        except sqlite3.OperationalError as exc:
            if "locked" not in str(exc) or time.monotonic() > end:
                raise
            time.sleep(0.005)
        else:
            return


def _close_all() -> None:
    for database in list(_opened):
        database.close()


os.register_at_fork(before=_close_all)
