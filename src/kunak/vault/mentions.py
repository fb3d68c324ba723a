"""Which entries and letters of this vault name which ids: read once, before a transaction, so that nobody waits for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kunak.journal.entry import decode_batch
from kunak.vault.folding import Fact, fact_of, letter_fact
from kunak.vault.letters import kept_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kunak.vault.store import Database

# Everything that facts speak of has an id of sixteen bytes.
ID: Final = re.compile(rb"[0-9a-f]{32}")
_SIGNATURE: Final = 64  # bytes before the batch


class Mentions:
    """`read` it before the transaction, and again in it: then only what came meanwhile is read."""

    def __init__(self) -> None:
        self._envelopes: dict[bytes, list[int]] = {}
        self._until = 0

    def read(self, db: Database) -> Mentions:
        """Up to the newest envelope."""
        # Whoever wrote an entry stands in it; that connects nothing.
        authors = {author.encode() for (author,) in db.execute("SELECT DISTINCT author FROM chain")}
        for envelope, content in db.execute(
            "SELECT id, content FROM envelope WHERE content IS NOT NULL AND id > ? ORDER BY id", (self._until,)
        ):
            for each in set(ID.findall(content, _SIGNATURE)) - authors:
                self._envelopes.setdefault(each, []).append(envelope)
            self._until = envelope
        return self

    def facts(self, db: Database, ids: set[bytes]) -> Iterator[Fact]:
        """The facts that stand in the vault and name one of these."""
        for envelope in sorted({envelope for each in ids for envelope in self._envelopes.get(each, ())}):
            row = db.execute("SELECT content FROM envelope WHERE id = ?", (envelope,)).fetchone()
            if row is not None:
                yield from (fact for fact in facts_of_batch(row[0]) if not ids.isdisjoint(ids_of(fact)))
        for letter in kept_letters(db):
            fact = letter_fact(*letter)
            if not ids.isdisjoint(ids_of(fact)):
                yield fact


def ids_of(fact: Fact) -> set[bytes]:
    """Its own id, and those that it names."""
    return {fact.id.encode(), *ID.findall(fact.body), *ID.findall(fact.compartment.encode())}


def facts_in(db: Database, name: str) -> Iterator[Fact]:
    """All facts of one compartment, letters too."""
    kept = "SELECT content FROM envelope WHERE content IS NOT NULL AND chain IN (SELECT id FROM chain WHERE compartment = ?) ORDER BY id"
    for (content,) in db.execute(kept, (name,)).fetchall():
        yield from facts_of_batch(content)
    for letter in kept_letters(db):
        if letter[1] == name:
            yield letter_fact(*letter)


def facts_of_batch(content: bytes) -> Iterable[Fact]:
    batch, entries = decode_batch(content[_SIGNATURE:])
    return [fact_of(batch.compartment, batch.epoch, batch.author, linked) for linked in entries]
