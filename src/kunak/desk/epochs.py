"""Revoking: what is written from now on is read by nobody who was revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.desk.patience import AWAKE_SECONDS, is_our_turn
from kunak.journal.grants import RECOVERY, ROOT, ROSTER, DeviceRevoked, of_letters, opens_letters

if TYPE_CHECKING:
    from kunak.desk.workbench import Workbench


def revoke(bench: Workbench, device: str) -> None:
    """Revoke a device. New epochs of what it held begin on its members' desks with their next sync, here at once; the relay stops
    listening to it when the next roster document arrives. Raises NotHeld, LookupError."""
    bench.keyring.newest(ROOT)
    if (known := bench.roster.get(device)) is None or not known.active:
        raise LookupError("this device is not in the roster, or is revoked already")
    with bench.vault.transaction():
        bench.pen.write(ROSTER, [DeviceRevoked(device)])
        begin_epochs(bench, at_once=True)


def begin_epochs(bench: Workbench, *, at_once: bool = False) -> None:
    """After a revocation, the member with the least id begins a new epoch of each compartment for all who stay, another member if that
    desk is silent for too long; `at_once`: this desk does, whatever its id. Whoever revokes does not wait for a colleague who may be
    asleep. The keys of letters also leave behind whoever may not open letters: an admin who made them once."""
    roster = bench.roster
    deaf = {device.id for device in roster.helpers() if not opens_letters(device.role)}
    for compartment in bench.keyring.compartments():
        without = roster.gone | deaf if of_letters(compartment) else roster.gone
        members = bench.keyring.members(compartment)
        stay = sorted(members - without - {RECOVERY})
        if not members & without or compartment == ROOT or bench.keyring.own.id not in stay:
            continue
        epoch, _ = bench.keyring.newest(compartment)
        if at_once or is_our_turn(bench, f"epoch {epoch + 1} of {compartment}", stay, AWAKE_SECONDS):
            bench.pen.new_epoch(compartment, without)
