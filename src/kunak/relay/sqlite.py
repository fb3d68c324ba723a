"""The relay's database in one SQLite file: WAL, synchronous=FULL, one connection that writes and one that reads."""

from __future__ import annotations

import fcntl
import itertools
import os
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from kunak.relay.changes import Append, append_all
from kunak.relay.refusals import Full, Refused
from kunak.relay.schema import statements
from kunak.relay.writer import Row, Work

# 4,096 sealed bytes fill four overflow pages of 1,024 and leave 200 bytes of row and index: 4,294 on the disk for each.
# With pages of 4,096 it is 4,675, and a mailbox's state of 2,048 takes a whole page (measured, docs/BENCHMARKS.md).
PAGE_SIZE: Final = 1_024
WAL_PAGES: Final = 8_000  # about 8 MiB of write-ahead log before it is folded into the file
BUSY_SECONDS: Final = 10.0


class InUse(RuntimeError):
    """Another relay works on this file."""


class SqliteStore:
    """The file's two connections. `run`, `rest` and `close` belong to the writer's thread, `rows` to everybody."""

    def __init__(self, path: Path, max_pages: int | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock_file = _lock(path)
        self._connection = _connect(path)
        self._connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten, not only unlinked
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
        if max_pages is not None:
            self._connection.execute(f"PRAGMA max_page_count = {max_pages}")
        for statement in statements(
            number="INTEGER", place="INTEGER", counter="INTEGER PRIMARY KEY AUTOINCREMENT", octets="BLOB"
        ):
            self._connection.execute(statement)
        self._removed = False
        self._folder = path.parent
        self._reading = threading.Lock()
        self._reader = _connect(path)
        self._reader.execute("PRAGMA query_only = ON")

    def rows(self, statement: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """What a statement selects; from any thread."""
        with self._reading:
            return self._reader.execute(statement, tuple(parameters)).fetchall()

    def free(self) -> int:
        """Bytes that are free on the file's disk for us."""
        disk = os.statvfs(self._folder)
        return disk.f_bavail * disk.f_frsize

    def run(self, works: list[Work[Any]]) -> list[Any]:
        """All works in one transaction; see writer.py."""
        transaction = _SqliteTransaction(self._connection)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            answers = self._all(transaction, works)
            self._connection.execute("COMMIT")
        except sqlite3.Error as trouble:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise _explained(trouble) from trouble
        self._removed = self._removed or transaction.removed
        return answers

    def _all(self, transaction: _SqliteTransaction, works: list[Work[Any]]) -> list[Any]:
        answers: list[Any] = []
        for _, group in itertools.groupby(works, lambda work: isinstance(work, Append)):
            neighbours = list(group)
            appends = [work for work in neighbours if isinstance(work, Append)]
            answers += append_all(transaction, appends) or [self._one(transaction, work) for work in neighbours]
        return answers

    def _one(self, transaction: _SqliteTransaction, work: Work[Any]) -> Any:
        self._connection.execute("SAVEPOINT work")
        try:
            answer = work(transaction)
        except Exception as trouble:
            if not self._connection.in_transaction:
                raise  # a full disk takes the whole transaction back
            self._connection.execute("ROLLBACK TO work")
            answer = _explained(trouble) if isinstance(trouble, sqlite3.Error) else trouble
        self._connection.execute("RELEASE work")
        return answer

    def rest(self) -> None:
        """What was removed leaves the write-ahead log too."""
        if self._removed:
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            self._removed = bool(busy)

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        with self._reading:
            self._reader.close()
        self._connection.close()
        os.close(self._lock_file)


class _SqliteTransaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.removed = False

    def rows(self, statement: str, parameters: Iterable[Any] = ()) -> list[Row]:
        return self._connection.execute(statement, tuple(parameters)).fetchall()

    def change(self, statement: str, parameters: Iterable[Any] = ()) -> int:
        changed = self._connection.execute(statement, tuple(parameters)).rowcount
        self.removed = self.removed or (changed > 0 and not statement.startswith("INSERT"))
        return changed


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


def _explained(trouble: Exception) -> Exception:
    if isinstance(trouble, sqlite3.Error) and trouble.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return Full("The relay's disk is full. Nothing was lost; this was not kept. Try again later.")
    if isinstance(trouble, Refused):
        return trouble
    return trouble
