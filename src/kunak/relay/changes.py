"""Every change that the relay can make to its database, as a work for the writer (writer.py).

Each is complete in itself: it reads nothing that was counted outside, and whatever is slow was done before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kunak.relay.refusals import Changed, Full, Outdated, Unknown
from kunak.relay.writer import Transaction, Work

ROWS_A_STATEMENT: Final = 128
_INSERT: Final = "INSERT INTO envelope (position, day, label, digest, sealed) VALUES"
_UNLESS_THERE: Final = "ON CONFLICT (label, digest) DO NOTHING"
_WHERE_IS: Final = "SELECT position FROM envelope WHERE label = ? AND digest = ?"
_NO_MAILBOX: Final = "There is no such mailbox; perhaps the person deleted everything."


@dataclass(frozen=True, slots=True)
class Append:
    """Keep (day, label, digest, sealed) rows; answers their positions. The same label and bytes again keep their position.

    A work like the others; but many of them in one transaction are one statement (`append_all`).
    """

    rows: list[tuple[int, bytes, bytes, bytes]]

    @property
    def size(self) -> int:
        """Bytes that it adds."""
        return sum(len(sealed) for _, _, _, sealed in self.rows)

    def __call__(self, transaction: Transaction) -> list[int]:
        """As a work of its own."""
        return append_all(transaction, [self])[0]


def append(envelopes: Sequence[tuple[bytes, bytes]], day: int) -> Append:
    """Keep (label, sealed) pairs."""
    return Append([(day, label, hashlib.sha256(sealed).digest(), sealed) for label, sealed in envelopes])


def append_all(transaction: Transaction, appends: Sequence[Append]) -> list[list[int]]:
    """Several appends, in a few statements: each statement makes the writer's thread wait for Python's lock again.

    Positions are counted here, inside the transaction and by the only writer there is; what was there before
    leaves its number unused.
    """
    rows = [row for one in appends for row in one.rows]
    if not rows:
        return [[] for _ in appends]
    following = 1 + int(transaction.rows("SELECT coalesce(max(position), 0) FROM envelope")[0][0])
    positions = list(range(following, following + len(rows)))
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        part = rows[start : start + ROWS_A_STATEMENT]
        values = [value for row, at in zip(part, positions[start:], strict=False) for value in (at, *row)]
        statement = f"{_INSERT} {', '.join(['(?, ?, ?, ?, ?)'] * len(part))} {_UNLESS_THERE}"
        if transaction.change(statement, values) < len(part):
            for n, (_, label, digest, _) in enumerate(part, start):
                found = transaction.rows(_WHERE_IS, (label, digest))
                positions[n] = int(found[0][0])
    rest = iter(positions)
    return [[next(rest) for _ in one.rows] for one in appends]


def shred(positions: Sequence[int]) -> Work[None]:
    """Forget what envelopes held."""

    def work(transaction: Transaction) -> None:
        for position in positions:
            transaction.change("UPDATE envelope SET sealed = NULL WHERE position = ?", (position,))

    return work


@dataclass(frozen=True, slots=True)
class CreateMailbox:
    """A new mailbox; one that is there already keeps its state. Raises Changed if it is another's."""

    mailbox: bytes
    access: bytes | None
    state: bytes
    day: int

    def __call__(self, transaction: Transaction) -> None:
        """As a work of its own."""
        statement = "INSERT INTO mailbox (id, day, access, state) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
        if transaction.change(statement, (self.mailbox, self.day, self.access, self.state)):
            return
        there = transaction.rows("SELECT access FROM mailbox WHERE id = ?", (self.mailbox,))[0][0]
        if (None if there is None else bytes(there)) != self.access:
            raise Changed("This mailbox is already there.")


def create_mailbox(mailbox: bytes, access: bytes | None, state: bytes, day: int) -> CreateMailbox:
    """A new mailbox."""
    return CreateMailbox(mailbox, access, state, day)


