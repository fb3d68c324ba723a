"""What the relay keeps in its database: the log of sealed envelopes, mailboxes, and the messages that wait in them.

All changes go through one writer thread (writer.py); an awaited method has answered only when its change is on the disk.
Several changes that must stand or fall together are one: `together`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from kunak.relay import changes, loose
from kunak.relay.allowance import Kind, Limits, Source, check_room, fill
from kunak.relay.sqlite import SqliteStore
from kunak.relay.store import Store
from kunak.relay.wire import BLOB_SIZE, StoredEnvelope, day_of
from kunak.relay.writer import Row, Transaction, Work, Writer

__all__ = ["Limits", "Log", "Mailbox", "Message", "Source"]

DEFAULT_LIMITS: Final = Limits()
READ_AT_ONCE: Final = 4 * 1024 * 1024
DAYS_OF_SECOND_TRIES: Final = 60  # a desk may have been without a network for so long


class Message(NamedTuple):
    """One sealed message that waits in a mailbox."""

    number: int
    day: int
    sealed: bytes


class Mailbox(NamedTuple):
    """A mailbox as the relay knows it: nothing in it can be opened here."""

    id: bytes
    access: bytes | None  # SHA-256 of the token of requests that seal on the person's own device
    state: bytes
    messages: list[Message]


class Log:
    """Open it with `Log.open`, close it with `close`. Reading is quick and may be done from any thread."""

    def __init__(self, store: Store, clock: Callable[[], float], limits: Limits) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits
        self._writer = Writer(store)
        self._tidied = 0  # the day on which the tokens of old messages were last forgotten

    @classmethod
    def open(cls, place: Path | str, clock: Callable[[], float], limits: Limits = DEFAULT_LIMITS) -> Log:
        """The log in a SQLite file at this path, or in the PostgreSQL database of this `postgresql://` address. Raises InUse."""
        if isinstance(place, str) and place.startswith(("postgresql://", "postgres://")):
            from kunak.relay.postgresql import PostgresqlStore  # noqa: PLC0415 - an extra that few operators install

            return cls(PostgresqlStore(place), clock, limits)
        return cls(SqliteStore(Path(place)), clock, limits)

    def close(self) -> None:
        """Finish every change that was asked for, then let go of the database."""
        self._writer.close()

    @property
    def today(self) -> int:
        """The day that is written beside what arrives now."""
        return day_of(self._clock())

    async def together(self, *works: Work[Any], by: Source = Source.PERSON) -> list[Any]:
        """Several changes (changes.py) that stand or fall together; their answers in the same order. Raises Full."""
        counted = self._counted(works, by)

        def all_of_them(transaction: Transaction) -> list[Any]:
            for work in counted:
                work(transaction)
            return [work(transaction) for work in works]

        return await self._writer.do(all_of_them)

    def _counted(self, works: Sequence[Work[Any]], by: Source) -> list[Work[None]]:
        adds = sum(work.size for work in works if isinstance(work, changes.Append))
        opens = sum(len(work.state) for work in works if isinstance(work, changes.CreateMailbox))
        # Whoever asks to be forgotten is not told to wait: the note for the desk goes with the deletion.
        if not adds + opens or any(isinstance(work, changes.DeleteMailbox) for work in works):
            return []
        check_room(self._limits, by, self._store.free())
        if by is Source.DEVICE:
            return []
        kind = Kind.FIRST_LETTERS if opens else Kind.LETTERS
        return [fill(kind, adds + opens, self.today, self._limits)]

    # --- chunks of files (blobs.Books)

    async def allow_chunk(self, chunk: bytes, by: Source) -> None:
        """Count one more chunk of a file; a person's is noted as one that no letter names yet. Raises Full."""
        check_room(self._limits, by, self._store.free())
        if by is Source.PERSON:
            count = fill(Kind.FILES, BLOB_SIZE, self.today, self._limits)
            await self._writer.do(lambda transaction: (count(transaction), loose.note(chunk)(transaction))[0])

    async def settle_chunks(self, chunks: Sequence[bytes]) -> None:
        """These are gone."""
        await self._writer.do(loose.settle(chunks))

    def loose_chunks(self) -> list[bytes]:
        """What persons sent and no letter names."""
        return [bytes(chunk) for (chunk,) in self._store.rows(loose.ALL)]

    # --- the log

    async def append(self, envelopes: Sequence[tuple[bytes, bytes]], by: Source = Source.PERSON) -> list[int]:
        """Positions of these (label, sealed) pairs, once durable. The same pair again gets its first position. Raises Full."""
        append = changes.append(envelopes, self.today)
        if by is Source.PERSON:
            positions: list[int] = (await self.together(append))[0]
            return positions
        check_room(self._limits, by, self._store.free())
        return await self._writer.do(append)

    def read(self, after: int, limit_bytes: int = READ_AT_ONCE) -> list[StoredEnvelope]:
        """The envelopes after a position, in order, until they would exceed the limit (but at least one)."""
        # First how large they are, then as many as will do: large ones must not come into memory by the hundred.
        last, size = after, 0
        for position, length in self._store.rows(_SIZES, (after,)):
            size += length
            if last > after and size > limit_bytes:
                break
            last = position
        return [_stored(row) for row in self._store.rows(_READ, (after, last))]

    @property
    def head(self) -> int:
        """The last position; 0 for an empty log."""
        return int(self._store.rows("SELECT coalesce(max(position), 0) FROM envelope")[0][0])

    async def shred(self, positions: Sequence[int]) -> None:
        """Forget what these envelopes held; that they were there stays."""
        await self._writer.do(changes.shred(positions))

    # --- mailboxes

    async def create_mailbox(
        self, mailbox: bytes, access: bytes | None, state: bytes, by: Source = Source.PERSON
    ) -> None:
        """A new mailbox. The same one with the same access again is a second try; its state stays."""
        await self.together(changes.create_mailbox(mailbox, access, state, self.today), by=by)

    def mailbox(self, mailbox: bytes) -> Mailbox | None:
        """A mailbox and what waits in it, or None."""
        found = self._store.rows("SELECT access, state FROM mailbox WHERE id = ?", (mailbox,))
        if not found:
            return None
        waiting = self._store.rows(
            "SELECT number, day, sealed FROM message WHERE mailbox = ? ORDER BY number", (mailbox,)
        )
        access, state = found[0]
        messages = [Message(number, day, bytes(sealed)) for number, day, sealed in waiting]
        return Mailbox(mailbox, access and bytes(access), bytes(state), messages)

    async def replace_state(self, mailbox: bytes, state: bytes, before: bytes | None = None) -> None:
        """A mailbox's new state. With `before`, only if that is still its state: else raises Changed. Raises Unknown."""
        await self._writer.do(changes.replace_state(mailbox, state, before))

    async def post_message(self, mailbox: bytes, token: bytes, sealed: bytes) -> int:
        """The message's number. The same token again is a second try, even after the first was read. Raises Unknown, Full."""
        check_room(self._limits, Source.DEVICE, self._store.free())
        # The hash is made here: the writer does nothing slow.
        once = hashlib.sha256(mailbox + token).digest()[:16]
        if self._tidied != self.today:
            self._tidied = self.today
            await self._writer.do(changes.forget_tokens(before=self.today - DAYS_OF_SECOND_TRIES))
        return await self._writer.do(
            changes.post_message(mailbox, once, sealed, self.today, self._limits.messages_a_mailbox)
        )

    async def withdraw_message(self, mailbox: bytes, token: bytes) -> None:
        """The message that was posted with this token is gone, or never arrives. Unknown ones are no mistake."""
        once = hashlib.sha256(mailbox + token).digest()[:16]
        await self._writer.do(changes.withdraw_message(mailbox, once, self.today))

    async def remove_messages(self, mailbox: bytes, numbers: Sequence[int]) -> None:
        """Forget messages of this mailbox; numbers that are not there are no mistake."""
        await self._writer.do(changes.remove_messages(mailbox, numbers))

    async def delete_mailbox(self, mailbox: bytes) -> None:
        """Forget a mailbox with all that waits in it."""
        await self._writer.do(changes.delete_mailbox(mailbox))

    def waiting(self) -> list[int]:
        """Numbers of all messages that wait in any mailbox: what is gone was read."""
        return [number for (number,) in self._store.rows("SELECT number FROM message ORDER BY number")]

    # --- documents

    def document(self, name: str) -> tuple[int, bytes] | None:
        """Version and bytes of a signed document, or None."""
        found = self._store.rows("SELECT version, content FROM document WHERE name = ?", (name,))
        return (int(found[0][0]), bytes(found[0][1])) if found else None

    async def put_document(self, name: str, version: int, content: bytes) -> None:
        """Keep a newer version. The same bytes again are a second try. Raises Outdated."""
        await self._writer.do(changes.put_document(name, version, content))


_SIZES = """SELECT position, coalesce(length(sealed), 0) FROM envelope
    WHERE position > ? ORDER BY position LIMIT 4096"""
_READ = """SELECT position, day, label, digest, sealed FROM envelope
    WHERE position > ? AND position <= ? ORDER BY position"""


def _stored(row: Row) -> StoredEnvelope:
    position, day, label, digest, sealed = row
    if sealed is None:
        return StoredEnvelope(position, day, bytes(label), None, bytes(digest))
    return StoredEnvelope(position, day, bytes(label), bytes(sealed))
