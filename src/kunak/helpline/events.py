"""What can happen in the helpline: the bodies of its entries (docs/formats/helpline.md).

Where an entry stands says who may know: in `intake` every caseworker, in `case:<id>` those who hold the case. What helpers write
about a person in `intake` is sealed once more with the person's letter key (whisper.py), so that it is gone from a desk with the
letters themselves when a case is opened; inside a case it stands in the clear.

Ids are lower-case hex; a `letter` is the id of the letter's fact; `replaces` names the entries whose value this one replaces.
"""

from __future__ import annotations

import msgspec
from msgspec import field

from kunak.journal.entry import Hex16


class Answered(msgspec.Struct, frozen=True, tag="helpline.answered"):
    """A reply to a person. `message`: the reply's id in the mailbox; `seen`: the letters that it answers. `text` or `sealed`."""

    mailbox: str
    message: str
    text: str = ""
    sealed: str = ""
    seen: list[str] = field(default_factory=list)


class AnswerWithdrawn(msgspec.Struct, frozen=True, tag="helpline.answer_withdrawn"):
    """A reply no longer holds and was taken out of the mailbox, read or unread. `message`: the reply's id there."""

    mailbox: Hex16
    message: Hex16


class Remarked(msgspec.Struct, frozen=True, tag="helpline.remarked"):
    """Helpers talk about a person who has no case yet. The person never sees it."""

    mailbox: str
    text: str = ""
    sealed: str = ""


class Attended(msgspec.Struct, frozen=True, tag="helpline.attended"):
    """These letters need no reply."""

    mailbox: str
    letters: list[str]


class Called(msgspec.Struct, frozen=True, tag="helpline.called"):
    """The mailbox was opened by a helper for somebody on the phone; its first letter is what the helper wrote down."""

    mailbox: str


class SpamMarked(msgspec.Struct, frozen=True, tag="helpline.spam_marked"):
    """The mailbox sends spam, or (`spam` false) does not after all."""

    mailbox: str
    spam: bool
    replaces: list[str] = field(default_factory=list)


class Dropped(msgspec.Struct, frozen=True, tag="helpline.dropped"):
    """These letters are gone from every desk, for good: spam that nobody took back, or a person who asked for it."""

    mailbox: str
    letters: list[str]


class Merged(msgspec.Struct, frozen=True, tag="helpline.merged"):
    """Two mailboxes are one person who came back without the code, or (`same` false) are not after all."""

    mailbox: str
    other: str
    same: bool
    replaces: list[str] = field(default_factory=list)


class Taken(msgspec.Struct, frozen=True, tag="helpline.taken"):
    """A helper answers this person, so that two do not; `by` empty: nobody any more."""

    mailbox: str
    by: str
    replaces: list[str] = field(default_factory=list)


class Moved(msgspec.Struct, frozen=True, tag="helpline.moved"):
    """The mailbox belongs to a case now, and these of its letters stand there: every desk drops its own copies."""

    mailbox: str
    case: str
    letters: list[str]


class MailboxBrought(msgspec.Struct, frozen=True, tag="helpline.mailbox_brought"):
    """Into a case: what is needed to answer a mailbox and to find its next letters."""

    mailbox: str
    recipient: bytes
    letter_key: bytes
    language: str


class LetterFile(msgspec.Struct, frozen=True):
    """A file of a letter; see docs/formats/letter.md."""

    name: str
    size: int
    seed: bytes
    media_type: str
    cleaned: bool


class Contact(msgspec.Struct, frozen=True):
    """How to reach the person without harm, in their own words."""

    how: str = ""
    address: str = ""
    when: str = ""
    never: str = ""
    if_someone_else_answers: str = ""


class LetterBrought(msgspec.Struct, frozen=True, tag="helpline.letter_brought"):
    """Into a case: a letter that had been sealed to the key of the week. `chosen`: the id that the person's side gave it."""

    letter: str
    chosen: str
    mailbox: str
    number: int
    kind: str
    language: str
    day: int
    text: str
    files: list[LetterFile] = field(default_factory=list)
    contact: Contact | None = None


class TalkBrought(msgspec.Struct, frozen=True, tag="helpline.talk_brought"):
    """Into a case: what a helper wrote (`kind`: answer, remark) before the case was open. `entry`: its id then."""

    entry: str
    mailbox: str
    kind: str
    author: str
    time: int
    text: str
    message: str = ""


class WordingWritten(msgspec.Struct, frozen=True, tag="helpline.wording_written"):
    """A reply template in one language; an empty text takes it away."""

    wording: str
    language: str
    title: str
    text: str
    replaces: list[str] = field(default_factory=list)


class LetterReceived(msgspec.Struct, frozen=True, tag="helpline.letter_received"):
    """A letter that this desk opened. No entry: the vault makes this fact of the letter itself (vault/letters.py)."""

    letter: str
    mailbox: str
    number: int
    kind: str
    language: str
    text: str
    files: list[LetterFile]
    contact: Contact | None
    day: int
    recipient: bytes | None = None
    letter_key: bytes | None = None


Event = (
    Answered
    | AnswerWithdrawn
    | Remarked
    | Attended
    | Called
    | SpamMarked
    | Dropped
    | Merged
    | Taken
    | Moved
    | MailboxBrought
    | LetterBrought
    | TalkBrought
    | WordingWritten
    | LetterReceived
)

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def decode(body: bytes) -> Event:
    """The event of a body. Raises msgspec.ValidationError when this desk is too old for it, or the body is wrong."""
    return _decoder.decode(body)
