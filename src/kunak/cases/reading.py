"""One case as its page reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kunak.cases import listing
from kunak.cases.listing import CaseLine, TaskLine
from kunak.cases.tables import PREFIX
from kunak.vault import multivalue

if TYPE_CHECKING:
    from kunak.vault.multivalue import Value
    from kunak.vault.store import Database

STATUSES = ("open", "waiting", "closed")
NEEDS = ("shelter", "travel", "documents", "money", "medical", "legal", "psychological", "family", "other")
RISKS = (0, 1, 2, 3, 4)
IDENTITY_FIELDS = ("name", "born", "home", "phone", "documents", "relatives", "appearance", "other")


@dataclass(frozen=True)
class Happened:
    """One line of the timeline. `kind`: opened, note, talk, risk, status, pseudonym, summary, owner, need, need_settled, task, task_settled."""

    entry: str
    kind: str
    about: str
    author: str
    time: int
    text: str
    value: str


@dataclass(frozen=True)
class Need:
    """`states`: the entries that settle it; none: open."""

    need: str
    kind: str
    text: str
    state: str
    states: list[Value]


@dataclass(frozen=True)
class Contact:
    contact: str
    name: str
    relation: str
    reach: str
    safe: str
    entries: list[str]
    disputed: bool


@dataclass(frozen=True)
class Case:
    """`fields`: pseudonym, status, summary, owner, risk, each with its value, or its values where helpers disagree."""

    line: CaseLine
    fields: dict[str, list[Value]]
    risks: list[Value]
    needs: list[Need]
    tasks: list[TaskLine]

    def heads(self, field: str) -> list[str]:
        """The entries that the next value of a field replaces."""
        return [value.entry for value in self.fields.get(field, [])]

    @property
    def disputed(self) -> dict[str, list[Value]]:
        return {name: values for name, values in self.fields.items() if len({value.value for value in values}) > 1}


def read(db: Database, case: str) -> Case | None:
    """The case, or None if this desk may not read it."""
    line = listing.line(db, case)
    if line is None:
        return None
    return Case(
        line=line,
        fields=multivalue.all_heads(db, PREFIX, case),
        risks=multivalue.history(db, PREFIX, case, "risk"),
        needs=needs(db, case),
        tasks=tasks(db, case, line.pseudonym),
    )


def needs(db: Database, case: str) -> list[Need]:
    found = []
    rows = db.execute(
        "select need, kind, text from cases_needs where case_id = ? order by time, need, entry", (case,)
    ).fetchall()
    for need, kind, text in rows:
        states = multivalue.heads(db, PREFIX, f"{case}/{need}", "need")
        said = {value.value for value in states} or {"open"}
        found.append(Need(need, kind, text, "open" if "open" in said else min(said), states))
    return found


def tasks(db: Database, case: str, pseudonym: str) -> list[TaskLine]:
    """All tasks of a case: the open ones first, by their day."""
    rows = db.execute(
        """select task, text, due, owner, state, disputed from cases_tasks where case_id = ?
           order by state <> 'open', due is null, due, task""",
        (case,),
    )
    return [TaskLine(case, pseudonym, row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


def task_heads(db: Database, case: str, task: str) -> dict[str, list[str]]:
    """The entries that the next wording (`task`) or the next state (`state`) of a task replaces."""
    fields = multivalue.all_heads(db, PREFIX, f"{case}/{task}")
    return {name: [value.entry for value in fields.get(name, [])] for name in ("task", "state")}


def timeline(db: Database, case: str, limit: int, before: int | None = None) -> list[Happened]:
    """What happened in the case, newest first, at most `limit` lines older than `before` (Unix seconds)."""
    rows = db.execute(
        """select entry, kind, about, author, time, text, value from cases_events
           where case_id = ? and time < ? order by time desc, entry limit ?""",
        (case, before if before is not None else 1 << 62, limit),
    )
    return [Happened(*row) for row in rows]


def identity(db: Database, case: str) -> dict[str, list[Value]]:
    """Who the person is, as far as this desk may know."""
    return multivalue.all_heads(db, PREFIX, f"{case}/identity")


def contacts(db: Database, case: str) -> list[Contact]:
    """The people around the person, safe and dangerous."""
    found = []
    for contact, values in multivalue.all_heads(db, PREFIX, f"{case}/contacts").items():
        entries = [value.entry for value in values]
        for value in values:
            name, relation, reach, safe = msgspec.json.decode(value.value)
            if name:
                found.append(Contact(contact, name, relation, reach, safe, entries, len(values) > 1))
    return found
