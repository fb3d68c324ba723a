"""Answering a person: the entry that helpers see, the sealed reply that the mailbox gets, both or neither."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from kunak.helpline import events, whisper
from kunak.sealing.letter import Reply

if TYPE_CHECKING:
    from kunak.helpline.conversation import Conversation, Mailbox
    from kunak.vault.worktop import Worktop

INTAKE = "intake"


class NobodyToAnswer(Exception):
    """This desk holds no key of the person's mailbox."""


def place_of(top: Worktop, box: Mailbox) -> str:
    """Where what helpers say of a mailbox is written: in its case, if this desk holds it; else where all caseworkers read."""
    return next((f"case:{case}" for case in box.cases if top.keyring.holds(f"case:{case}")), INTAKE)


def answer(top: Worktop, conversation: Conversation, text: str, seen: list[str]) -> str:
    """Send a reply; its id. `seen`: letters that stood before the helper's eyes. Raises NobodyToAnswer, NotHeld."""
    box = conversation.writable
    if box is None:
        raise NobodyToAnswer
    message = secrets.token_bytes(16)
    read = [bytes.fromhex(said.chosen) for said in conversation.said if said.id in seen and said.mailbox == box.mailbox]
    place = place_of(top, box)
    reply = Reply(1, message, bytes.fromhex(box.mailbox), top.today, "text", text, _write_to(top, place), tuple(read))
    event = events.Answered(box.mailbox, message.hex(), **_words(box, place, text), seen=seen)
    with top.vault.transaction():
        top.pen.write(place, [event])
        top.pen.reply(reply, box.recipient)
    return message.hex()


def withdraw(top: Worktop, place: str, mailbox: str, message: str) -> None:
    """Take a reply out of the person's mailbox, whoever of us sent it; `place`: where helpers read that it is gone. Raises NotHeld."""
    with top.vault.transaction():
        top.pen.write(place, [events.AnswerWithdrawn(mailbox, message)])
        top.pen.withdraw(bytes.fromhex(mailbox), bytes.fromhex(message))


def remark(top: Worktop, conversation: Conversation, text: str) -> None:
    """Say something to the other helpers. Raises NobodyToAnswer, NotHeld."""
    box = conversation.writable
    if box is None:
        raise NobodyToAnswer
    place = place_of(top, box)
    top.pen.write(place, [events.Remarked(box.mailbox, **_words(box, place, text))])


def attend(top: Worktop, conversation: Conversation, letters: list[str]) -> None:
    """These letters need no reply."""
    boxes = {said.id: said.mailbox for said in conversation.said}
    for box in conversation.mailboxes:
        own = [letter for letter in letters if boxes.get(letter) == box.mailbox]
        if own:
            top.pen.write(place_of(top, box), [events.Attended(box.mailbox, own)])


def mark_spam(top: Worktop, conversation: Conversation, *, spam: bool) -> None:
    """Away from the inbox, or back into it."""
    for box in conversation.mailboxes:
        replaces = [value.entry for value in conversation.spam_of(box.mailbox)]
        top.pen.write(INTAKE, [events.SpamMarked(box.mailbox, spam, replaces)])


def take(top: Worktop, conversation: Conversation, by: str) -> None:
    """`by` answers this person; empty: nobody any more."""
    boxes = conversation.mailboxes if not by else [conversation.writable or conversation.mailboxes[0]]
    for box in boxes:
        replaces = [value.entry for value in conversation.taken_of(box.mailbox)]
        if by or replaces:
            top.pen.write(place_of(top, box), [events.Taken(box.mailbox, by, replaces)])


def _words(box: Mailbox, place: str, text: str) -> dict[str, str]:
    return {"sealed": whisper.seal(box.letter_key, text)} if place == INTAKE else {"text": text}


def _write_to(top: Worktop, place: str) -> bytes | None:
    """From now on the person's letters are sealed to the case alone."""
    return None if place == INTAKE else bytes(top.keyring.identity_of(place)[0].recipient)
