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
from kunak.vault import labels
from kunak.vault.chains import chain_row
from kunak.vault.folding import Fact, fact_of
from kunak.vault.keyring import AHEAD
from kunak.vault.labels import Meant

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from kunak.vault.arrived import Arrived
    from kunak.vault.keyring import Keyring
    from kunak.vault.logbook import Logbook
    from kunak.vault.store import Database

# What these say changes who reads and writes.
_NOT_SIMPLE: Final = frozenset(("grant", "member"))


class _Line:
    """An author in a compartment, as of the envelope that was taken last: the chain's row, the chain, the last envelope's number."""

    __slots__ = ("author", "chain", "held", "number", "places", "row", "writers")

    def __init__(self, author: str, row: int, chain: Chain, number: int, held: list[tuple[int, bytes]]) -> None:
        self.author = bytes.fromhex(author)
        self.row = row
        self.chain = chain
        self.number = number
        self.held = held  # (epoch, secret) of the compartment
        self.writers: dict[int, tuple[Expected, Writer]] = {}  # by epoch
        self.places: dict[int, int] = {}  # by epoch


class Bulk:
    """For one transaction. `writer` says who may write (Receiving)."""

    def __init__(self, db: Database, keyring: Keyring, logbook: Logbook, writer: Callable[[Expected], Writer]) -> None:
        self._db = db
        self._keyring = keyring
        self._logbook = logbook
        self._writer = writer
        self._own = keyring.own.id
        self._meant: dict[bytes, Meant] = {}
        self._fresh: list[tuple[bytes, str, int, int]] = []
        self._envelopes: list[tuple[int, int, bytes, bytes, int, int, int, bytes]] = []
        self._entries: list[tuple[int, int, bytes, int, int]] = []
        self._told = False
        self._lines: dict[tuple[str, str], _Line] = {}
        self._next: int | None = None

    def expect(self, asked: Collection[bytes]) -> None:
        """Look up all labels of the transaction at once."""
        self._meant.update(labels.meanings(self._db, asked))

    def take(self, arrived: Arrived) -> list[Fact] | None:
        """What the envelope says; nothing if it is not for this desk; None if it needs the longer way."""
        meant = self._meant.get(arrived.label)
        if meant is None:
            # A room may have made it known while this transaction was folded.
            return None if self._told and labels.meaning(self._db, arrived.label) else []
        purpose, compartment, _, author, _ = meant
        if purpose != "entry" or author == self._own or compartment == ROSTER or is_pairwise(compartment):
            return None
        return self._next_of(self._line(compartment, author), meant, arrived)

    def _next_of(self, line: _Line, meant: Meant, arrived: Arrived) -> list[Fact] | None:
        """The facts of an author's next envelope; None if it is not the next, or not in order."""
        _, compartment, epoch, author, number = meant
        content = self._open(line, epoch, arrived) if number == line.number + 1 else None
        if content is None:
            return None
        expected, writer = self._who(line, compartment, epoch, author)
        chain = line.chain
        try:
            batch, judged, moved = judge.accept(chain, content, expected, writer, arrived.position)
        except Refused:
            return None
        if moved.top != chain.top + len(judged) or not self._logbook.agrees(batch.seen, arrived.position):
            return None
        for each in judged:
            if each.standing is not Standing.FOLLOWS or each.linked.type in _NOT_SIMPLE:
                return None
        self._told = True
        line.chain, line.number = moved, number
        self._keep(line.row, epoch, number, arrived, content, judged)
        self._move_window(line, meant)
        return [fact_of(compartment, epoch, author, each.linked) for each in judged]

    def _keep(
        self, chain: int, epoch: int, number: int, arrived: Arrived, content: bytes, judged: Sequence[Judged]
    ) -> None:
        envelope = self._next_envelope()
        self._envelopes.append(
            (envelope, arrived.position, arrived.label, arrived.digest, chain, epoch, number, content)
        )
        for each in judged:
            self._entries.append((chain, each.linked.entry.sequence, each.linked.hash, envelope, _FOLLOWS))

    def flush(self) -> None:
        """Everything into the vault, and nothing remembered: what comes next may change it."""
        self._told = True
        db = self._db
        self._logbook.flush()
        db.executemany(
            "INSERT INTO envelope (id, position, label, digest, chain, epoch, number, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self._envelopes,
        )
        # In the order of their keys: neighbours go into one page.
        db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", sorted(self._entries))
        labels.keep(db, sorted(self._fresh))
        moved = [(line.chain.top, line.chain.head, line.number, line.row) for line in self._lines.values()]
        db.executemany("UPDATE chain SET top = ?, head = ?, number = ? WHERE id = ?", moved)
        self._envelopes, self._entries, self._fresh = [], [], []
        self._lines, self._next = {}, None

    def _line(self, compartment: str, author: str) -> _Line:
        line = self._lines.get((compartment, author))
        if line is None:
            secrets = self._db.execute("SELECT epoch, secret FROM secret WHERE compartment = ?", (compartment,))
            line = _Line(author, *chain_row(self._db, compartment, author), secrets.fetchall())
            self._lines[compartment, author] = line
        return line

    def _who(self, line: _Line, compartment: str, epoch: int, author: str) -> tuple[Expected, Writer]:
        known = line.writers.get(epoch)
        if known is None:
            expected = Expected(compartment, epoch, author)
            known = line.writers[epoch] = (expected, self._writer(expected))
        return known

    def _place(self, line: _Line, compartment: str, epoch: int, author: str) -> int:
        place = line.places.get(epoch)
        if place is None:
            place = line.places[epoch] = labels.place_of(self._db, compartment, epoch, author)
        return place

    @staticmethod
    def _open(line: _Line, epoch: int, arrived: Arrived) -> bytes | None:
        if arrived.sealed is None:
            return None
        for each, secret in line.held:
            if each == epoch:
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

    def _move_window(self, line: _Line, meant: Meant) -> None:
        _, compartment, epoch, author, number = meant
        ahead = number + AHEAD
        for each, secret in line.held:
            if each >= epoch:
                label = self._keyring.label_of(secret, line.author, ahead)
                self._meant[label] = Meant("entry", compartment, each, author, ahead)
                self._fresh.append((label, "entry", self._place(line, compartment, each, author), ahead))


_FOLLOWS: Final = int(Standing.FOLLOWS)
