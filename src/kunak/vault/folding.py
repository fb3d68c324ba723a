"""From entries to tables: every room's tables follow from the facts alone, in whatever order these arrive.

A `Fact` is one entry, or one letter from a person, as a room sees it. A room names its events' tag prefix (`name`), makes tables
whose names begin with `<name>_` (`schema`), lists whose facts it hears (`hears`), and folds one fact at a time (`fold`), so that
*the order of facts never matters*: rows only grow, keyed by the fact's id; a value that is replaced is a register of several
values (the fact names the facts that it replaces; what nobody replaced is the value; two such are a conflict, and shown).
Therefore folding as facts come gives the same bytes as `rebuild`, and tables can be dropped at any time.

Letters come as facts of type `helpline.letter_received` (vault/letters.py). When one is triaged away from this desk, the room that
folds the triage entry calls `forget_letter`, removes its own rows of that letter, and ignores the letter if it comes later.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

from kunak.journal.entry import Linked, decode_batch
from kunak.vault.letters import RECEIVED, LetterReceived, forget_letter, is_forgotten, kept_letters, know_correspondent
from kunak.vault.store import split_statements
from kunak.vault.tables import FOLDED_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kunak.vault.store import Database, Vault


class Fact(msgspec.Struct, frozen=True):
    """`id`: the entry's (or, for a letter, from its sealed bytes; the same on every desk). `time`: Unix seconds by the author's
    clock; of a letter, the relay's day. `author`: device id, empty for a person. `body`: JSON bytes of the typed event."""

    id: str
    compartment: str
    epoch: int
    author: str
    sequence: int
    time: int
    type: str
    body: bytes


@runtime_checkable
class Settling(Protocol):
    """A room that computes lines for its lists out of its rows, once at the end of a transaction, however many facts came in it."""

    def settle(self, db: Database) -> None: ...


class Room(Protocol):
    """A room's register, a module or an object."""

    @property
    def name(self) -> str: ...
    @property
    def hears(self) -> Sequence[str]: ...
    @property
    def schema(self) -> str: ...
    def fold(self, db: Database, fact: Fact) -> None:
        """Decode first, then write. msgspec's errors mean: this desk cannot read the event; it is listed in `unfolded`."""


def fact_of(compartment: str, epoch: int, author: str, linked: Linked) -> Fact:
    entry = linked.entry
    return Fact(linked.id, compartment, epoch, author, entry.sequence, entry.time, linked.type, bytes(entry.body))


def letter_fact(fact: str, compartment: str, number: int, day: int, content: bytes) -> Fact:
    return Fact(fact, compartment, 0, "", number, day * 86_400, RECEIVED, content)


