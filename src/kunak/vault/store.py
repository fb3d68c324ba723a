"""A desk's encrypted database: docs/formats/vault.md.

Everything that a desk knows and every secret that it holds lies in `vault.db` (SQLCipher), opened by a passphrase through
Argon2id. Nothing here knows what the tables mean.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import msgspec
from sqlcipher3 import dbapi2

from kunak.vault.damage import damage_named
from kunak.vault.door import (
    FORMAT,
    MEMORY_KIB,
    PASSES,
    Parameters,
    check_of,
    derive,
    has_vault,
    take_lock,
    unlocked,
    write_durably,
)
from kunak.vault.tables import ADDED, BEFORE_PLACES, FOLDED, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATABASE = ("vault.db", "vault.db-wal", "vault.db-shm")
ASIDE = ".damaged"

Database = Any  # sqlcipher3 carries no types; it is sqlite3's connection in every respect


class Beside(Protocol):
    """What is told of a vault's transactions."""

    def keep(self, record: Any) -> None: ...
    def before_commit(self, db: Database) -> None: ...
    def after_commit(self, db: Database) -> None: ...
    def rolled_back(self) -> None: ...
    def scrub(self, db: Database) -> None: ...


class Vault:
    """Open it with `Vault.create` or `Vault.open`. Each thread reads through its own `db`; `transaction` is one at a time.
    `after_commit` is called when other threads can see what was written."""

    def __init__(self, folder: Path, key: bytes, lock: int) -> None:
        self.folder = folder
        self._key = key
        self._lock = lock
        self._here = threading.local()
        self._writing = threading.RLock()
        self._connections: list[Database] = []
        self._guard = threading.Lock()
        self._depth = 0
        # What must be computed once for a whole transaction, however many facts came in it (folding.py).
        self.before_commit: list[Callable[[Database], None]] = []
        # Told of every transaction, so that what cannot be had again is kept once more beside the vault (sparing.py).
        self.beside: Beside | None = None
        self.closed = False
        self.after_commit: Callable[[], None] = lambda: None

    @classmethod
    def create(cls, folder: Path, passphrase: str, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> Self:
        """A new vault in `folder`. Raises FileExistsError if there is one already."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        if has_vault(folder):
            raise FileExistsError(f"there is already a vault in {folder.name}")
        lock = take_lock(folder)
        try:
            for name in (*DATABASE, "vault.spare", "vault.unsent"):
                # Without vault.json it was never finished, and nobody has anything in it.
                (folder / name).unlink(missing_ok=True)
            salt = secrets.token_bytes(16)
            key = derive(passphrase, salt, memory_kib, passes)
            parameters = Parameters(FORMAT, salt.hex(), memory_kib, passes, check_of(key)).summed()
            vault = cls(folder, key, lock)
            with vault.transaction() as db:
                for statement in split_statements(SCHEMA + ADDED + FOLDED):
                    db.execute(statement)
            for name in ("vault.copy.json", "vault.json"):
                write_durably(folder / name, msgspec.json.encode(parameters))
        except BaseException:
            os.close(lock)
            raise
        return vault

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Self:
        """Raises NoVault, VaultInUse, WrongPassphrase, DamagedVault."""
        with unlocked(folder, passphrase) as (key, lock):
            vault = cls(folder, key, lock)
            vault.add_tables()
        return vault

    @classmethod
    def lay_anew(cls, folder: Path, passphrase: str) -> Self:
        """An empty database under the same passphrase; the damaged one is put aside. Raises as `open`."""
        with unlocked(folder, passphrase) as (key, lock):
            for name in DATABASE:
                if (folder / name).exists():
                    (folder / name).replace(folder / (name + ASIDE))
            vault = cls(folder, key, lock)
            with vault.transaction() as db:
                for statement in split_statements(SCHEMA + ADDED + FOLDED):
                    db.execute(statement)
        return vault

    def take_back(self) -> None:
        """The database that `lay_anew` had put aside stands again; this one is closed and gone."""
        folder = self.folder
        self.close()
        for name in DATABASE:
            (folder / name).unlink(missing_ok=True)
            if (folder / (name + ASIDE)).exists():
                (folder / (name + ASIDE)).replace(folder / name)

    def forget_aside(self) -> None:
        """Destroy what was put aside: it holds keys that are to be destroyed one day."""
        for name in DATABASE:
            aside = self.folder / (name + ASIDE)
            if aside.exists():
                with aside.open("r+b") as file:
                    file.write(bytes(os.fstat(file.fileno()).st_size))
                    file.flush()
                    os.fsync(file.fileno())
                aside.unlink()

    def add_tables(self) -> None:
        """Those that an older desk did not make, or made otherwise. A vault that has them is not written. Raises DamagedVault for one
        without tables."""
        with damage_named():
            columns = [row[1] for row in self.db.execute("PRAGMA table_info(label)").fetchall()]
        if "compartment" in columns:
            with self.transaction() as db:
                for statement in split_statements("".join(BEFORE_PLACES)):
                    db.execute(statement)
        wanted = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", ADDED))
        with damage_named():
            rows = self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            known = {name for (name,) in rows}
            if "setting" not in known:
                # The write-ahead log held all of it, and its beginning is damaged: SQLite takes it for empty.
                raise dbapi2.DatabaseError("malformed")
        if not wanted <= known:
            with self.transaction() as db:
                for statement in split_statements(ADDED):
                    db.execute(statement)

    @property
    def db(self) -> Database:
        """This thread's connection, for reading. Writing goes through `transaction`."""
        if self.closed:
            raise RuntimeError("the vault is closed")
        if getattr(self._here, "db", None) is None:
            self._here.db = self._connect()
        return self._here.db

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing, durable at its end. Inside another transaction of the same thread, it is part of that one."""
        with self._writing, damage_named():
            db = self.db
            if self._depth:
                yield db
                return
            db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield db
                for settle in self.before_commit:
                    settle(db)
                if self.beside is not None:
                    self.beside.before_commit(db)
                db.execute("COMMIT")
            except BaseException:
                # On a full disk SQLite may have taken it back already.
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if self.beside is not None:
                    self.beside.rolled_back()
                raise
            else:
                self.after_commit()
                if self.beside is not None:
                    self.beside.after_commit(db)
            finally:
                self._depth -= 1

    def scrub(self) -> None:
        """Make what was deleted unreadable also in the write-ahead log, even for whoever has the passphrase."""
        with self._writing, damage_named():
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if self.beside is not None:
                self.beside.scrub(self.db)

    @property
    def key_beside(self) -> bytes:
        """For what is kept beside the vault: opens nothing in it."""
        return hmac.digest(self._key, b"kunak/1 vault beside", "sha256")

    def close(self) -> None:
        """Forget the key and let go of the files."""
        with self._writing, self._guard:
            if self.closed:
                return
            self.closed = True
            for db in self._connections:
                db.close()
            self._connections.clear()
            self._key = b""
            os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self) -> Database:
        # Autocommit mode: `transaction` alone begins and ends transactions. Another thread may close, never use, a connection.
        db = dbapi2.connect(self.folder / "vault.db", isolation_level=None, check_same_thread=False, timeout=30)
        # With a salt of ours, no bit of the file stands for all its pages: SQLCipher would take it from the first sixteen bytes.
        salt = hmac.digest(self._key, b"kunak/1 vault page salt", "sha256")[:16]
        db.execute(f"PRAGMA key = \"x'{(self._key + salt).hex()}'\"")
        with damage_named():
            db.execute("PRAGMA journal_mode = WAL").fetchall()
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON").fetchall()
            # Sorting spills into memory, never in the clear onto the disk.
            db.execute("PRAGMA temp_store = MEMORY")
            db.execute("PRAGMA cache_size = -64000")
        with self._guard:
            self._connections.append(db)
        return db


def split_statements(schema: str) -> Iterator[str]:
    """The statements of a schema; triggers with semicolons inside are one."""
    held = ""
    for line in schema.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held
            held = ""
    if held.strip():
        raise RuntimeError(f"this statement has no end: {held.strip()[:60]}")
