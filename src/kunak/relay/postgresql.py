"""The relay's database in PostgreSQL, for operators who have one that is backed up and watched already.

The same statements as SQLite's (`?` becomes PostgreSQL's own mark), the same single writer: a lock of the database's own keeps a second
relay away. What PostgreSQL does not do: overwrite what is removed (docs/decisions/relay-database.md).
"""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any, Final, LiteralString

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from kunak.relay.refusals import Full, InUse, Unavailable
from kunak.relay.schema import statements
from kunak.relay.store import Cursor, Store
from kunak.relay.writer import Row, Work

_LOCK: Final = 0x6B756E616B  # "kunak"
_VACUUM_SECONDS: Final = 60.0
_AWAY: Final = "The relay's database does not answer. Nothing was lost; this was not kept. Try again in a minute."


class PostgresqlStore(Store):
    """A database of its own, for one relay."""

    trouble = psycopg.Error

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._connection = self._connect_writer()
        for statement in statements(
            number="BIGINT",
            place="BIGINT",
            counter="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            octets="BYTEA",
        ):
            self.execute(statement)
        for table in ("envelope", "message"):  # sealed bytes cannot be compressed; trying costs time
            self.execute(f"ALTER TABLE {table} ALTER COLUMN sealed SET STORAGE EXTERNAL")
        self._reading = threading.Lock()
        self._reader = self._connect()
        self._vacuumed = time.monotonic()

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            return psycopg.connect(self._url, autocommit=True, options="-c client_min_messages=warning")
        except psycopg.OperationalError as trouble:
            raise Unavailable(_AWAY) from trouble

    def _connect_writer(self) -> psycopg.Connection[Row]:
        connection = self._connect()
        connection.execute("SET synchronous_commit = on")
        found = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
        if found != (True,):
            connection.close()
            raise InUse("Another relay is already running on this database. Stop it first.")
        return connection

    def rows(self, statement: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """What a statement selects; from any thread. Raises Unavailable."""
        values = tuple(parameters)
        with self._reading:
            if self._reader.closed:
                self._reader = self._connect()
            try:
                return self._reader.execute(_marked(statement), values, binary=True).fetchall()
            except psycopg.OperationalError as trouble:
                self._reader.close()
                raise Unavailable(_AWAY) from trouble

    def run(self, works: list[Work[Any]]) -> list[Any]:
        """As the store does; a connection that was lost is made anew first. Raises Unavailable."""
        if self._connection.closed:
            self._connection = self._connect_writer()
        return super().run(works)

    def execute(self, statement: str, parameters: Iterable[Any] = ()) -> Cursor:
        """One statement on the writing connection."""
        return self._connection.execute(_marked(statement), tuple(parameters), binary=True)

    def open_transaction(self) -> bool:
        """Whether a transaction is open."""
        return not self._connection.closed and self._connection.info.transaction_status != TransactionStatus.IDLE

    def explained(self, trouble: Exception) -> Exception:
        """A full disk, and a database that is away, are told as such."""
        if isinstance(trouble, errors.DiskFull):
            return Full("The relay's disk is full. Nothing was lost; this was not kept. Try again later.")
        if isinstance(trouble, psycopg.OperationalError):
            # Whether the commit still happened is unknown; every change may be tried twice.
            return Unavailable(_AWAY)
        return trouble

    def free(self) -> int:
        """The database's disk is elsewhere; it says itself when it is full."""
        return sys.maxsize

    def rest(self) -> None:
        """Give back the room of what was removed."""
        if self.removed and time.monotonic() - self._vacuumed > _VACUUM_SECONDS:
            self._vacuumed = time.monotonic()
            self.execute("VACUUM envelope, message, mailbox")
            self.removed = False

    def close(self) -> None:
        """Let go of both connections, and so of the lock."""
        with self._reading:
            self._reader.close()
        self._connection.close()


@functools.cache
def _marked(statement: str) -> LiteralString:
    # All statements are constants of ours; %b asks for binary parameters, so that sealed bytes are not written as hex.
    return statement.replace("?", "%b")
