"""A compartment is forgotten: its secrets, what was written in it, the letters sealed to it, and whatever a room made of them.

What the rooms had made of it is taken out again (unfolding.py), or made anew out of what is left (`Folding.rebuild`): no room has to
remember what it would have to forget, and the tables hold to the byte what they would hold if nothing had ever been said there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.vault import labels
from kunak.vault.mentions import Mentions, facts_in
from kunak.vault.unfolding import unfold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.folding import Folding
    from kunak.vault.keyring import Keyring
    from kunak.vault.store import Database


def forget_compartments(
    db: Database, keyring: Keyring, folding: Folding, names: Iterable[str], mentions: Mentions | None = None
) -> list[int]:
    """Within the caller's transaction; call `Vault.scrub` after it. `mentions`: read before it, so that it is short. The relay's
    positions of what is forgotten here."""
    positions: set[int] = set()
    doomed = list(dict.fromkeys(names))
    forgotten = [fact for name in doomed for fact in facts_in(db, name)]
    for name in doomed:
        positions |= _envelopes(db, name) | _letters(db, name)
        keyring.destroy(db, name)
        _traces(db, name)
    if not unfold(db, folding, forgotten, (mentions or Mentions()).read(db)):
        folding.rebuild()
    # Mailboxes that only this had made known: their letters are nobody's here from now on.
    labels.forget_strange_mailboxes(db)
    db.execute(
        "DELETE FROM message WHERE mailbox NOT IN (SELECT mailbox FROM correspondent)"
        " AND id NOT IN (SELECT lower(hex(token)) FROM outbox WHERE kind = 'message')"
    )
    return sorted(positions)


def _envelopes(db: Database, name: str) -> set[int]:
    """Those that the relay has shown, and those that it has acknowledged. What was not sent yet never will be."""
    chains = "SELECT id FROM chain WHERE compartment = ?"
    spare = "SELECT label FROM spare WHERE compartment = ?"
    rows = db.execute(
        f"SELECT position FROM envelope WHERE position IS NOT NULL AND chain IN ({chains})"  # noqa: S608 - constants
        f" UNION SELECT acknowledged FROM outbox WHERE acknowledged IS NOT NULL AND place IN ({_LABELS})"
        f" UNION SELECT position FROM envelope WHERE position IS NOT NULL AND label IN ({spare})",
        (name, name, name),
    ).fetchall()
    db.execute("DELETE FROM spare WHERE compartment = ?", (name,))
    db.execute(f"DELETE FROM outbox WHERE kind = 'envelope' AND place IN ({_LABELS})", (name,))  # noqa: S608 - as above
    for table in ("entry", "envelope"):
        db.execute(f"DELETE FROM {table} WHERE chain IN ({chains})", (name,))  # noqa: S608 - as above
    db.execute("DELETE FROM chain WHERE compartment = ?", (name,))
    return {position for (position,) in rows}


_LABELS = "SELECT l.label FROM label l JOIN place p ON p.id = l.place WHERE p.compartment = ?"


def _letters(db: Database, name: str) -> set[int]:
    rows = db.execute("SELECT position FROM letter WHERE compartment = ?", (name,)).fetchall()
    db.execute("DELETE FROM letter WHERE compartment = ?", (name,))
    return {position for (position,) in rows}


def forget_troubles(db: Database, name: str) -> None:
    """Troubles name the kind and the first digits of a compartment."""
    kind, _, identifier = name.partition(":")
    about = f"{kind}:{identifier[:8]}" if identifier else kind
    db.execute("DELETE FROM trouble WHERE about = ?1 OR about GLOB ?1 || ' *'", (about,))


def _traces(db: Database, name: str) -> None:
    """What was noted beside it."""
    forget_troubles(db, name)
    db.execute("DELETE FROM emptied WHERE compartment = ?", (name,))
    db.execute("DELETE FROM setting WHERE name GLOB 'waiting *' AND instr(name, ?) > 0", (name,))
