"""Who else can read a page, and which of our replies were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journal.grants import RECOVERY
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from kunak.helpline.conversation import Conversation
    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop


def readers_of(top: Worktop, compartment: str) -> list[str]:
    """Callsigns of the others who can open what is written here from now on. The recovery shares are named on the page."""
    own = top.keyring.own.id
    return sorted(callsign(top, device) for device in top.keyring.members(compartment) if device not in (own, RECOVERY))


def when_read(db: Database, each: Conversation) -> dict[str, str]:
    """For each answer's message: `waiting` (not yet with the relay), `sent`, `read`, or `withdrawn` from the mailbox."""
    messages = [said.message for said in each.said if said.message]
    marks = ",".join("?" * len(messages))
    rows = db.execute(f"SELECT id, number, read FROM message WHERE id IN ({marks})", messages)  # noqa: S608 - question marks
    found = {
        name: "read" if read is not None else "sent" if number is not None else "waiting" for name, number, read in rows
    }
    gone = db.execute(f"SELECT message FROM helpline_withdrawn WHERE message IN ({marks})", messages)  # noqa: S608 - as above
    return found | {name: "withdrawn" for (name,) in gone.fetchall()}


def is_withdrawn(db: Database, message: str) -> bool:
    return db.execute("SELECT 1 FROM helpline_withdrawn WHERE message = ?", (message,)).fetchone() is not None
