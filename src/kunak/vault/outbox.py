"""Record, then send: what this desk still owes the relay. Filled in the transaction that made it, emptied when acknowledged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from kunak.vault.store import Database

Kind = Literal["envelope", "message", "mailbox", "blob", "unblob", "withdrawal", "roster", "helpline", "shred"]


class Parcel(msgspec.Struct, frozen=True):
    """`place`: an envelope's label, a message's mailbox, a blob's id, a shredded position (u64). `token` makes a message once."""

    id: int
    kind: Kind
    place: bytes
    token: bytes
    sealed: bytes
    day: int


def put(db: Database, kind: Kind, place: bytes, sealed: bytes, day: int, token: bytes = b"") -> None:
    db.execute(
        "INSERT INTO outbox (kind, place, token, sealed, day) VALUES (?, ?, ?, ?, ?)", (kind, place, token, sealed, day)
    )


def waiting(db: Database, after: int = 0, most: int = 200) -> list[Parcel]:
    """In the order in which they were put."""
    rows = db.execute(
        "SELECT id, kind, place, token, sealed, day FROM outbox WHERE id > ? AND acknowledged IS NULL"
        " ORDER BY id LIMIT ?",
        (after, most),
    ).fetchall()
    return [Parcel(*row) for row in rows]


def count(db: Database) -> int:
    (number,) = db.execute("SELECT count(*) FROM outbox WHERE acknowledged IS NULL").fetchone()
    return int(number)


def take_back(db: Database, token: bytes) -> None:
    """A message that has not left yet does not leave."""
    db.execute("DELETE FROM outbox WHERE kind = 'message' AND token = ?", (token,))


def done(db: Database, parcel: int) -> None:
    db.execute("DELETE FROM outbox WHERE id = ?", (parcel,))


def acknowledged(db: Database, parcel: int, position: int) -> None:
    """The relay says that it keeps this envelope; believed once it is seen in the log."""
    db.execute("UPDATE outbox SET acknowledged = ? WHERE id = ?", (position, parcel))


def seen_in_log(db: Database, label: bytes) -> None:
    db.execute("DELETE FROM outbox WHERE kind = 'envelope' AND place = ?", (label,))


def not_in_log(db: Database, position: int) -> list[tuple[int, int]]:
    """(parcel, acknowledged position) of envelopes that the relay acknowledged up to `position`, and did not show there."""
    rows = db.execute("SELECT id, acknowledged FROM outbox WHERE acknowledged <= ? ORDER BY id", (position,)).fetchall()
    return [(parcel, at) for parcel, at in rows]


def digest(db: Database, parcel: int) -> bytes:
    """SHA-256 of what was sent, as the relay's log names it."""
    (sealed,) = db.execute("SELECT sealed FROM outbox WHERE id = ?", (parcel,)).fetchone()
    return hashlib.sha256(sealed).digest()


def offer_again(db: Database, parcel: int) -> None:
    db.execute("UPDATE outbox SET acknowledged = NULL WHERE id = ?", (parcel,))
