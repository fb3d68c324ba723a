"""From the inbox into a case: what is known of a person is written into the case, and every desk drops its own copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.helpline import conversation as conversations
from kunak.helpline import events
from kunak.helpline.answering import INTAKE
from kunak.helpline.files import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    import msgspec

    from kunak.helpline.conversation import Conversation, Mailbox, Said
    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop

WEEK = "week:"
SPAM_DAYS = 7  # so long can a mark be taken back; the key of the week still opens the letters then


def move_into(top: Worktop, conversation: Conversation, case: str) -> None:
    """Write the conversation into `case:<case>`, which this desk holds, and tell all others to drop theirs.

    Within the caller's transaction: a person is never in neither place.
    """
    for box in conversation.mailboxes:
        said = [each for each in conversation.said if each.mailbox == box.mailbox]
        top.pen.write(f"case:{case}", [_box(box), *_copies(said)])
        top.pen.write(INTAKE, [events.Moved(box.mailbox, case, _dropped(said))])
        _shred(top, _dropped(said))


def move_strays(top: Worktop) -> int:
    """Letters that came under a key of the week although their mailbox has a case of ours: into the case. How many there were."""
    db = top.vault.db
    rows = db.execute(
        """SELECT DISTINCT l.mailbox, m.case_id FROM helpline_letters l JOIN helpline_moved m ON m.mailbox = l.mailbox
           WHERE l.source = '' AND l.place GLOB 'week:*'"""
    ).fetchall()
    moved = 0
    for mailbox, case in rows:
        if not top.keyring.holds(f"case:{case}"):
            continue
        said = [
            each
            for each in conversations.read(db, mailbox).said
            if each.mailbox == mailbox and each.place.startswith(WEEK)
        ]
        with top.vault.transaction():
            top.pen.write(f"case:{case}", _copies(said))
            if top.keyring.holds(INTAKE):
                top.pen.write(INTAKE, [events.Moved(mailbox, case, _dropped(said))])
                _shred(top, _dropped(said))
        moved += len(said)
    return moved


def drop_old_spam(top: Worktop) -> int:
    """Letters of mailboxes that have been marked as spam for a week, and nobody objected: gone from every desk."""
    if not top.keyring.holds(INTAKE):
        return 0
    dropped = 0
    for mailbox in _old_spam(top.vault.db, int(top.clock()) - SPAM_DAYS * 86_400):
        dropped += _drop(top, mailbox)
    return dropped


def drop(top: Worktop, conversation: Conversation) -> int:
    """The person asked for it, and has no case: the letters are gone from every desk, and their files from the relay. How many."""
    with top.vault.transaction():
        return sum(_drop(top, box.mailbox) for box in conversation.mailboxes if not box.cases)


def _drop(top: Worktop, mailbox: str) -> int:
    said = [each for each in conversations.read(top.vault.db, mailbox).said if each.mailbox == mailbox and each.place]
    if said:
        with top.vault.transaction():
            top.pen.write(INTAKE, [events.Dropped(mailbox, [each.id for each in said])])
            _shred(top, [each.id for each in said])
            for chunk in chunks(file for each in said for file in each.files):
                top.pen.post("unblob", chunk, b"")
    return len(said)


def kept_at_relay(db: Database, cases: Iterable[str]) -> tuple[list[int], list[bytes]]:
    """What the relay has of letters of these cases: their positions, and the ids of their files' chunks."""
    positions: set[int] = set()
    found: set[bytes] = set()
    for case in cases:
        rows = db.execute("SELECT mailbox FROM helpline_moved WHERE case_id = ?", (case,)).fetchall()
        for (mailbox,) in rows:
            said = conversations.read(db, mailbox).said
            found.update(chunks(file for each in said if each.mailbox == mailbox for file in each.files))
            came = db.execute("SELECT position FROM letter WHERE mailbox = ?", (mailbox,)).fetchall()
            positions.update(position for (position,) in came)
    return sorted(positions), sorted(found)


def _shred(top: Worktop, letters: list[str]) -> None:
    """At the relay; the outbox is sent in order, so that the case has its own copies there before."""
    for letter in letters:
        row = top.vault.db.execute("SELECT position FROM letter WHERE id = ?", (letter,)).fetchone()
        if row is not None:
            top.pen.post("shred", int(row[0]).to_bytes(8, "big"), b"")


def _old_spam(db: Database, before: int) -> list[str]:
    rows = db.execute(
        """SELECT subject FROM helpline_values WHERE field = 'spam' AND head = 1
           AND subject IN (SELECT mailbox FROM helpline_keys) GROUP BY subject HAVING min(value) = '1' AND max(time) < ?""",
        (before,),
    )
    return [subject for (subject,) in rows.fetchall()]


def _box(box: Mailbox) -> msgspec.Struct:
    return events.MailboxBrought(box.mailbox, box.recipient, box.letter_key, box.language)


def _dropped(said: list[Said]) -> list[str]:
    return [each.id for each in said if each.place.startswith(WEEK)]


def _copies(said: list[Said]) -> list[msgspec.Struct]:
    copies: list[msgspec.Struct] = []
    for each in said:
        if each.kind in ("answer", "remark"):
            if each.text is not None:
                copies.append(
                    events.TalkBrought(
                        each.id, each.mailbox, each.kind, each.author, each.time, each.text, each.message
                    )
                )
        else:
            kind = "text" if each.kind == "letter" else each.kind
            copies.append(
                events.LetterBrought(
                    each.id,
                    each.chosen,
                    each.mailbox,
                    each.number,
                    kind,
                    each.language,
                    each.time // conversations.DAY,
                    each.text or "",
                    each.files,
                    each.contact,
                )
            )
    return copies
