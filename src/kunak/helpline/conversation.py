"""All that was said with one person, and what is known of how to reach them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from kunak.helpline import people, whisper
from kunak.helpline.events import Contact, LetterFile
from kunak.helpline.tables import PREFIX
from kunak.vault import multivalue

if TYPE_CHECKING:
    from kunak.vault.multivalue import Value
    from kunak.vault.store import Database

DAY = 86_400


@dataclass(frozen=True)
class Said:
    """One piece of the conversation. `kind`: letter, contact, forget, answer, remark. `author`: a device's id, empty for the person.

    `chosen`: the person's own id of a letter; `message`: the id of an answer; `place`: the compartment that a letter was sealed to.
    `text` is None where helpers wrote something that this desk can no longer open.
    """

    id: str
    mailbox: str
    kind: str
    time: int
    text: str | None
    author: str = ""
    number: int = 0
    language: str = ""
    chosen: str = ""
    message: str = ""
    place: str = ""
    attended: bool = True
    files: list[LetterFile] = field(default_factory=list)
    contact: Contact | None = None


@dataclass(frozen=True)
class Mailbox:
    """Keys are empty while the first letter is not here. `disputed`: two different keys claim it. `called`: who took the call."""

    mailbox: str
    recipient: bytes
    letter_key: bytes
    language: str
    cases: list[str]
    called: list[str]
    disputed: bool


@dataclass(frozen=True)
class Conversation:
    person: str
    mailboxes: list[Mailbox]
    said: list[Said]
    marks: dict[str, dict[str, list[Value]]]

    def spam_of(self, mailbox: str) -> list[Value]:
        return self.marks.get(mailbox, {}).get("spam", [])

    def taken_of(self, mailbox: str) -> list[Value]:
        return [value for value in self.marks.get(mailbox, {}).get("taken", []) if value.value]

    @property
    def spam(self) -> list[Value]:
        return [value for box in self.mailboxes for value in self.spam_of(box.mailbox)]

    @property
    def taken(self) -> list[Value]:
        return [value for box in self.mailboxes for value in self.taken_of(box.mailbox)]

    @property
    def unattended(self) -> list[str]:
        return [each.id for each in self.said if not each.attended]

    @property
    def cases(self) -> list[str]:
        return sorted({case for box in self.mailboxes for case in box.cases})

    @property
    def known(self) -> bool:
        """Whether this desk may read any of it."""
        return any(box.recipient for box in self.mailboxes)

    @property
    def asks_to_forget(self) -> bool:
        """Whether the person pressed «delete everything»."""
        return any(each.kind == "forget" for each in self.said)

    @property
    def is_spam(self) -> bool:
        return bool(self.spam) and all(value.value == "1" for value in self.spam)

    @property
    def contact(self) -> Contact | None:
        """The person's newest wishes on how to be reached."""
        return next((each.contact for each in reversed(self.said) if each.contact), None)

    @property
    def writable(self) -> Mailbox | None:
        """The mailbox in which an answer reaches the person: the one they wrote from last."""
        keyed = {box.mailbox: box for box in self.mailboxes if box.recipient}
        for each in reversed(self.said):
            if not each.author and each.mailbox in keyed:
                return keyed[each.mailbox]
        return next(iter(keyed.values()), None)


def read(db: Database, mailbox: str) -> Conversation:
    """The conversation with the person behind a mailbox, oldest first."""
    person = people.person_of(db, mailbox)
    names = people.mailboxes_of(db, person)
    boxes = [_mailbox(db, each) for each in names]
    return Conversation(
        person=person,
        mailboxes=boxes,
        said=sorted([*_letters(db, names), *_talk(db, boxes)], key=order),
        marks={each: multivalue.all_heads(db, PREFIX, each) for each in names},
    )


def order(each: Said) -> tuple[int, int]:
    """Oldest first. A letter has a day only: nobody has answered it yet, so it is put after what was said on that day."""
    return (each.time if each.attended else each.time + DAY - 1, each.number)


def _mailbox(db: Database, mailbox: str) -> Mailbox:
    keys = db.execute(
        "SELECT recipient, letter_key, language FROM helpline_keys WHERE mailbox = ? ORDER BY at, source", (mailbox,)
    ).fetchall()
    cases = db.execute("SELECT case_id FROM helpline_moved WHERE mailbox = ? ORDER BY case_id", (mailbox,)).fetchall()
    called = db.execute("SELECT author FROM helpline_called WHERE mailbox = ? ORDER BY entry", (mailbox,)).fetchall()
    recipient, letter_key, language = keys[0] if keys else (b"", b"", "")
    disputed = len({(row[0], row[1]) for row in keys}) > 1
    return Mailbox(
        mailbox, recipient, letter_key, language, [row[0] for row in cases], [row[0] for row in called], disputed
    )


def _letters(db: Database, mailboxes: list[str]) -> list[Said]:
    marks = ",".join("?" * len(mailboxes))
    rows = db.execute(
        f"""SELECT letter, mailbox, kind, day, text, number, language, chosen, place, attended, files, contact FROM helpline_letters
            WHERE mailbox IN ({marks}) AND shown = 1 ORDER BY day, number, letter""",  # noqa: S608 - question marks
        mailboxes,
    )
    return [
        Said(
            id=letter,
            mailbox=mailbox,
            kind="letter" if kind == "text" else kind,
            time=day * DAY,
            text=text,
            number=number,
            language=language,
            chosen=chosen,
            place=place,
            attended=bool(attended),
            files=msgspec.json.decode(files, type=list[LetterFile]),
            contact=msgspec.json.decode(contact, type=Contact | None),
        )
        for letter, mailbox, kind, day, text, number, language, chosen, place, attended, files, contact in rows
    ]


def _talk(db: Database, boxes: list[Mailbox]) -> list[Said]:
    keys = {box.mailbox: box.letter_key for box in boxes}
    marks = ",".join("?" * len(keys))
    rows = db.execute(
        f"""SELECT entry, mailbox, kind, time, text, author, message, sealed FROM helpline_talk
            WHERE mailbox IN ({marks}) AND shown = 1 ORDER BY time, entry""",  # noqa: S608
        list(keys),
    )
    return [
        Said(
            entry,
            mailbox,
            kind,
            time,
            whisper.open_text(keys[mailbox], sealed) if sealed else text,
            author,
            message=message,
        )
        for entry, mailbox, kind, time, text, author, message, sealed in rows
    ]


def same_heads(db: Database, one: str, other: str) -> list[str]:
    """The entries that the next word on whether two mailboxes are one person replaces."""
    first, second = sorted((one, other))
    return [value.entry for value in multivalue.heads(db, PREFIX, f"{first}+{second}", "same")]
