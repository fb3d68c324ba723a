"""Turns entries and letters into the helpline's tables, in whatever order they arrive; the second time nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import TYPE_CHECKING

import msgspec

from kunak.helpline import events, people
from kunak.helpline.tables import PREFIX
from kunak.journal.grants import PLACES
from kunak.vault import multivalue, searching
from kunak.vault.letters import forget_letter, know_correspondent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.folding import Fact
    from kunak.vault.store import Database

DAY = 86_400
CASE = "case:"
BROUGHT = (events.MailboxBrought, events.LetterBrought, events.TalkBrought)


def fold(db: Database, fact: Fact) -> None:
    """Take one fact into the tables. What is brought into a case counts in a case only; what was written to `places` is no letter of
    a person's (journeys/carried_fold.py)."""
    if fact.compartment == PLACES:
        return
    event = events.decode(fact.body)
    if isinstance(event, BROUGHT) and not fact.compartment.startswith(CASE):
        return
    Taking(db, fact).take(event)


@dataclass
class Taking:
    """One fact on its way into the tables."""

    db: Database
    fact: Fact

    @singledispatchmethod
    def take(self, event: events.Event) -> None:
        raise TypeError(f"no fold for {type(event).__name__}")

    @take.register
    def _(self, event: events.LetterReceived) -> None:
        letter = self.fact.id
        if self.db.execute("SELECT 1 FROM helpline_forgotten WHERE letter = ?", (letter,)).fetchone():
            people.changed(self.db, event.mailbox)
            return
        if event.recipient and event.letter_key:
            self._keys(event.mailbox, letter, event.recipient, event.letter_key, event.language, event.day * DAY)
        self._letter(
            letter,
            "",
            event.letter,
            event.mailbox,
            event.number,
            event.kind,
            event.language,
            event.day,
            event.text,
            event.files,
            event.contact,
        )
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.LetterBrought) -> None:
        self._letter(
            event.letter,
            self.fact.id,
            event.chosen,
            event.mailbox,
            event.number,
            event.kind,
            event.language,
            event.day,
            event.text,
            event.files,
            event.contact,
        )
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.MailboxBrought) -> None:
        self._keys(event.mailbox, self.fact.id, event.recipient, event.letter_key, event.language, self.fact.time)
        self._moved(event.mailbox, self.fact.compartment.removeprefix(CASE))
        know_correspondent(self.db, event.mailbox, event.letter_key, self.fact.id, self.fact.compartment)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.Answered) -> None:
        self._talk(
            self.fact.id,
            event.mailbox,
            "answer",
            self.fact.author,
            self.fact.time,
            event.text,
            event.sealed,
            event.message,
        )
        self._attend(event.seen)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.AnswerWithdrawn) -> None:
        self.db.execute("INSERT OR IGNORE INTO helpline_withdrawn (message) VALUES (?)", (event.message,))

    @take.register
    def _(self, event: events.Remarked) -> None:
        self._talk(self.fact.id, event.mailbox, "remark", self.fact.author, self.fact.time, event.text, event.sealed)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.TalkBrought) -> None:
        self._talk(event.entry, event.mailbox, event.kind, event.author, event.time, event.text, "", event.message)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.Called) -> None:
        row = (event.mailbox, self.fact.id, self.fact.author)
        self.db.execute("INSERT OR IGNORE INTO helpline_called (mailbox, entry, author) VALUES (?, ?, ?)", row)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.Attended) -> None:
        self._attend(event.letters)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.Moved) -> None:
        self._moved(event.mailbox, event.case)
        self._forget(event.letters)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.Dropped) -> None:
        self._forget(event.letters)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.SpamMarked) -> None:
        self._set(event.mailbox, "spam", "1" if event.spam else "0", event.replaces)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.Taken) -> None:
        self._set(event.mailbox, "taken", event.by, event.replaces)
        people.changed(self.db, event.mailbox)

    @take.register
    def _(self, event: events.Merged) -> None:
        first, second = sorted((event.mailbox, event.other))
        self._set(f"{first}+{second}", "same", "1" if event.same else "0", event.replaces)
        people.pair(self.db, first, second)

    @take.register
    def _(self, event: events.WordingWritten) -> None:
        self._set(event.wording, event.language, _json([event.title, event.text]), event.replaces)

    def _set(self, subject: str, field: str, value: str, replaces: Iterable[str]) -> None:
        multivalue.put(self.db, PREFIX, self.fact, subject, field, value, replaces)

    def _keys(self, mailbox: str, source: str, recipient: bytes, letter_key: bytes, language: str, at: int) -> None:
        self.db.execute(
            """INSERT OR IGNORE INTO helpline_keys (mailbox, source, recipient, letter_key, language, at)
               VALUES (?, ?, ?, ?, ?, ?)""",
            (mailbox, source, recipient, letter_key, language, at),
        )

    def _moved(self, mailbox: str, case: str) -> None:
        self.db.execute("INSERT OR IGNORE INTO helpline_moved (mailbox, case_id) VALUES (?, ?)", (mailbox, case))

    def _attend(self, letters: Iterable[str]) -> None:
        for letter in letters:
            self.db.execute("INSERT OR IGNORE INTO helpline_attended (letter) VALUES (?)", (letter,))
            self.db.execute("UPDATE helpline_letters SET attended = 1 WHERE letter = ?", (letter,))
            self._owners_changed(letter)

    def _forget(self, letters: Iterable[str]) -> None:
        """Letters as they came are gone from this desk; what was brought into a case stays where it was brought."""
        for letter in letters:
            self.db.execute("INSERT OR IGNORE INTO helpline_forgotten (letter) VALUES (?)", (letter,))
            owners = self._owners(letter)
            self.db.execute("DELETE FROM helpline_keys WHERE source = ?", (letter,))
            self.db.execute("DELETE FROM helpline_letters WHERE letter = ? AND source = ''", (letter,))
            self.db.execute(
                """UPDATE helpline_letters AS l SET shown = NOT EXISTS (SELECT 1 FROM helpline_letters o
                   WHERE o.letter = l.letter AND o.mailbox = l.mailbox AND o.source < l.source) WHERE letter = ?""",
                (letter,),
            )
            searching.forget(self.db, [f"{letter}:"])
            forget_letter(self.db, letter)
            for mailbox in owners:
                people.changed(self.db, mailbox)

    def _owners(self, letter: str) -> list[str]:
        rows = self.db.execute("SELECT DISTINCT mailbox FROM helpline_letters WHERE letter = ?", (letter,))
        return [mailbox for (mailbox,) in rows.fetchall()]

    def _owners_changed(self, letter: str) -> None:
        """A returning person's letters lie in another mailbox than the one that an entry speaks of."""
        for mailbox in self._owners(letter):
            people.changed(self.db, mailbox)

    def _letter(
        self,
        letter: str,
        source: str,
        chosen: str,
        mailbox: str,
        number: int,
        kind: str,
        language: str,
        day: int,
        text: str,
        files: list[events.LetterFile],
        contact: events.Contact | None,
    ) -> None:
        """Of several copies the one with the smallest source is shown: the letter as it came, else the first that was brought."""
        self.db.execute(
            """INSERT OR IGNORE INTO helpline_letters
               (letter, source, chosen, mailbox, number, kind, language, day, text, files, contact, place, shown, attended) VALUES
               (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                NOT EXISTS (SELECT 1 FROM helpline_letters WHERE letter = ?1 AND source < ?2 AND mailbox = ?4),
                EXISTS (SELECT 1 FROM helpline_attended WHERE letter = ?1))""",
            (
                letter,
                source,
                chosen,
                mailbox,
                number,
                kind,
                language,
                day,
                text,
                _json(files),
                _json(contact),
                self.fact.compartment,
            ),
        )
        self.db.execute(
            "UPDATE helpline_letters SET shown = 0 WHERE letter = ? AND source > ? AND mailbox = ?",
            (letter, source, mailbox),
        )
        searching.put(self.db, f"{letter}:{source}", mailbox, "letter", day * DAY, text)

    def _talk(
        self, entry: str, mailbox: str, kind: str, author: str, time: int, text: str, sealed: str, message: str = ""
    ) -> None:
        source = self.fact.id
        self.db.execute(
            """INSERT OR IGNORE INTO helpline_talk (entry, source, mailbox, kind, author, time, text, sealed, message, shown) VALUES
               (?, ?, ?, ?, ?, ?, ?, ?, ?,
                NOT EXISTS (SELECT 1 FROM helpline_talk WHERE entry = ?1 AND source < ?2 AND mailbox = ?3))""",
            (entry, source, mailbox, kind, author, time, text, sealed, message),
        )
        self.db.execute(
            "UPDATE helpline_talk SET shown = 0 WHERE entry = ? AND source > ? AND mailbox = ?",
            (entry, source, mailbox),
        )
        searching.put(self.db, f"{entry}:{source}", mailbox, kind, time, text)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
