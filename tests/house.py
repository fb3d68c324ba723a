"""An organisation for tests: an admin and helpers with a desk each, over one relay, with a clock that the test moves."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.desk.documents import read_helpline
from kunak.desk.joining import ask_to_join, invite, join, read_invitation
from kunak.desk.organisation import create
from kunak.desk.sync import Sync, SyncState
from kunak.sealing.code import MailboxKeys
from kunak.sealing.hybrid import Recipient
from kunak.sealing.letter import First, Letter, first_letter_label, letter_label, seal_letter
from kunak.vault.folding import Fact
from kunak.vault.letters import LetterReceived, forget_letter, know_correspondent
from kunak.vault.store import Database, Vault
from tests.honest_relay import HonestRelay

if TYPE_CHECKING:
    from kunak.desk.relay_client import Relay
    from kunak.desk.workbench import Workbench
    from kunak.journal.grants import Role

DAY: Final = 86_400
SPRING_2017: Final = 1_491_120_000  # 2 April 2017, 8:00 UTC
# Argon2id at its cheapest: what is tested here is not the passphrase.
CHEAP: Final = {"memory_kib": 64, "passes": 1}


class Noted(msgspec.Struct, frozen=True, tag="notes.noted"):
    """An event of a small room for tests: a note, or a register's new value that `replaces` others."""

    text: str
    replaces: list[str] = []


class Triaged(msgspec.Struct, frozen=True, tag="notes.triaged"):
    """In `intake`: this letter belongs to no inbox any more."""

    letter: str


class Opened(msgspec.Struct, frozen=True, tag="notes.opened"):
    """In a case's compartment: who the case writes with, and what the letter said."""

    mailbox: str
    letter_key: bytes
    text: str


class NotesRoom:
    """Folds notes in the two ways that all rooms do: rows that only grow, and a register of several values."""

    name: Final = "notes"
    hears: Final = ("notes", "helpline")
    schema: str = """
        CREATE TABLE notes_note (fact TEXT PRIMARY KEY, author TEXT, time INTEGER, text TEXT);
        CREATE TABLE notes_replaced (fact TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE notes_letter (fact TEXT PRIMARY KEY, mailbox TEXT, number INTEGER, text TEXT) WITHOUT ROWID;
        CREATE VIRTUAL TABLE notes_search USING fts5(text, fact UNINDEXED);
    """

    def fold(self, db: Database, fact: Fact) -> None:
        if fact.type == "helpline.letter_received":
            letter = msgspec.json.decode(fact.body, type=LetterReceived)
            row = (fact.id, letter.mailbox, letter.number, letter.text)
            db.execute("INSERT OR IGNORE INTO notes_letter VALUES (?, ?, ?, ?)", row)
        elif fact.type == "notes.triaged":
            letter_id = msgspec.json.decode(fact.body, type=Triaged).letter
            forget_letter(db, letter_id)
            db.execute("DELETE FROM notes_letter WHERE fact = ?", (letter_id,))
        elif fact.type == "notes.opened":
            opened = msgspec.json.decode(fact.body, type=Opened)
            db.execute("INSERT INTO notes_note VALUES (?, ?, ?, ?)", (fact.id, fact.author, fact.time, opened.text))
            know_correspondent(db, opened.mailbox, opened.letter_key, fact.id, fact.compartment)
        elif fact.type == "notes.noted":
            said = msgspec.json.decode(fact.body, type=Noted)
            db.execute("INSERT INTO notes_note VALUES (?, ?, ?, ?)", (fact.id, fact.author, fact.time, said.text))
            db.execute("INSERT INTO notes_search (text, fact) VALUES (?, ?)", (said.text, fact.id))
            db.executemany("INSERT OR IGNORE INTO notes_replaced VALUES (?)", [(each,) for each in said.replaces])

    @staticmethod
    def texts(bench: Workbench) -> list[str]:
        return [text for (text,) in bench.vault.db.execute("SELECT text FROM notes_note ORDER BY text").fetchall()]

    @staticmethod
    def letters(bench: Workbench) -> list[str]:
        rows = bench.vault.db.execute("SELECT text FROM notes_letter ORDER BY mailbox, number").fetchall()
        return [text for (text,) in rows]


