"""Turns entries into the cases' tables, in whatever order they arrive.

Which case an entry belongs to is said by its compartment alone: nobody who does not hold a case can write into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import TYPE_CHECKING

import msgspec

from kunak.cases import events, summary
from kunak.cases.tables import PREFIX
from kunak.vault import multivalue, searching

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.folding import Fact
    from kunak.vault.store import Database

OF_IDENTITY = (events.Identified, events.ContactKept)
HIGHEST_RISK = 4


def fold(db: Database, fact: Fact) -> None:
    """Take one fact into the tables, if it stands where its kind belongs."""
    event = events.decode(fact.body)
    place, _, case = fact.compartment.partition(":")
    if case and place == ("identity" if isinstance(event, OF_IDENTITY) else "case"):
        Taking(db, fact, case).take(event)
        summary.changed(db, case)


@dataclass
class Taking:
    """One fact on its way into the tables."""

    db: Database
    fact: Fact
    case: str

    @singledispatchmethod
    def take(self, event: events.Event) -> None:
        raise TypeError(f"no fold for {type(event).__name__}")

    @take.register
    def _(self, event: events.Opened) -> None:
        row = (self.fact.id, self.case, event.pseudonym, event.language, self.fact.time)
        self.db.execute(
            "INSERT OR IGNORE INTO cases_opened (entry, case_id, pseudonym, language, time) VALUES (?, ?, ?, ?, ?)", row
        )
        self._event("opened", text=event.pseudonym)

    @take.register
    def _(self, event: events.Described) -> None:
        self._value(self.case, event.field, event.value, event.replaces)
        self._event(event.field, text=event.value if event.field != "status" else "", value=event.value)

    @take.register
    def _(self, event: events.Assigned) -> None:
        self._value(self.case, "owner", event.device, event.replaces)
        self._event("owner", value=event.device)

    @take.register
    def _(self, event: events.RiskAssessed) -> None:
        level = str(max(0, min(HIGHEST_RISK, event.level)))
        self._value(self.case, "risk", level, event.replaces, event.reason)
        self._event("risk", text=event.reason, value=level)

    @take.register
    def _(self, event: events.NeedNamed) -> None:
        row = (event.need, self.case, self.fact.id, event.kind, event.text, self.fact.time)
        self.db.execute(
            "INSERT OR IGNORE INTO cases_needs (need, case_id, entry, kind, text, time) VALUES (?, ?, ?, ?, ?, ?)", row
        )
        self._event("need", text=event.text, value=event.kind, about=event.need)

    @take.register
    def _(self, event: events.NeedSettled) -> None:
        self._value(f"{self.case}/{event.need}", "need", event.state, event.replaces)
        self._event("need_settled", value=event.state, about=event.need)

    @take.register
    def _(self, event: events.TaskSet) -> None:
        self._value(f"{self.case}/{event.task}", "task", _json([event.text, event.due, event.owner]), event.replaces)
        self._event("task", text=event.text, value="" if event.due is None else str(event.due), about=event.task)
        summary.refresh_task(self.db, self.case, event.task)

    @take.register
    def _(self, event: events.TaskSettled) -> None:
        self._value(f"{self.case}/{event.task}", "state", event.state, event.replaces)
        self._event("task_settled", value=event.state, about=event.task)
        summary.refresh_task(self.db, self.case, event.task)

    @take.register
    def _(self, event: events.Noted) -> None:
        self._event("note", text=event.text)

    @take.register
    def _(self, event: events.Talked) -> None:
        self._event("talk", text=event.text)

    @take.register
    def _(self, event: events.Identified) -> None:
        self._value(f"{self.case}/identity", event.field, event.value, event.replaces)
        self._index(event.value, "identity")

    @take.register
    def _(self, event: events.ContactKept) -> None:
        value = _json([event.name, event.relation, event.reach, event.safe])
        self._value(f"{self.case}/contacts", event.contact, value, event.replaces)
        self._index(f"{event.name} {event.relation} {event.reach}", "identity")

    def _value(self, subject: str, field: str, value: str, replaces: Iterable[str], note: str = "") -> None:
        multivalue.put(self.db, PREFIX, self.fact, subject, field, value, replaces, note)

    def _event(self, kind: str, *, text: str = "", value: str = "", about: str = "") -> None:
        self.db.execute(
            """INSERT OR IGNORE INTO cases_events (entry, case_id, kind, about, author, time, text, value)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (self.fact.id, self.case, kind, about, self.fact.author, self.fact.time, text, value),
        )
        self._index(text, kind)

    def _index(self, text: str, kind: str) -> None:
        searching.put(self.db, self.fact.id, f"case:{self.case}", kind, self.fact.time, text)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
