"""Which cases are to be shredded, as this desk has heard and can check: pure reading. desk/shredding.py carries it out.

Two different caseworkers of the case say so, or one who is its only caseworker says so and nobody stops it for three days: no single
helper, and no single hour under threat, destroys what two people know. docs/decisions/shredding-takes-two.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from kunak.journal.grants import opens_letters

if TYPE_CHECKING:
    from kunak.vault.keyring import Keyring
    from kunak.vault.roster import Device, Roster
    from kunak.vault.store import Database

ALONE_SECONDS: Final = 3 * 86_400
CASE: Final = "case:"


class Order(msgspec.Struct, frozen=True):
    """`asked_by`, `agreed_by`: devices; `time`: Unix seconds by the clock of who asked. `agreed`: it happens now. `alone`: it happens
    after ALONE_SECONDS, unless stopped."""

    shred: str
    compartments: list[str]
    asked_by: str
    time: int
    agreed: bool
    alone: bool
    fact: str


def standing(db: Database, keyring: Keyring, roster: Roster) -> list[Order]:
    """What was asked for by who may, and was not stopped; oldest first."""
    rows = db.execute(
        "SELECT shred, compartments, author, time, alone, fact FROM roster_shred_asked ORDER BY time, fact"
    ).fetchall()
    found = []
    for shred, packed, author, time, alone, fact in rows:
        compartments = msgspec.json.decode(packed, type=list[str])
        insiders = _insiders(keyring, roster, compartments)
        asker = insiders.get(author)
        if asker is None:
            continue
        said = {kind: set(_authors(db, shred, kind)) for kind in ("agreed", "stopped")}
        if said["stopped"] & insiders.keys():
            continue
        agreed = any(insiders[each].callsign != asker.callsign for each in said["agreed"] & insiders.keys())
        others = {each.callsign for each in insiders.values() if each.active} - {asker.callsign}
        # Whoever holds no part of the case cannot know who is in it, and takes the asker's word.
        lonely = bool(alone) and not (others and _held_case(keyring, compartments))
        found.append(Order(shred, compartments, author, time, agreed, lonely, fact))
    return found


def of_case(orders: list[Order], case: str) -> Order | None:
    """The order that stands against a case."""
    return next((order for order in orders if f"{CASE}{case}" in order.compartments), None)


def colleagues(keyring: Keyring, roster: Roster, case: str) -> list[str]:
    """Callsigns of the other caseworkers of a case, who could agree."""
    own = roster.get(keyring.own.id)
    callsigns = {each.callsign for each in _insiders(keyring, roster, [f"{CASE}{case}"]).values() if each.active}
    return sorted(callsigns - ({own.callsign} if own else set()))


def _held_case(keyring: Keyring, compartments: list[str]) -> str | None:
    return next((name for name in compartments if name.startswith(CASE) and keyring.holds(name)), None)


def _insiders(keyring: Keyring, roster: Roster, compartments: list[str]) -> dict[str, Device]:
    """Who opens letters and is, or was, in the case; where this desk does not hold the case, who opens letters."""
    readers = {str(each.id): each for each in roster.devices.values() if opens_letters(each.role)}
    case = _held_case(keyring, compartments)
    if case is None:
        return readers
    inside = keyring.ever_in(case)
    return {name: each for name, each in readers.items() if name in inside}


def _authors(db: Database, shred: str, kind: str) -> list[str]:
    rows = db.execute("SELECT author FROM roster_shred_said WHERE shred = ? AND kind = ?", (shred, kind)).fetchall()
    return [author for (author,) in rows]
