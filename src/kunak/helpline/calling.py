"""What a person's browser would do, done by the helper who is on the phone with them: code, mailbox, first letter.

The caller's mailbox is a mailbox like any other. What the helper wrote down is its first letter, sealed to the key of the week and
sent under its label, so that all desks find it as they find every first letter. The code leaves this function once and is kept
nowhere; from then on only the caller has it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.helpline import events
from kunak.helpline.answering import INTAKE
from kunak.journal.grants import week_of
from kunak.sealing.code import MailboxKeys, new_code, root_of
from kunak.sealing.compartment import identity_of
from kunak.sealing.letter import (
    First,
    Letter,
    MailboxState,
    SentLetter,
    first_letter_label,
    seal_letter,
    seal_state,
)

if TYPE_CHECKING:
    from kunak.sealing.code import Code
    from kunak.vault.worktop import Worktop


@dataclass(frozen=True)
class Call:
    code: Code
    mailbox: str


def take_call(top: Worktop, text: str, language: str) -> Call:
    """Open a mailbox for a caller. Raises NotHeld if this desk holds no key of this week."""
    code = new_code(language)
    keys = MailboxKeys.from_root(root_of(code, bytes.fromhex(top.keyring.own.organisation.id)))
    _, secret = top.keyring.newest(week_of(top.today))
    recipient = identity_of(secret).recipient
    chosen, mailbox = secrets.token_bytes(16), keys.mailbox.hex()
    first = First(bytes(keys.identity.recipient), keys.letter_key)
    letter = Letter(1, chosen, keys.mailbox, 1, "text", language, text, first=first)
    state = MailboxState(letters_sent=1, letters=(SentLetter(chosen, top.today, False),), language=language)
    sealed_state = seal_state(state, keys.state_key, keys.mailbox)
    with top.vault.transaction():
        top.pen.write(INTAKE, [events.Called(mailbox)])
        top.pen.post("mailbox", keys.mailbox, hashlib.sha256(keys.access).digest() + sealed_state)
        top.pen.post("envelope", first_letter_label(recipient), seal_letter(letter, keys.letter_key, recipient))
    return Call(code, mailbox)
