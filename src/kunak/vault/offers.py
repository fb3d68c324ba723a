"""Public halves of `intake` and of the weeks, as the desks that hold them offer them: what an admin signs without holding a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kunak.journal.grants import may_offer

if TYPE_CHECKING:
    from kunak.vault.roster import Roster
    from kunak.vault.store import Database


class Offer(msgspec.Struct, frozen=True):
    """`key`: a reply key in hex, or a recipient. `active`: its author is still in the organisation."""

    compartment: str
    epoch: int
    key: str
    active: bool


def standing(db: Database, roster: Roster) -> dict[str, list[Offer]]:
    """By compartment, the one to use first. Only whose role holds the compartment is heard; who was revoked, after all others: no number that a
    revoked helper once named outbids those who stay. The same on every desk."""
    rows = db.execute("SELECT compartment, epoch, key, author, fact FROM roster_offered").fetchall()
    found: dict[str, list[tuple[tuple[bool, int, str], Offer]]] = {}
    for compartment, epoch, key, author, fact in rows:
        device = roster.get(author)
        if device is not None and may_offer(device.role, compartment):
            order = (not device.active, -epoch, fact)
            found.setdefault(compartment, []).append((order, Offer(compartment, epoch, key, device.active)))
    return {name: [offer for _, offer in sorted(each, key=lambda one: one[0])] for name, each in found.items()}