class Folding:
    """All rooms of a desk over one vault. `partial`: a command that knows only some of the rooms, and leaves the others' tables as
    they are; it must not take in what others wrote (`Sync.push`, not `step`)."""

    def __init__(self, vault: Vault, rooms: Sequence[Room], *, partial: bool = False) -> None:
        self._vault = vault
        self._partial = partial
        self._rooms = tuple(rooms)
        self._hearers: dict[str, list[Room]] = {}
        for room in self._rooms:
            for prefix in room.hears:
                self._hearers.setdefault(prefix, []).append(room)
        vault.before_commit += [room.settle for room in self._rooms if isinstance(room, Settling)]
        self._prepare()

    def apply(self, db: Database, facts: Iterable[Fact]) -> None:
        """Fold facts that are already in the vault; within the caller's transaction."""
        for fact in facts:
            if fact.type == RECEIVED and not self._keep_letter(db, fact):
                continue
            for room in self._hearers.get(fact.type.partition(".")[0], ()):
                try:
                    room.fold(db, fact)
                except msgspec.MsgspecError as wrong:
                    row = (fact.id, room.name, fact.type, str(wrong))
                    db.execute("INSERT OR REPLACE INTO unfolded VALUES (?, ?, ?, ?)", row)

    def _keep_letter(self, db: Database, fact: Fact) -> bool:
        """Whether this letter is still this desk's to keep; if it begins a conversation, its mailbox is known from now on."""
        if is_forgotten(db, fact.id):
            forget_letter(db, fact.id)
            return False
        letter = msgspec.json.decode(fact.body, type=LetterReceived)
        if letter.letter_key is not None:
            know_correspondent(db, letter.mailbox, letter.letter_key, fact.id, fact.compartment)
        return True

    def rebuild(self) -> None:
        """Drop all rooms' tables and fold everything again; all or nothing."""
        with self._vault.transaction() as db:
            for room in self._rooms:
                drop_tables(db, room.name)
            for table in FOLDED_TABLES:
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            self.make_tables(db)
            self.apply(db, all_facts(db))
            db.execute("INSERT OR REPLACE INTO setting VALUES ('folded by', ?)", (self._fingerprint(),))

    def make_tables(self, db: Database) -> None:
        """Empty tables of all rooms, in another database than the vault's too."""
        for room in self._rooms:
            _make_tables(db, room)

    def settle(self, db: Database) -> None:
        """What is computed once for many facts."""
        for room in self._rooms:
            if isinstance(room, Settling):
                room.settle(db)

    def tables(self, db: Database) -> list[str]:
        """Of all rooms, without virtual ones and their shadows."""
        virtual = self.virtual_tables(db)
        return [name for room in self._rooms for name in _content_tables(db, room.name) if name not in virtual]

    def virtual_tables(self, db: Database) -> list[str]:
        """Of all rooms: indexes that SQLite keeps in tables of its own."""
        found = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")]
        return [name for room in self._rooms for name in found if name.startswith(f"{room.name}_")]

    def snapshot(self) -> bytes:
        """Everything that the rooms know, in one spelling: what must be the same after a rebuild."""
        db = self._vault.db
        lines = []
        for table in sorted(
            [*FOLDED_TABLES, *(name for room in self._rooms for name in _content_tables(db, room.name))]
        ):
            rows = db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names out of the schema
            lines += [f"{table} {row!r}" for row in sorted(map(tuple, rows), key=repr)]
        return "\n".join(lines).encode()

    def _prepare(self) -> None:
        """A new vault, or rooms that fold otherwise than those who made the tables: fold everything anew."""
        row = self._vault.db.execute("SELECT value FROM setting WHERE name = 'folded by'").fetchone()
        if self._partial:
            with self._vault.transaction() as db:
                for room in self._rooms:
                    if not _has_tables(db, room):
                        self._fold_anew(db, room)
        elif row is None or row[0] != self._fingerprint():
            self.rebuild()

    def _fold_anew(self, db: Database, room: Room) -> None:
        """One room's tables, when they were made by a desk that knew less; the desk itself rebuilds them all."""
        drop_tables(db, room.name)
        _make_tables(db, room)
        self.apply(db, (fact for fact in all_facts(db) if fact.type.partition(".")[0] == room.name))

    def _fingerprint(self) -> bytes:
        said = "\n".join(f"{room.name} {sorted(room.hears)} {room.schema}" for room in self._rooms)
        return hashlib.sha256(said.encode()).digest()


def all_facts(db: Database) -> Iterator[Fact]:
    """Every fact in the vault: entries as their envelopes stand in it, then letters."""
    kept = "SELECT content FROM envelope WHERE content IS NOT NULL ORDER BY id"
    for (content,) in db.execute(kept):
        batch, entries = decode_batch(content[64:])
        for linked in entries:
            yield fact_of(batch.compartment, batch.epoch, batch.author, linked)
    for letter in kept_letters(db):
        yield letter_fact(*letter)


def drop_tables(db: Database, room: str) -> None:
    """All tables of a room. Virtual ones go first and take their shadows along."""
    found = db.execute(
        "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE type = 'table' AND name GLOB ?",
        (f"{room}_*",),
    ).fetchall()
    for name, _ in sorted(found, key=lambda row: -row[1]):
        db.execute(f"DROP TABLE IF EXISTS {name}")


def _make_tables(db: Database, room: Room) -> None:
    for statement in split_statements(room.schema):
        db.execute(statement)


def _has_tables(db: Database, room: Room) -> bool:
    """Whether every table of the room's schema is there."""
    wanted = set(re.findall(rf"(?i)CREATE (?:VIRTUAL )?TABLE ({room.name}_\w+)", room.schema))
    return wanted <= set(_content_tables(db, room.name))


def _content_tables(db: Database, room: str) -> list[str]:
    """A room's tables without the shadows of its virtual ones."""
    found = db.execute(
        "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE type = 'table' AND name GLOB ?",
        (f"{room}_*",),
    ).fetchall()
    virtual = [name for name, is_virtual in found if is_virtual]
    return [name for name, _ in found if not any(name.startswith(f"{whole}_") for whole in virtual)]
