"""Revoking: what is written from now on is read by nobody who was revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journal.grants import RECOVERY, ROOT, ROSTER, DeviceRevoked

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
    """After a revocation, the member with the least id begins a new epoch of each compartment for all who stay; `at_once`: this desk
    does, whatever its id. Whoever revokes does not wait for a colleague who may be asleep."""
    roster = bench.roster
    gone = {device.id for device in roster.devices.values() if not device.active}
    if not gone:
        return
    for compartment in bench.keyring.compartments():
        members = bench.keyring.members(compartment)
        if not members & gone or compartment == ROOT:
            continue
        stay = sorted(members - gone - {RECOVERY})
        if at_once or (stay and stay[0] == bench.keyring.own.id):
            bench.pen.new_epoch(compartment, gone)
