"""Turns what happens on the way into tables, in whatever order it arrives; a part of the room's fold (fold.py).

Told words, check-ins and alarms are sets that only grow; who carries what, agreed phrases and expected times are registers of several
values. An event counts only where its kind belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kunak.vault import multivalue
from kunak.vault.letters import RECEIVED, LetterReceived, forget_letter, know_correspondent

from . import carried_events as events
from .keys import JOURNEY, PLACES
from .tables import PREFIX

if TYPE_CHECKING:
    from kunak.vault.folding import Fact
    from kunak.vault.store import Database

CASE = "case:"


def fold(db: Database, fact: Fact, event: events.CarriedEvent) -> None:
    """Take one fact into the tables, if it stands where its kind belongs."""
    kind, _, name = fact.compartment.partition(":")
    if isinstance(event, events.OF_ALARMS):
        if fact.compartment == PLACES or (kind in ("journey", "case") and name):
            _alarm(db, fact, event)
    elif isinstance(event, events.OF_PLACES):
        if fact.compartment == PLACES:
            _of_places(db, fact, event)
    elif isinstance(event, events.PhrasesAgreed):
        if fact.compartment == PLACES:
            _agree(db, fact, f"carrier/{event.carrier}", event)
        elif kind == "case" and name:
            _agree(db, fact, f"case/{name}", event)
    elif fact.compartment == PLACES and event.whose.startswith(("carrier/", "party/")):
        _expect(db, fact, event.whose, event)
    elif fact.compartment.startswith(JOURNEY) and name:
        _expect(db, fact, f"party/{name}", event)


def fold_letter(db: Database, fact: Fact) -> None:
    """A letter that was sealed to `places`: a carrier's. All others are the helpline's."""
    if fact.type != RECEIVED or fact.compartment != PLACES:
        return
    letter = msgspec.json.decode(fact.body, type=LetterReceived)
    if not db.execute("SELECT 1 FROM journeys_heard WHERE letter = ?", (fact.id,)).fetchone():
        db.execute(
            "INSERT OR IGNORE INTO journeys_letters (letter, mailbox, number, kind, day, text) VALUES (?, ?, ?, ?, ?, ?)",
            (fact.id, letter.mailbox, letter.number, letter.kind, letter.day, letter.text),
        )


def _of_places(db: Database, fact: Fact, event: Any) -> None:
    match event:
        case events.CarrierKept():
            _record(db, fact, f"carrier/{event.carrier}", "carrier", event)
        case events.StepDetailed():
            _record(db, fact, f"party/{event.party}", f"detail {event.day} {event.leg}", event)
        case events.MailboxGiven():
            value = _json([event.mailbox, event.recipient, event.letter_key])
            multivalue.put(db, PREFIX, fact, f"carrier/{event.carrier}", "mailbox", value, event.replaces)
            know_correspondent(db, event.mailbox, event.letter_key, fact.id, PLACES)
        case events.Told():
            what = (
                event.message,
                event.mailbox,
                event.carrier,
                event.part,
                event.party,
                event.leg,
                event.day,
                event.text,
            )
            db.execute(
                """INSERT OR IGNORE INTO journeys_told (entry, author, time, message, mailbox, carrier, part, party, leg, day, text)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (fact.id, fact.author, fact.time, *what),
            )
        case events.TakenBack():
            for message in event.messages:
                db.execute("INSERT OR IGNORE INTO journeys_taken_back (message) VALUES (?)", (message,))
        case events.LettersHeard():
            for letter in event.letters:
                db.execute("INSERT OR IGNORE INTO journeys_heard (letter) VALUES (?)", (letter,))
                db.execute("DELETE FROM journeys_letters WHERE letter = ?", (letter,))
                forget_letter(db, letter)


def _agree(db: Database, fact: Fact, whose: str, event: events.PhrasesAgreed) -> None:
    multivalue.put(db, PREFIX, fact, whose, "phrases", _json([event.ordinary, event.duress]), event.replaces)


def _expect(db: Database, fact: Fact, whose: str, event: Any) -> None:
    if isinstance(event, events.WatchKept):
        _record(db, fact, f"watch/{whose}", event.watch, msgspec.structs.replace(event, whose=whose))
        return
    db.execute(
        "INSERT OR IGNORE INTO journeys_checkins (entry, author, time, whose, after, by, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (fact.id, fact.author, fact.time, whose, event.after, event.by, event.source),
    )


def _alarm(db: Database, fact: Fact, event: Any) -> None:
    row = (fact.id, event.alarm, fact.compartment, fact.author, fact.time)
    if isinstance(event, events.AlarmRaised):
        db.execute(
            """INSERT OR IGNORE INTO journeys_alarms (entry, alarm, home, author, time, kind, whose, since)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (*row, event.kind, event.whose, event.since),
        )
        return
    closed = isinstance(event, events.AlarmClosed)
    db.execute(
        "INSERT OR IGNORE INTO journeys_alarm_words (entry, alarm, home, author, time, closed, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*row, int(closed), event.note if closed else ""),
    )


def _record(db: Database, fact: Fact, subject: str, field: str, event: Any) -> None:
    """A whole record as one value; what it replaces is no part of it."""
    value = _json(msgspec.structs.replace(event, replaces=[]))
    multivalue.put(db, PREFIX, fact, subject, field, value, event.replaces)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
