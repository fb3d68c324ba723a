"""Letters from persons come in: opened, proven, kept until triage, handed to the rooms as facts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from kunak.sealing.failure import Damaged, NotForYou
from kunak.sealing.letter import decode_letter
from kunak.sealing.padded import open_padded
from kunak.vault import troubles
from kunak.vault.folding import letter_fact
from kunak.vault.letters import expect_further, received

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.vault.arrived import Arrived
    from kunak.vault.folding import Folding
    from kunak.vault.keyring import Keyring
    from kunak.vault.store import Database


def note_emptied(db: Database, position: int, compartment: str, letter: str = "") -> None:
    """The relay says that this was shredded before this desk had read it; desk/shredding.py asks who wanted that."""
    db.execute("INSERT OR IGNORE INTO emptied VALUES (?, ?, ?)", (position, compartment, letter))


class LetterIntake:
    """One for each desk; works within the caller's transaction."""

    def __init__(self, keyring: Keyring, folding: Folding, clock: Callable[[], float]) -> None:
        self._keyring = keyring
        self._folding = folding
        self._clock = clock

    def take(self, db: Database, arrived: Arrived, compartment: str) -> None:
        fact = hashlib.sha256(b"kunak/1 letter fact" + arrived.digest).digest()[:16].hex()
        if db.execute("SELECT 1 FROM letter WHERE id = ?", (fact,)).fetchone():
            return
        if arrived.sealed is None:
            note_emptied(db, arrived.position, compartment, fact)
            return
        opened = self._open_letter(db, arrived.sealed, compartment)
        if opened is None:
            sentence = f"A letter at position {arrived.position} could not be opened with any key of this desk."
            troubles.note(db, "letter-unopened", compartment.partition(":")[0], sentence, self._clock())
            return
        opened_by, content = opened
        try:
            letter = decode_letter(content)
        except Damaged:
            sentence = f"A letter at position {arrived.position} is not what the format says; a program wrote it, not our pages."
            troubles.note(db, "letter-damaged", compartment.partition(":")[0], sentence, self._clock())
            return
        mailbox = letter.letter.mailbox.hex()
        if not self._is_proven(db, letter.letter.first is not None, compartment, mailbox, letter.proven):
            sentence = (
                f"A letter at position {arrived.position} does not prove that its mailbox wrote it; it is left out."
            )
            troubles.note(db, "letter-unproven", compartment.partition(":")[0], sentence, self._clock())
            return
        number = letter.letter.number
        body = msgspec.json.encode(received(letter.letter, arrived.day))
        row = (fact, arrived.position, arrived.label, arrived.day, opened_by, mailbox, number, body)
        db.execute("INSERT INTO letter VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        expect_further(db, mailbox)
        self._folding.apply(db, [letter_fact(fact, opened_by, number, arrived.day, body)])

    def _open_letter(self, db: Database, sealed: bytes, compartment: str) -> tuple[str, bytes] | None:
        """The compartment whose key opened it, and the content. Later letters may be to a week's or to a case's key."""
        if compartment.startswith("week:"):
            candidates = [compartment]
        else:
            rows = db.execute(
                "SELECT compartment FROM correspondent WHERE mailbox = ?"
                " UNION SELECT compartment FROM secret WHERE compartment GLOB 'week:*' ORDER BY compartment DESC",
                (compartment.removeprefix("mailbox:"),),
            ).fetchall()
            candidates = [name for (name,) in rows]
        for name in candidates:
            try:
                return name, open_padded(sealed, self._keyring.identity_of(name))
            except (NotForYou, Damaged):
                continue
        return None

    def _is_proven(
        self, db: Database, first: bool, compartment: str, mailbox: str, proven: Callable[[bytes], bool]
    ) -> bool:
        if compartment.startswith("week:"):
            return first  # decode_letter has checked it against the key that it brings
        keys = db.execute("SELECT DISTINCT letter_key FROM correspondent WHERE mailbox = ?", (mailbox,)).fetchall()
        return compartment == f"mailbox:{mailbox}" and any(proven(key) for (key,) in keys)
