"""Hosts, drivers and escorts as the coordinators know them, their mailboxes, their letters, and what they were told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.journal.grants import PLACES
from kunak.journeys.known import carried_events as events
from kunak.journeys.known import records
from kunak.journeys.known.tables import PREFIX
from kunak.sealing.code import MailboxKeys, new_code, root_of
from kunak.sealing.letter import MailboxState, seal_state
from kunak.vault import multivalue

from .disclosure import Carries, Duty, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.journeys.known.records import Record
    from kunak.sealing.code import Code
    from kunak.vault.multivalue import Value
    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop

# A carrier's letters are counted from 2: the mailbox was opened by a desk, and no first letter brought its keys.
OPENED_WITH: Final = 1
Keys = tuple[str, bytes, bytes]


@dataclass(frozen=True)
class Mailbox:
    """`entries`: what the next mailbox of this carrier replaces."""

    mailbox: str
    recipient: bytes
    letter_key: bytes
    since: int
    entries: Sequence[str]


@dataclass(frozen=True)
class Carrier:
    carrier: str
    record: Record[events.CarrierKept]
    mailbox: Mailbox | None

    @property
    def kept(self) -> events.CarrierKept:
        return self.record.kept

    @property
    def carries(self) -> Carries:
        kept = self.kept
        mailbox = self.mailbox.mailbox if self.mailbox else ""
        return Carries(self.carrier, kept.kind, mailbox, kept.places, kept.legs, kept.pools)


@dataclass(frozen=True)
class Letter:
    """`meaning`: what the agreed phrases make of it (watching.py)."""

    letter: str
    mailbox: str
    kind: str
    day: int
    text: str
    meaning: str = ""


def all_of_them(db: Database) -> dict[str, Carrier]:
    """Those who carry now, by kind and name."""
    found = {
        name: Carrier(name, record, mailbox_of(db, name))
        for name, record in records.of_kind(db, "carrier", "carrier", events.CarrierKept).items()
        if not record.kept.gone
    }
    return dict(sorted(found.items(), key=lambda each: (each[1].kept.kind, each[1].kept.name, each[0])))


def one(db: Database, name: str) -> Carrier | None:
    record = records.one(db, f"carrier/{name}", "carrier", events.CarrierKept)
    return Carrier(name, record, mailbox_of(db, name)) if record else None


def mailbox_of(db: Database, name: str) -> Mailbox | None:
    """The newest: two that were given at once are both answered by nobody but this one."""
    values = multivalue.heads(db, PREFIX, f"carrier/{name}", "mailbox")
    if not values:
        return None
    mailbox, recipient, letter_key = msgspec.json.decode(values[0].value, type=Keys)
    return Mailbox(mailbox, recipient, letter_key, values[0].time, [value.entry for value in values])


def owner_of(db: Database, mailbox: str) -> str | None:
    """Whose mailbox this is, or was."""
    rows = db.execute(
        "SELECT subject, value FROM journeys_values WHERE subject >= 'carrier/' AND subject < 'carrier0' AND field = 'mailbox'"
    )
    found = (subject for subject, value in rows.fetchall() if msgspec.json.decode(value, type=Keys)[0] == mailbox)
    subject = next(found, None)
    return subject.removeprefix("carrier/") if subject else None


def letters(db: Database) -> dict[str, list[Letter]]:
    """By carrier, what nobody has marked as heard, oldest first."""
    rows = db.execute(
        "SELECT letter, mailbox, kind, day, text FROM journeys_letters ORDER BY day, number, letter"
    ).fetchall()
    owners = {mailbox: owner_of(db, mailbox) for mailbox in {row[1] for row in rows}}
    found: dict[str, list[Letter]] = {}
    for row in rows:
        if (owner := owners[row[1]]) is not None:
            found.setdefault(owner, []).append(Letter(*row))
    return found


def phrases(db: Database, whose: str) -> list[Value]:
    """The agreed phrases, [ordinary, duress] as JSON; several if helpers disagree."""
    return multivalue.heads(db, PREFIX, whose, "phrases")


def told(db: Database) -> list[Told]:
    """Words that stand in mailboxes or wait to be sent, oldest first."""
    rows = db.execute(
        """SELECT message, part, carrier, party, leg, day, mailbox, text, author, time FROM journeys_told
           WHERE message NOT IN (SELECT message FROM journeys_taken_back) ORDER BY time, entry"""
    ).fetchall()
    return [Told(row[0], Duty(*row[1:6]), *row[6:]) for row in rows]


def details(db: Database, party: str, leg: str, day: int) -> Record[events.StepDetailed] | None:
    return records.one(db, f"party/{party}", f"detail {day} {leg}", events.StepDetailed)


def give_mailbox(top: Worktop, carrier: Carrier) -> Code:
    """A new mailbox for a carrier; its code, which is kept nowhere. An earlier mailbox is left behind without words. Raises NotHeld."""
    language = carrier.kept.language
    code = new_code(language)
    keys = MailboxKeys.from_root(root_of(code, bytes.fromhex(top.keyring.own.organisation.id)))
    write_to = bytes(top.keyring.identity_of(PLACES)[0].recipient)
    state = MailboxState(letters_sent=OPENED_WITH, write_to=write_to, language=language)
    sealed = seal_state(state, keys.state_key, keys.mailbox)
    replaces = list(carrier.mailbox.entries) if carrier.mailbox else []
    recipient = bytes(keys.identity.recipient)
    given = events.MailboxGiven(carrier.carrier, keys.mailbox.hex(), recipient, keys.letter_key, replaces)
    with top.vault.transaction():
        top.pen.write(PLACES, [given])
        top.pen.post("mailbox", keys.mailbox, hashlib.sha256(keys.access).digest() + sealed)
    return code
