"""The mailroom: seals what a person writes, opens what is theirs, and keeps nothing. No page stands here.

What leaves this file for the relay is sealed; what comes from it is opened with the keys of a code and believed only if the
helpline signed it. Formats: docs/formats/letter.md.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from weakref import WeakValueDictionary

import msgspec
from msgspec.structs import replace

from kunak.frame.dates import day_of
from kunak.mailbox.standing import Standing, word_language
from kunak.mailbox.unsent import chunks_named
from kunak.relay import changes, loose
from kunak.relay.log import Log, Mailbox
from kunak.relay.refusals import Changed
from kunak.relay.writer import Work
from kunak.sealing import letter as letters
from kunak.sealing.code import LIST_SIZE, WORDS, Code, MailboxKeys, word_list
from kunak.sealing.failure import Damaged, NotForYou
from kunak.sealing.hybrid import Recipient
from kunak.sealing.letter import Contact, FileReference, First, Letter, MailboxState, Reply, SentLetter, Visit
from kunak.sealing.signature import BadSignature

LONGEST_TEXT = 20_000  # characters
_ATTEMPTS = 4  # when the desk or another process changes the mailbox in the same moment


class Gone(Exception):
    """No mailbox opens with this code: it never was, or the person deleted everything."""


class Unreadable(Exception):
    """The mailbox's record was changed or damaged on the relay's disk: no further letter can be counted in it."""


@dataclass(frozen=True)
class Draft:
    """What a person wants to send. `seed`: 32 bytes of the form that it comes from; the same form twice is one letter."""

    seed: bytes
    language: str
    text: str = ""
    files: tuple[FileReference, ...] = ()
    kind: Literal["text", "contact", "forget"] = "text"
    contact: Contact | None = None

    @property
    def id(self) -> bytes:
        """16 bytes that follow from the form and from what was typed: corrected and sent again, it is another letter."""
        content = msgspec.msgpack.encode((self.kind, self.text, self.files, self.contact))
        return hmac.digest(self.seed, b"letter" + content, "sha256")[:16]


@dataclass
class Conversation:
    """What a mailbox shows. `doubtful`: numbers of messages that the helpline did not sign, or that do not open."""

    state: MailboxState
    replies: list[tuple[int, Reply]] = field(default_factory=list)
    marks: list[tuple[int, Reply]] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    damaged: bool = False


class Mailroom:
    """One for each process. `clock`: seconds since 1970."""

    def __init__(self, log: Log, standing: Standing, clock: Callable[[], float]) -> None:
        self.standing = standing
        self._log = log
        self._clock = clock
        self._turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    @property
    def today(self) -> int:
        return day_of(self._clock())

    async def send_first(self, keys: MailboxKeys, draft: Draft) -> None:
        """A letter under a new code. Letter and mailbox are kept together or not at all. Raises NotOpen, Refused."""
        async with self._turn(keys):
            if self._log.mailbox(keys.mailbox) is not None:
                # The same form again: sent twice, then nothing happens; corrected after going back, then a second letter.
                await self._change(keys, lambda talk: self._next_letter(keys, draft, talk))
                return
            recipient = self.standing.key_of_the_week(self.today)
            first = First(bytes(keys.identity.recipient), keys.letter_key)
            envelope = (letters.first_letter_label(recipient), _sealed(keys, draft, 1, recipient, first))
            state = self._with_letter(MailboxState(language=draft.language), draft)
            sealed_state = letters.seal_state(state, keys.state_key, keys.mailbox)
            access = hashlib.sha256(keys.access).digest()
            await self._log.together(
                changes.create_mailbox(keys.mailbox, access, sealed_state, self.today),
                changes.append([envelope], self.today),
                *_settled(draft),
            )

    async def send(self, keys: MailboxKeys, draft: Draft) -> None:
        """A further letter. With kind `forget` the mailbox is gone at once. Raises Gone, NotOpen, Unreadable, Refused."""
        async with self._turn(keys):
            await self._change(keys, lambda talk: self._next_letter(keys, draft, talk))

    async def arrive(self, keys: MailboxKeys) -> None:
        """Somebody came with the code: counts the visit, takes in read marks. Raises Gone, Refused."""

        def visited(talk: Conversation) -> tuple[MailboxState, list[Work[Any]]] | None:
            if talk.damaged:
                return None
            return self._with_visit(talk.state), [
                changes.remove_messages(keys.mailbox, [number for number, _ in talk.marks])
            ]

        async with self._turn(keys):
            await self._change(keys, visited)

    async def remove(self, keys: MailboxKeys, numbers: list[int]) -> None:
        """The person has read these messages: what they tell for the future is kept, they themselves go. Raises Gone, Refused."""
        async with self._turn(keys):
            remove = changes.remove_messages(keys.mailbox, numbers)
            await self._change(keys, lambda talk: (None if talk.damaged else talk.state, [remove]))

    async def abandon(self, keys: MailboxKeys) -> None:
        """The mailbox is gone at once, without a word to the helpline. Raises Refused."""
        async with self._turn(keys):
            await self._log.together(changes.delete_mailbox(keys.mailbox))

    def look(self, keys: MailboxKeys) -> Conversation:
        """What the mailbox holds, its state brought up to date by its messages; changes nothing. Raises Gone."""
        return self._opened(keys, self._mailbox(keys))

    # --- the parts

    def _turn(self, keys: MailboxKeys) -> asyncio.Lock:
        """One change a mailbox at a time in this process; what others change, `Changed` tells."""
        return self._turns.setdefault(keys.mailbox, asyncio.Lock())

    async def _change(
        self,
        keys: MailboxKeys,
        decide: Callable[[Conversation], tuple[MailboxState | None, list[Work[Any]]] | None],
    ) -> None:
        """Reads, decides, writes if nobody wrote in between; else once more. `decide`: the new state (None: as it is), works."""
        for attempt in range(_ATTEMPTS):
            box = self._mailbox(keys)
            decided = decide(self._opened(keys, box))
            if decided is None:
                return
            state, works = decided
            if state is not None:
                sealed = letters.seal_state(state, keys.state_key, keys.mailbox)
                works = [changes.replace_state(keys.mailbox, sealed, before=box.state), *works]
            try:
                await self._log.together(*works)
            except Changed:
                if attempt == _ATTEMPTS - 1:
                    raise
            else:
                return

    def _next_letter(
        self, keys: MailboxKeys, draft: Draft, talk: Conversation
    ) -> tuple[MailboxState | None, list[Work[Any]]] | None:
        state = talk.state
        if draft.id in [letter.id for letter in state.letters]:
            return None
        if talk.damaged and draft.kind != "forget":
            raise Unreadable
        number = state.letters_sent + 1
        to = Recipient.from_bytes(state.write_to) if state.write_to else self.standing.key_of_the_week(self.today)
        envelope = (letters.letter_label(keys.letter_key, number), _sealed(keys, draft, number, to))
        append = changes.append([envelope], self.today)
        if draft.kind == "forget":
            return None if talk.damaged else state, [append, changes.delete_mailbox(keys.mailbox)]
        return self._with_letter(state, draft), [append, *_settled(draft)]

    def _mailbox(self, keys: MailboxKeys) -> Mailbox:
        box = self._log.mailbox(keys.mailbox)
        if box is None:
            raise Gone
        return box

    def _opened(self, keys: MailboxKeys, box: Mailbox) -> Conversation:
        try:
            talk = Conversation(letters.open_state(box.state, keys.state_key, keys.mailbox))
        except Damaged:
            talk = Conversation(MailboxState(), damaged=True)
        reply_keys = self.standing.reply_keys()
        for message in box.messages:
            try:
                reply = letters.open_reply(message.sealed, [keys.identity], reply_keys, keys.mailbox)
            except (BadSignature, Damaged, NotForYou):
                talk.doubtful.append(message.number)
            else:
                (talk.marks if reply.kind == "mark" else talk.replies).append((message.number, reply))
        talk.state = _absorbed(talk)
        return talk

    def _with_letter(self, state: MailboxState, draft: Draft) -> MailboxState:
        sent = (*state.letters, SentLetter(draft.id, self.today, seen=False))
        return replace(state, letters_sent=state.letters_sent + 1, letters=sent, language=draft.language)

    def _with_visit(self, state: MailboxState) -> MailboxState:
        earlier = tuple(visit for visit in state.visits if visit.day != self.today)
        times = sum(visit.times for visit in state.visits if visit.day == self.today) + 1
        return replace(state, visits=(*earlier, Visit(self.today, times)))


def new_code(seed: bytes, language: str) -> Code:
    """The code that belongs to a form (visit.Token.seed): the same form sent twice gets one code, not two mailboxes.

    256 bits are reduced to 90, so the bias is below 2^-160. Nothing of it is kept here: the form's own half of the seed is in
    the person's browser only.
    """
    number = int.from_bytes(hmac.digest(seed, b"new code", "sha256"), "big")
    words = []
    for _ in range(WORDS):
        number, place = divmod(number, LIST_SIZE)
        words.append(word_list(word_language(language))[place])
    return Code(tuple(words), word_language(language))


def _settled(draft: Draft) -> list[Work[Any]]:
    """From the moment in which its letter is kept, a file is no unsent one: in the same transaction, or not at all."""
    named = [chunk for file in draft.files for chunk in chunks_named(file)]
    return [loose.settle(named)] if named else []


def _sealed(keys: MailboxKeys, draft: Draft, number: int, recipient: Recipient, first: First | None = None) -> bytes:
    letter = Letter(
        format=1,
        id=draft.id,
        mailbox=keys.mailbox,
        number=number,
        kind=draft.kind,
        language=draft.language,
        text=draft.text,
        files=draft.files,
        contact=draft.contact,
        first=first,
    )
    return letters.seal_letter(letter, keys.letter_key, recipient)


def _absorbed(talk: Conversation) -> MailboxState:
    """The state with what the messages tell it: which letters were read, and to whom the next one is sealed."""
    write_to = talk.state.write_to
    seen: set[bytes] = set()
    for _, reply in sorted([*talk.replies, *talk.marks], key=lambda each: each[0]):
        write_to = reply.write_to or write_to
        seen.update(reply.seen)
    sent = tuple(replace(letter, seen=letter.seen or letter.id in seen) for letter in talk.state.letters)
    return replace(talk.state, letters=sent, write_to=write_to)
