"""The relay's database in one SQLite file: WAL, synchronous=FULL, one connection that writes and one that reads."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from kunak.relay.refusals import Full, InUse
from kunak.relay.schema import statements
from kunak.relay.store import Cursor, Store
from kunak.relay.writer import Row

# 4,096 sealed bytes fill four overflow pages of 1,024 and leave 200 bytes of row and index: 4,294 on the disk for each.
# With pages of 4,096 it is 4,675, and a mailbox's state of 2,048 takes a whole page (docs/decisions/relay-database.md).
PAGE_SIZE: Final = 1_024
WAL_PAGES: Final = 8_000  # about 8 MiB of write-ahead log before it is folded into the file
BUSY_SECONDS: Final = 10.0
SECONDS_OF_FREE: Final = 1.0


class SqliteStore(Store):
    """A file, locked while it is open."""

    trouble = sqlite3.Error

    def __init__(self, path: Path, max_pages: int | None = None) -> None:
        super().__init__()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = path.parent
        self._free, self._looked = 0, -SECONDS_OF_FREE
        self._lock_file = _lock(path)
        self._connection = _connect(path)
        self.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = FULL")
        self.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten, not only unlinked
        self.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
        if max_pages is not None:
            self.execute(f"PRAGMA max_page_count = {max_pages}")
        for statement in statements(
            number="INTEGER", place="INTEGER", counter="INTEGER PRIMARY KEY AUTOINCREMENT", octets="BLOB"
        ):
            self.execute(statement)
        self._reading = threading.Lock()
        self._reader = _connect(path)
        self._reader.execute("PRAGMA query_only = ON")

    def rows(self, statement: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """What a statement selects; from any thread."""
        with self._reading:
            return self._reader.execute(statement, tuple(parameters)).fetchall()

    def execute(self, statement: str, parameters: Iterable[Any] = ()) -> Cursor:
        """One statement on the writing connection."""
        return self._connection.execute(statement, tuple(parameters))

    def open_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def explained(self, trouble: Exception) -> Exception:
        """A full disk is told as such."""
        name = getattr(trouble, "sqlite_errorname", "")
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            return Full("The relay's disk is full. Nothing was lost; this was not kept. Try again later.")
        return trouble

    def free(self) -> int:
        """Bytes that are free on the file's disk for us, as of this second: the reserves hold far more than comes in one."""
        now = time.monotonic()
        if now - self._looked >= SECONDS_OF_FREE:
            disk = os.statvfs(self._folder)
            self._free, self._looked = disk.f_bavail * disk.f_frsize, now
        return self._free

    def rest(self) -> None:
        """What was removed leaves the write-ahead log too."""
        if self.removed:
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            self.removed = bool(busy)

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        with self._reading:
            self._reader.close()
        self._connection.close()
        os.close(self._lock_file)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)


def _lock(path: Path) -> int:
    lock_file = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as trouble:
        os.close(lock_file)
        raise InUse(f"Another relay is already running on {path}. Stop it first.") from trouble
    return lock_file
