"""Words that coordinators prepared for a person, and which of them wait to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kunak.vault.store import Database

Outcome = Literal["sent", "dropped"]


@dataclass(frozen=True)
class Sent:
    """Words of a journey in a person's mailbox: the reply of this id."""

    case: str
    party: str
    draft: str
    mailbox: str
    message: str


@dataclass(frozen=True)
class Draft:
    party: str
    draft: str
    author: str
    time: int
    language: str
    text: str
    urgent: bool


def waiting(db: Database) -> dict[str, list[Draft]]:
    """By party: what nobody has sent or dropped yet, urgent ones first."""
    rows = db.execute(
        """SELECT party, draft, author, time, language, text, urgent FROM journeys_drafts d WHERE NOT EXISTS
           (SELECT 1 FROM journeys_values WHERE subject = 'draft/' || d.party || '/' || d.draft AND field = 'state')
           ORDER BY urgent DESC, time, entry"""
    ).fetchall()
    found: dict[str, list[Draft]] = {}
    for party, draft, author, time, language, text, urgent in rows:
        found.setdefault(party, []).append(Draft(party, draft, author, time, language, text, bool(urgent)))
    return found


def over(db: Database) -> list[Sent]:
    """What was sent to persons of this desk's cases and no longer holds: the step is behind them, or the words were taken back. What is
    to be replaced stays until the new words are there, or nobody wants them."""
    rows = db.execute(
        """SELECT s.case_id, s.party, s.draft, s.mailbox, s.message FROM journeys_sent s WHERE EXISTS
           (SELECT 1 FROM journeys_values WHERE subject = 'draft/' || s.party || '/' || s.draft AND field = 'state'
            AND value = 'over')
           AND NOT EXISTS (SELECT 1 FROM journeys_drafts d WHERE d.party = s.party AND instr(d.instead, ' ' || s.draft || ' ')
            AND NOT EXISTS (SELECT 1 FROM journeys_values WHERE subject = 'draft/' || d.party || '/' || d.draft AND field = 'state'))
           ORDER BY s.entry"""
    ).fetchall()
    return [Sent(*row) for row in rows]


def count_own(db: Database) -> int:
    """How many wait for this desk: those of cases that it may read."""
    row = db.execute(
        """SELECT count(*) FROM journeys_drafts d WHERE d.party IN
           (SELECT value FROM journeys_values WHERE subject >= 'case/' AND subject < 'case0' AND field = 'party')
           AND NOT EXISTS (SELECT 1 FROM journeys_values
                           WHERE subject = 'draft/' || d.party || '/' || d.draft AND field = 'state')"""
    ).fetchone()
    return int(row[0])
