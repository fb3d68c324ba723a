"""Who holds what: `places` is every coordinator's, `journey:<party>` the coordinators' and that case's helpers'.

A caseworker's desk never holds `places`: a seized one shows no route. A coordinator's never holds `case:` or `identity:`; which
case a party belongs to is written in the case alone.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from kunak.journal import grants
from kunak.journal.grants import RECOVERY
from kunak.vault import offers

from . import events

if TYPE_CHECKING:
    from kunak.vault.roster import Device
    from kunak.vault.worktop import Worktop


PLACES: Final = grants.PLACES
JOURNEY: Final = "journey:"
COORDINATOR: Final = "coordinator"


def is_coordinator(top: Worktop) -> bool:
    """Whether this desk's helper plans journeys."""
    return top.keyring.own.role == COORDINATOR


def holds_places(top: Worktop) -> bool:
    return top.keyring.holds(PLACES)


def coordinators(top: Worktop) -> list[Device]:
    return [device for device in top.roster.helpers() if device.role == COORDINATOR]


def begin(top: Worktop) -> None:
    """Make `places` for all coordinators there are, if this desk has none yet. Raises PermissionError for any other role."""
    if not is_coordinator(top):
        raise PermissionError("only a coordinator begins the room of places")
    if not holds_places(top):
        top.pen.new_compartment(PLACES, [device.id for device in coordinators(top)])


def offer_voice(top: Worktop) -> None:
    """Say which public key signs what carriers are told, if no active coordinator has said it: its maker has left, or the room is older
    than this rule."""
    if not (is_coordinator(top) and holds_places(top)):
        return
    epoch, secret = top.keyring.newest(PLACES)
    key = top.keyring.public_half(PLACES, secret)
    said = offers.standing(top.vault.db, top.roster).get(PLACES, [])
    if not any(each.active and each.key == key for each in said):
        top.pen.write(grants.ROSTER, [grants.KeyOffered(PLACES, epoch, key)])


def outside(top: Worktop) -> list[Device]:
    """Coordinators who came later and hold no key to `places` yet."""
    inside = top.keyring.members(PLACES)
    return [device for device in coordinators(top) if device.id not in inside]


def let_in(top: Worktop, device: str) -> None:
    """Give a coordinator the keys to `places` and to every party. Raises LookupError for anybody else, NotHeld."""
    if device not in {each.id for each in coordinators(top)}:
        raise LookupError("this device is no coordinator's")
    with top.vault.transaction():
        for compartment in [PLACES, *(name for name in top.keyring.compartments() if name.startswith(JOURNEY))]:
            if device not in top.keyring.members(compartment):
                top.pen.grant(compartment, device)


def begin_party(top: Worktop, case: str) -> str:
    """A party for this case: a compartment shared with the coordinators, under an id that says nothing; its id. Raises NotHeld."""
    party = secrets.token_hex(16)
    with top.vault.transaction():
        inside = top.keyring.members(f"case:{case}") - {RECOVERY}
        top.pen.new_compartment(JOURNEY + party, [*inside, *(device.id for device in coordinators(top))])
        top.pen.write(f"case:{case}", [events.PartyBegun(party)])
    return party


def share_party(top: Worktop, case: str, party: str) -> None:
    """Whoever was let into the case since then, or became a coordinator, can read the party's sheet too."""
    inside = top.keyring.members(JOURNEY + party)
    wanted = (top.keyring.members(f"case:{case}") - {RECOVERY}) | {device.id for device in coordinators(top)}
    known = {device.id for device in top.roster.helpers()}
    for device in sorted((wanted & known) - inside):
        top.pen.grant(JOURNEY + party, device)
