"""Turns entries into the room's tables, in whatever order they arrive.

An event counts only where its kind belongs: what coordinators decide in `places`; a party's own matters also in
`journey:<party>`, where the party is that of the compartment, whatever the body says; the link to a case in `case:<id>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import TYPE_CHECKING

import msgspec

from kunak.vault import multivalue

from . import carried_fold, events
from .carried_events import CarriedEvent
from .keys import PLACES
from .tables import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.folding import Fact
    from kunak.vault.store import Database

OF_A_CASE = (events.PartyBegun, events.DraftSent)
OF_A_PARTY = (events.SheetKept, events.PartySettled, events.MessageDrafted, events.DraftSettled)


def fold(db: Database, fact: Fact) -> None:
    """Take one fact into the tables, if it stands where its kind belongs."""
    if not fact.type.startswith("journeys."):
        carried_fold.fold_letter(db, fact)
        return
    event = events.decode(fact.body)
    if isinstance(event, CarriedEvent):
        carried_fold.fold(db, fact, event)
        return
    place, _, name = fact.compartment.partition(":")
    if isinstance(event, OF_A_CASE):
        if place == "case" and name:
            Taking(db, fact, name).take(event)
    elif place == "journey" and name:
        if isinstance(event, OF_A_PARTY):
            Taking(db, fact, name).take(event)
    elif fact.compartment == PLACES:
        Taking(db, fact, event.party if isinstance(event, OF_A_PARTY) else "").take(event)


@dataclass
class Taking:
    """One fact on its way into the tables. `whose`: the party, or the case, that the place of the entry names."""

    db: Database
    fact: Fact
    whose: str

    @singledispatchmethod
    def take(self, event: events.Event) -> None:
        raise TypeError(f"no fold for {type(event).__name__}")

    @take.register
    def _(self, event: events.FrameKept) -> None:
        self._record("frame", "frame", event)

    @take.register
    def _(self, event: events.PlaceKept) -> None:
        self._record(f"place/{event.place}", "place", event)

    @take.register
    def _(self, event: events.PlaceCompromised) -> None:
        self._record(f"place/{event.place}", "compromised", event)

    @take.register
    def _(self, event: events.LegKept) -> None:
        self._record(f"leg/{event.leg}", "leg", event)

    @take.register
    def _(self, event: events.EscortsKept) -> None:
        self._record(f"escorts/{event.pool}", "escorts", event)

    @take.register
    def _(self, event: events.SheetKept) -> None:
        self._record(f"party/{self.whose}", "sheet", event)

    @take.register
    def _(self, event: events.PartyPlaced) -> None:
        self._record(f"party/{event.party}", "placed", event)

    @take.register
    def _(self, event: events.PartySettled) -> None:
        self._set(f"party/{self.whose}", "state", event.state, event.replaces)

    @take.register
    def _(self, event: events.PartyBegun) -> None:
        self._set(f"case/{self.whose}", "party", event.party, event.replaces)

    @take.register
    def _(self, event: events.LegConfirmed) -> None:
        self._set(
            f"party/{event.party}", f"step {event.day} {event.leg}", _json([event.state, event.at]), event.replaces
        )

    @take.register
    def _(self, event: events.PlanProposed) -> None:
        self.db.execute(
            """INSERT OR IGNORE INTO journeys_plans
               (entry, plan_id, author, time, first, purpose, title, after, scenario, plan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                self.fact.id,
                event.plan_id,
                self.fact.author,
                self.fact.time,
                event.first,
                event.purpose,
                event.title,
                " ".join(sorted(event.after)),
                event.scenario,
                event.plan,
            ),
        )

    @take.register
    def _(self, event: events.PlanApproved) -> None:
        """Each helper has a register of their own on each plan: nobody approves, or withdraws, in another's name."""
        self._set(f"plan/{event.plan_id}", self.fact.author, "1" if event.approved else "0", event.replaces)

    @take.register
    def _(self, event: events.MessageDrafted) -> None:
        row = (self.fact.id, self.whose, event.draft, self.fact.author, self.fact.time)
        self.db.execute(
            """INSERT OR IGNORE INTO journeys_drafts (entry, party, draft, author, time, language, text, urgent, instead)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (*row, event.language, event.text, int(event.urgent), f" {' '.join(event.instead)} "),
        )

    @take.register
    def _(self, event: events.DraftSent) -> None:
        self.db.execute(
            "INSERT OR IGNORE INTO journeys_sent (entry, case_id, party, draft, mailbox, message) VALUES (?, ?, ?, ?, ?, ?)",
            (self.fact.id, self.whose, event.party, event.draft, event.mailbox, event.message),
        )

    @take.register
    def _(self, event: events.DraftSettled) -> None:
        self._set(f"draft/{self.whose}/{event.draft}", "state", event.state, ())

    def _record(self, subject: str, field: str, event: events.Record) -> None:
        """A whole record as one value; what it replaces is no part of it."""
        self._set(subject, field, _json(msgspec.structs.replace(event, replaces=[])), event.replaces)

    def _set(self, subject: str, field: str, value: str, replaces: Iterable[str]) -> None:
        multivalue.put(self.db, PREFIX, self.fact, subject, field, value, replaces)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