def replace_state(mailbox: bytes, state: bytes, before: bytes | None) -> Work[None]:
    """A mailbox's new state, if `before` (when given) is still the old one. Raises Changed, Unknown."""

    def work(transaction: Transaction) -> None:
        if before is None:
            changed = transaction.change("UPDATE mailbox SET state = ? WHERE id = ?", (state, mailbox))
        else:
            statement = "UPDATE mailbox SET state = ? WHERE id = ? AND state = ?"
            changed = transaction.change(statement, (state, mailbox, before))
        if not changed:
            if transaction.rows("SELECT 1 FROM mailbox WHERE id = ?", (mailbox,)):
                raise Changed("The mailbox was changed elsewhere in this moment; read it again.")
            raise Unknown(_NO_MAILBOX)

    return work


def post_message(mailbox: bytes, once: bytes, sealed: bytes, day: int, most: int) -> Work[int]:
    """Put a message into a mailbox, once for each 16-byte `once`, while fewer than `most` wait. Raises Unknown, Full."""

    def work(transaction: Transaction) -> int:
        before = transaction.rows("SELECT number FROM posted WHERE token = ?", (once,))
        if before:
            return int(before[0][0])
        if not transaction.rows("SELECT 1 FROM mailbox WHERE id = ?", (mailbox,)):
            raise Unknown(_NO_MAILBOX)
        waiting = transaction.rows("SELECT count(*) FROM message WHERE mailbox = ?", (mailbox,))[0][0]
        if waiting >= most:
            raise Full(f"{waiting} messages wait in this mailbox. Wait until the person has read some of them.")
        statement = "INSERT INTO message (mailbox, day, sealed) VALUES (?, ?, ?) RETURNING number"
        number = int(transaction.rows(statement, (mailbox, day, sealed))[0][0])
        transaction.change("INSERT INTO posted (token, day, number) VALUES (?, ?, ?)", (once, day, number))
        return number

    return work


def withdraw_message(mailbox: bytes, once: bytes, day: int) -> Work[None]:
    """Forget the message that was posted under this 16-byte `once`, read or unread; one that is still on its way never arrives."""

    def work(transaction: Transaction) -> None:
        posted = transaction.rows("SELECT number FROM posted WHERE token = ?", (once,))
        if posted:
            statement = "DELETE FROM message WHERE mailbox = ? AND number = ?"
            transaction.change(statement, (mailbox, int(posted[0][0])))
        else:
            transaction.change("INSERT INTO posted (token, day, number) VALUES (?, ?, 0)", (once, day))

    return work


def forget_tokens(before: int) -> Work[None]:
    """Forget that messages were posted before a day, but for those that still wait: they can be withdrawn as long as they are there."""

    def work(transaction: Transaction) -> None:
        transaction.change("DELETE FROM posted WHERE day < ? AND number NOT IN (SELECT number FROM message)", (before,))

    return work


def remove_messages(mailbox: bytes, numbers: Sequence[int]) -> Work[None]:
    """Forget messages of one mailbox."""

    def work(transaction: Transaction) -> None:
        for number in numbers:
            transaction.change("DELETE FROM message WHERE mailbox = ? AND number = ?", (mailbox, number))

    return work


@dataclass(frozen=True, slots=True)
class DeleteMailbox:
    """Forget a mailbox and its messages."""

    mailbox: bytes

    def __call__(self, transaction: Transaction) -> None:
        """As a work of its own."""
        transaction.change("DELETE FROM message WHERE mailbox = ?", (self.mailbox,))
        transaction.change("DELETE FROM mailbox WHERE id = ?", (self.mailbox,))


def delete_mailbox(mailbox: bytes) -> DeleteMailbox:
    """Forget a mailbox and its messages."""
    return DeleteMailbox(mailbox)


def put_document(name: str, version: int, content: bytes) -> Work[None]:
    """Keep a document if it is newer than the one that is there. Raises Outdated."""

    def work(transaction: Transaction) -> None:
        statement = """INSERT INTO document (name, version, content) VALUES (?, ?, ?) ON CONFLICT (name)
            DO UPDATE SET version = excluded.version, content = excluded.content
            WHERE excluded.version > document.version"""
        if transaction.change(statement, (name, version, content)):
            return
        found = transaction.rows("SELECT version, content FROM document WHERE name = ?", (name,))
        if (int(found[0][0]), bytes(found[0][1])) != (version, content):
            raise Outdated(f"The relay already holds version {found[0][0]} of this document.")

    return work
