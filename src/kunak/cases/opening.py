"""Opening a case from letters, and letting others into it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from kunak.cases import events
from kunak.helpline import register as helpline

if TYPE_CHECKING:
    from kunak.vault.worktop import Worktop


class AlreadyInCase(Exception):
    """The letters belong to a case already."""

    def __init__(self, case: str) -> None:
        super().__init__("these letters belong to a case already")
        self.case = case


def open_case(top: Worktop, mailbox: str, pseudonym: str) -> str:
    """A new case with this desk as its only reader, from one person's letters; its id. Raises AlreadyInCase, LookupError."""
    with top.vault.transaction() as db:
        conversation = helpline.read(db, mailbox)
        if not conversation.known:
            raise LookupError("nobody of that mailbox is known here")
        if conversation.cases:
            raise AlreadyInCase(conversation.cases[0])
        case = secrets.token_hex(16)
        language = conversation.writable.language if conversation.writable else ""
        for place in (f"case:{case}", f"identity:{case}"):
            top.pen.new_compartment(place)
        top.pen.write(f"case:{case}", [events.Opened(pseudonym, language), events.Assigned(top.keyring.own.id)])
        helpline.move_into(top, conversation, case)
    return case


def let_in(top: Worktop, compartment: str, device: str) -> None:
    """Assign: grant a compartment to another helper's device. Raises NotHeld; LookupError for a stranger, and for who only administers."""
    known = top.roster.get(device)
    if known is not None and known.role == "admin":
        raise LookupError("an admin reads no case")
    if device not in top.keyring.members(compartment):
        top.pen.grant(compartment, device)


def link(top: Worktop, case: str, mailbox: str) -> None:
    """A person of this case wrote again from a new mailbox: those letters belong here too. Raises AlreadyInCase, LookupError."""
    with top.vault.transaction() as db:
        conversation = helpline.read(db, mailbox)
        if not conversation.known:
            raise LookupError("nobody of that mailbox is known here")
        if any(each != case for each in conversation.cases):
            raise AlreadyInCase(next(each for each in conversation.cases if each != case))
        helpline.move_into(top, conversation, case)
