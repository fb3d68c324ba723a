"""The relay's log as it was shown to this desk: positions without a hole, and a rolling hash over all of it (relay.md).

What the relay shows otherwise than before, or out of order, is named; reading goes on, because what is in the envelopes is
believed for its signatures and not for the relay's word.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING

from kunak.vault import troubles

if TYPE_CHECKING:
    from kunak.vault.arrived import Arrived
    from kunak.vault.store import Database

_FRAME = struct.Struct(">QI")
NOTHING = bytes(32)


def rolled(before: bytes, position: int, day: int, label: bytes, digest: bytes) -> bytes:
    return hashlib.sha256(before + _FRAME.pack(position, day) + label + digest).digest()


def stands(db: Database, arrived: Arrived) -> bool:
    """Whether this very envelope stood at this position when the log was read before."""
    rows = db.execute(
        "SELECT position, hash FROM log WHERE position <= ? ORDER BY position DESC LIMIT 2", (arrived.position,)
    ).fetchall()
    if not rows or rows[0][0] != arrived.position:
        return False
    before = rows[1][1] if len(rows) > 1 else NOTHING
    return bool(rolled(before, arrived.position, arrived.day, arrived.label, arrived.digest) == rows[0][1])


def hash_at(db: Database, position: int) -> bytes | None:
    """The rolling hash as this desk was shown the log; None where it was shown nothing."""
    row = db.execute("SELECT hash FROM log WHERE position = ?", (position,)).fetchone()
    return row[0] if row else None


class Logbook:
    """For one transaction; its rows are in the vault after `flush`. `again_after`: the position after which the log is read again; None when it goes on."""

    def __init__(self, db: Database, now: float, again_after: int | None = None) -> None:
        self._db = db
        self._now = now
        self._again = again_after is not None
        self._rows: dict[int, bytes] = {}
        self._agreed: set[tuple[int, str]] = set()
        self._before: dict[int, bytes] = {}
        where = "WHERE position <= ?" if self._again else ""
        row = db.execute(
            f"SELECT position, hash FROM log {where} ORDER BY position DESC LIMIT 1",  # noqa: S608 - two constants
            (again_after,) if self._again else (),
        ).fetchone()
        self._position: int = row[0] if row else 0
        self._hash: bytes = row[1] if row else NOTHING

    def expect(self, last: int) -> None:
        """When the log is read again: what was shown up to `last`, looked up at once."""
        if self._again:
            rows = self._db.execute(
                "SELECT position, hash FROM log WHERE position > ? AND position <= ?", (self._position, last)
            )
            self._before = dict(rows.fetchall())

    def agrees(self, seen: tuple[int, str], position: int) -> bool:
        """Whether an author who wrote what stands at `position` was shown the same log as this desk."""
        if seen[0] == 0 or seen in self._agreed:
            return seen[0] < position
        ours = self._rows.get(seen[0]) or hash_at(self._db, seen[0])
        if seen[0] >= position or ours is None or ours.hex() != seen[1]:
            return False
        self._agreed.add(seen)
        return True

    def flush(self) -> None:
        self._db.executemany("INSERT INTO log VALUES (?, ?)", self._rows.items())
        self._rows = {}

    def write_down(self, arrived: Arrived) -> None:
        if arrived.position <= self._position:
            sentence = (
                f"After position {self._position} the relay shows position {arrived.position}: its log is out of order."
            )
            self._note("relay-reordered", arrived.position, sentence)
            return
        if arrived.position > self._position + 1:
            first, last = self._position + 1, arrived.position - 1
            sentence = f"The relay does not show positions {first} to {last} of its log: they are dropped or withheld."
            self._note("relay-hole", first, sentence)
        rolling = rolled(self._hash, arrived.position, arrived.day, arrived.label, arrived.digest)
        if self._again:
            rolling = self._checked(arrived.position, rolling)
        else:
            self._rows[arrived.position] = rolling
        self._position, self._hash = arrived.position, rolling

    def _checked(self, position: int, rolling: bytes) -> bytes:
        before = self._before.get(position)
        if before == rolling:
            return rolling
        sentence = f"At position {position} the relay now shows something else than before: it has changed its log."
        self._note("relay-changed-log", position, sentence)
        return before or rolling

    def _note(self, kind: str, position: int, sentence: str) -> None:
        troubles.note(self._db, kind, f"position {position}", sentence, self._now)