class PlainNotesRoom(NotesRoom):
    """Without an index: what is forgotten is taken out of its tables (unfolding.py), and not folded again as a whole."""

    schema = NotesRoom.schema.replace(
        "CREATE VIRTUAL TABLE notes_search USING fts5(text, fact UNINDEXED)", "CREATE TABLE notes_search (text, fact)"
    )


class Person:
    """Somebody who writes from their own device: seals to what the helpline document says, as the mailbox does."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.keys = MailboxKeys.from_root(secrets.token_bytes(32))
        self.sent = 0
        self.write_to: bytes | None = None

    def write(self, text: str) -> Letter:
        self.sent += 1
        first = First(bytes(self.keys.identity.recipient), self.keys.letter_key) if self.sent == 1 else None
        letter = Letter(1, secrets.token_bytes(16), self.keys.mailbox, self.sent, "text", "en", text, first=first)
        week = self._house.recipient_of_the_week()
        recipient = Recipient.from_bytes(self.write_to) if self.write_to else week
        label = first_letter_label(week) if first else letter_label(self.keys.letter_key, self.sent)
        self._house.relay.append([(label, seal_letter(letter, self.keys.letter_key, recipient))])
        return letter


class House:
    """`benches` and `syncs` by callsign; `now` is everybody's clock. `room`: what every desk keeps notes in."""

    def __init__(self, folder: Path, room: NotesRoom | None = None) -> None:
        self.folder = folder
        self.room = room or NotesRoom()
        self.now = float(SPRING_2017)
        self.relay = HonestRelay(self.clock)
        self.shares: list[str] = []
        self.benches: dict[str, Workbench] = {}
        self.syncs: dict[str, Sync] = {}

    def clock(self) -> float:
        return self.now

    def found(self, callsign: str = "Oak", relay: Relay | None = None, role: Role = "admin+caseworker") -> Workbench:
        """Its founder opens letters too, unless the test says otherwise."""
        vault = Vault.create(self.folder / callsign, callsign, **CHEAP)
        created = create(
            self.folder / callsign,
            callsign,
            name={"en": "Shelter", "ru": "Кров"},
            callsign=callsign,
            relay="http://relay.test",
            clock=self.clock,
            role=role,
            rooms=[self.room],
            vault=vault,
        )
        self.shares = created.shares
        self.document = created.document
        self._seat(callsign, created.bench, relay)
        self.step(callsign)
        return created.bench

    def invite(
        self, callsign: str, role: Role = "caseworker", relay: Relay | None = None, by: str = "Oak"
    ) -> Workbench:
        """Asked, but not yet admitted: step the admin's desk for that."""
        given = invite(self.benches[by], role, callsign)
        self.step(by)
        vault = Vault.create(self.folder / callsign, callsign, **CHEAP)
        read = read_invitation(given.file, given.code)
        bench = join(self.folder / callsign, callsign, read, self.clock, [self.room], vault)
        ask_to_join(bench, self.relay)
        self._seat(callsign, bench, relay)
        return bench

    def welcome(
        self, callsign: str, role: Role = "caseworker", relay: Relay | None = None, by: str = "Oak"
    ) -> Workbench:
        bench = self.invite(callsign, role, relay, by)
        self.step(by, callsign)
        return bench

    def step(self, *callsigns: str) -> SyncState:
        state = SyncState()
        for callsign in callsigns or tuple(self.syncs):
            state = self.syncs[callsign].step()
        return state

    def settle(self) -> None:
        """Everybody syncs until nobody has anything new to say."""
        for _ in range(8):
            before = len(self.relay.log)
            self.step()
            if len(self.relay.log) == before:
                return
        raise AssertionError("the desks do not come to rest")

    def recipient_of_the_week(self) -> Recipient:
        """As a person's page reads it from the helpline document."""
        own = next(iter(self.benches.values())).keyring.own
        document = read_helpline(self.relay.documents["helpline"], own.organisation)
        assert document is not None
        today = int(self.now // DAY)
        return Recipient.parse(
            max((w for w in document.weeks if w.from_day <= today), key=lambda w: w.from_day).recipient
        )

    def id_of(self, callsign: str) -> str:
        return self.benches[callsign].keyring.own.id

    def _seat(self, callsign: str, bench: Workbench, relay: Relay | None) -> None:
        self.benches[callsign] = bench
        self.syncs[callsign] = Sync(bench, relay or self.relay)

    def close(self) -> None:
        for bench in self.benches.values():
            bench.vault.close()
