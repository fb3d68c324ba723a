"""Letters from persons on this desk: recognised by label, opened, kept until triage, forgotten. docs/formats/letter.md.

Letters under the key of the week are seen by all who hold `intake`. Once a letter is opened into a case, filed, or called spam, the
room that folds that entry calls `forget_letter`, and this desk keeps neither its words nor the key by which it knew the mailbox;
who holds the case says so with `know_correspondent`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from kunak.sealing.letter import Letter, letter_label
from kunak.vault import labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kunak.vault.store import Database

AHEAD: Final = 4
RECEIVED: Final = "helpline.letter_received"


class ReceivedFile(msgspec.Struct, frozen=True):
    """`seed` opens the file and names its chunks (kunak.sealing.letter.chunk_id)."""

    name: str
    size: int
    seed: bytes
    media_type: str
    cleaned: bool


class ReceivedContact(msgspec.Struct, frozen=True):
    how: str
    address: str
    when: str
    never: str
    if_someone_else_answers: str


class LetterReceived(msgspec.Struct, frozen=True, tag=RECEIVED):
    """A person's letter as the helpline's room folds it. `letter`, `mailbox`: hex ids that the person's side chose; `day`: the
    relay's; `recipient` (1,216 bytes) and `letter_key` stand in a mailbox's first letter only: what a reply needs."""

    letter: str
    mailbox: str
    number: int
    kind: str
    language: str
    text: str
    files: list[ReceivedFile]
    contact: ReceivedContact | None
    day: int
    recipient: bytes | None = None
    letter_key: bytes | None = None


def received(letter: Letter, day: int) -> LetterReceived:
    files = [ReceivedFile(f.name, f.size, f.seed, f.media_type, f.cleaned) for f in letter.files]
    c = letter.contact
    contact = ReceivedContact(c.how, c.address, c.when, c.never, c.if_someone_else_answers) if c else None
    first = letter.first
    return LetterReceived(
        letter.id.hex(),
        letter.mailbox.hex(),
        letter.number,
        letter.kind,
        letter.language,
        letter.text,
        files,
        contact,
        day,
        first.recipient if first else None,
        first.letter_key if first else None,
    )


def kept_letters(db: Database) -> Iterator[tuple[str, str, int, int, bytes]]:
    """Fact id, compartment, number, day and content of the letters that this desk still keeps, oldest first."""
    yield from db.execute(
        "SELECT id, compartment, number, day, content FROM letter WHERE content IS NOT NULL ORDER BY position"
    ).fetchall()


def forget_letter(db: Database, letter: str) -> None:
    """Its content no longer belongs on this desk: opened into a case, filed, or spam. `letter`: the id of its fact."""
    db.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (letter,))
    db.execute("UPDATE letter SET content = NULL WHERE id = ? AND content IS NOT NULL", (letter,))
    for (mailbox,) in db.execute("SELECT mailbox FROM correspondent WHERE origin = ?", (letter,)).fetchall():
        db.execute("DELETE FROM correspondent WHERE origin = ?", (letter,))
        _expect(db, mailbox)


def is_forgotten(db: Database, letter: str) -> bool:
    return db.execute("SELECT 1 FROM forgotten WHERE letter = ?", (letter,)).fetchone() is not None


def know_correspondent(db: Database, mailbox: str, letter_key: bytes, origin: str, compartment: str) -> None:
    """From now on this desk recognises the mailbox's letters. `mailbox` is hex; `origin`: the id of the fact that told us, and
    `compartment` where it stood: the letters open with its keys, or with those of the weeks."""
    row = (mailbox, origin, letter_key, compartment)
    if db.execute("INSERT OR IGNORE INTO correspondent VALUES (?, ?, ?, ?)", row).rowcount:
        _expect(db, mailbox)


def expect_further(db: Database, mailbox: str) -> None:
    """A letter of this mailbox has come: the window of its next labels moves."""
    _expect(db, mailbox)


def _expect(db: Database, mailbox: str) -> None:
    compartment = f"mailbox:{mailbox}"
    keys = db.execute("SELECT DISTINCT letter_key FROM correspondent WHERE mailbox = ?", (mailbox,)).fetchall()
    if not keys:
        labels.forget_mailbox(db, compartment)
    (last,) = db.execute("SELECT coalesce(max(number), 1) FROM letter WHERE mailbox = ?", (mailbox,)).fetchone()
    for (key,) in keys:
        further = [(letter_label(key, number), number) for number in range(2, last + AHEAD + 1)]
        labels.expect(db, "later", further, compartment)
