"""Many envelopes at once: the common case, without asking the database for each.

A new desk reads a hundred thousand envelopes. Nearly all are the next ones of a known author in a held compartment, in order;
for these, `Bulk` keeps chains, secrets and labels in memory for one transaction and writes rows in one go. Whatever is not that
simple (a grant, the roster, a letter, a gap, a fork, a lie) is `None`: the caller flushes, and takes it step by step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kunak.journal import chain as judge
from kunak.journal.chain import Chain, Expected, Judged, Refused, Standing, Writer
from kunak.journal.grants import ROSTER, is_pairwise
from kunak.sealing.compartment import open_envelope
from kunak.sealing.failure import Damaged
from kunak.vault.chains import chain_row
from kunak.vault.folding import Fact, fact_of
from kunak.vault.keyring import AHEAD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kunak.vault.arrived import Arrived
    from kunak.vault.keyring import Keyring
    from kunak.vault.logbook import Logbook
    from kunak.vault.store import Database

# What these say changes who reads and writes.
_NOT_SIMPLE: Final = ("grant", "member")
_Found = tuple[str, str, int, str, int]


class Bulk:
    """For one transaction. `writer` says who may write (Receiving)."""

    def __init__(self, db: Database, keyring: Keyring, logbook: Logbook, writer: Callable[[Expected], Writer]) -> None:
        self._db = db
        self._keyring = keyring
        self._logbook = logbook
        self._writer = writer
        self._own = keyring.own.id
        self._labels: dict[bytes, _Found] = {}
        self._fresh: list[tuple[bytes, str, str, int, str, int]] = []
        self._envelopes: list[tuple[int, int, bytes, bytes, int, int, int, bytes]] = []
        self._entries: list[tuple[int, int, bytes, bytes, int, int, int]] = []
        self._told = False
        self._forget()

    def _forget(self) -> None:
        self._chains: dict[tuple[str, str], tuple[int, Chain, int]] = {}
        self._secrets: dict[str, list[tuple[int, bytes]]] = {}
        self._writers: dict[Expected, Writer] = {}
        self._next: int | None = None

    def expect(self, labels: Iterable[bytes]) -> None:
        """Look up all labels of the transaction at once."""
        asked = list(labels)
        marks = ",".join("?" * len(asked))
        for row in self._db.execute(f"SELECT {_COLUMNS}, label FROM label WHERE label IN ({marks})", asked):  # noqa: S608
            self._labels[row[5]] = tuple(row[:5])

    def take(self, arrived: Arrived) -> list[Fact] | None:
        """What the envelope says; nothing if it is not for this desk; None if it needs the longer way."""
        found = self._labels.get(arrived.label)
        if found is None and not self._told:
            return []
        if found is None:
            # A room may have made it known while this transaction was folded.
            row = self._db.execute(f"SELECT {_COLUMNS} FROM label WHERE label = ?", (arrived.label,)).fetchone()  # noqa: S608
            return [] if row is None else None
        purpose, compartment, epoch, author, number = found
        if purpose != "entry" or author == self._own or compartment == ROSTER or is_pairwise(compartment):
            return None
        return self._next_of(Expected(compartment, epoch, author), number, arrived)

    def _next_of(self, expected: Expected, number: int, arrived: Arrived) -> list[Fact] | None:
        """The facts of an author's next envelope; None if it is not the next, or not in order."""
        row, chain, last = self._chain(expected.compartment, expected.author)
        content = self._open(expected, arrived) if number == last + 1 else None
        if content is None:
            return None
        try:
            batch, judged, moved = judge.accept(chain, content, expected, self._who(expected), arrived.position)
        except Refused:
            return None
        in_order = all(each.standing is Standing.FOLLOWS for each in judged) and moved.top == chain.top + len(judged)
        simple = not any(each.linked.type in _NOT_SIMPLE for each in judged)
        if not (in_order and simple and self._logbook.agrees(batch.seen, arrived.position)):
            return None
        self._told = True
        self._keep(row, expected.epoch, number, arrived, content, judged)
        self._chains[expected.compartment, expected.author] = (row, moved, number)
        self._move_window(expected, number)
        return [fact_of(expected.compartment, expected.epoch, expected.author, each.linked) for each in judged]

    def _keep(
        self, chain: int, epoch: int, number: int, arrived: Arrived, content: bytes, judged: Sequence[Judged]
    ) -> None:
        envelope = self._next_envelope()
        self._envelopes.append(
            (envelope, arrived.position, arrived.label, arrived.digest, chain, epoch, number, content)
        )
        for each in judged:
            entry, linked = each.linked.entry, each.linked
            previous = bytes.fromhex(entry.previous)
            self._entries.append(
                (chain, entry.sequence, linked.hash, previous, entry.time, envelope, int(each.standing))
            )

    def flush(self) -> None:
        """Everything into the vault, and nothing remembered: what comes next may change it."""
        self._told = True
        db = self._db
        self._logbook.flush()
        db.executemany(
            "INSERT INTO envelope (id, position, label, digest, chain, epoch, number, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self._envelopes,
        )
        db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", self._entries)
        db.executemany("INSERT OR IGNORE INTO label VALUES (?, ?, ?, ?, ?, ?)", self._fresh)
        moved = [(chain.top, chain.head, number, row) for row, chain, number in self._chains.values()]
        db.executemany("UPDATE chain SET top = ?, head = ?, number = ? WHERE id = ?", moved)
        self._envelopes, self._entries, self._fresh = [], [], []
        self._forget()

    def _chain(self, compartment: str, author: str) -> tuple[int, Chain, int]:
        key = (compartment, author)
        if key not in self._chains:
            self._chains[key] = chain_row(self._db, compartment, author)
        return self._chains[key]

    def _who(self, expected: Expected) -> Writer:
        if expected not in self._writers:
            self._writers[expected] = self._writer(expected)
        return self._writers[expected]

    def _held(self, compartment: str) -> list[tuple[int, bytes]]:
        if compartment not in self._secrets:
            rows = self._db.execute("SELECT epoch, secret FROM secret WHERE compartment = ?", (compartment,)).fetchall()
            self._secrets[compartment] = rows
        return self._secrets[compartment]

    def _open(self, expected: Expected, arrived: Arrived) -> bytes | None:
        if arrived.sealed is None:
            return None
        for epoch, secret in self._held(expected.compartment):
            if epoch == expected.epoch:
                try:
                    return open_envelope(secret, arrived.label, arrived.sealed)
                except Damaged:
                    continue
        return None

    def _next_envelope(self) -> int:
        if self._next is None:
            (self._next,) = self._db.execute("SELECT coalesce(max(id), 0) FROM envelope").fetchone()
        self._next += 1
        return self._next

    def _move_window(self, expected: Expected, number: int) -> None:
        ahead = number + AHEAD
        for epoch, secret in self._held(expected.compartment):
            if epoch >= expected.epoch:
                label = self._keyring.label_of(secret, expected.author, ahead)
                self._labels[label] = ("entry", expected.compartment, epoch, expected.author, ahead)
                self._fresh.append((label, "entry", expected.compartment, epoch, expected.author, ahead))


_COLUMNS: Final = "purpose, compartment, epoch, author, number"
