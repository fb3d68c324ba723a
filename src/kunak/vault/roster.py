"""The register of devices: who is in the organisation, out of what roster_room.py has folded.

Who may admit and revoke: admins, beginning with the founder; and the recovery device, whose keys lie in shares among people.
All claims are kept as they came; who is believed is worked out when asked, so that the order of arrival never matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.journal.entry import DeviceId
from kunak.journal.grants import RECOVERY, ROSTER, is_admin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kunak.vault.store import Database


@dataclass(frozen=True, slots=True)
class Device:
    """`key`, `agreement` and `recipient` (1,216 bytes) are raw public keys. `revoked_at`: the relay's position from which its words no longer count;
    `leaving`: its revocation is written but the relay has not placed it yet."""

    id: DeviceId
    key: bytes
    agreement: bytes
    recipient: bytes
    role: str
    callsign: str
    revoked_at: int | None
    leaving: bool

    @property
    def active(self) -> bool:
        return self.revoked_at is None and not self.leaving


class Roster:
    """Who is in the organisation, as this desk knows now. Read anew after entries came (`Roster.read`)."""

    def __init__(self, devices: Mapping[DeviceId, Device]) -> None:
        self.devices = devices
        self.gone = {device.id for device in devices.values() if not device.active}

    @classmethod
    def read(cls, db: Database, founder: str) -> Roster:
        claims = db.execute(
            "SELECT author, device, key, agreement, recipient, role, callsign, fact FROM roster_admitted"
        ).fetchall()
        believed = _believed(claims, founder)
        revoked = _revocations(db, believed)
        devices = {}
        for _, device, key, agreement, recipient, role, callsign, _ in believed.values():
            renewed = db.execute(
                "SELECT recipient FROM roster_renewed WHERE device = ? ORDER BY sequence DESC, fact LIMIT 1", (device,)
            ).fetchone()
            newest = renewed[0] if renewed and device != RECOVERY else recipient
            at = revoked.get(device, (False, None))
            devices[DeviceId(device)] = Device(
                DeviceId(device), key, agreement, newest, role, callsign, at[1], at[0] and at[1] is None
            )
        return cls(devices)

    def open_invitations(self, db: Database, today: int) -> list[tuple[str, bytes]]:
        """(invitation, public key) of those that nobody has used, withdrawn or let run out."""
        rows = db.execute(
            "SELECT invitation, key, author FROM roster_invited WHERE last_day >= ?"
            " AND invitation NOT IN (SELECT invitation FROM roster_withdrawn)"
            " AND invitation NOT IN (SELECT invitation FROM roster_admitted) ORDER BY invitation",
            (today,),
        ).fetchall()
        return [(name, key) for name, key, author in rows if (by := self.get(author)) and is_admin(by.role)]

    def get(self, device: str) -> Device | None:
        return self.devices.get(DeviceId(device))

    def active(self) -> list[Device]:
        """Devices that may read what is written now, oldest id first; the recovery device is among them."""
        return [self.devices[device] for device in sorted(self.devices) if self.devices[device].active]

    def helpers(self) -> list[Device]:
        """Active devices of people."""
        return [device for device in self.active() if device.id != RECOVERY]


_Claim = tuple[str, str, bytes, bytes, bytes, str, str, str]


def _believed(claims: list[_Claim], founder: str) -> dict[str, _Claim]:
    """One claim a device, those of admins who were themselves admitted by admins, from the founder on. Who is nearer to the
    founder counts, then the least fact id, everywhere the same: only a faulty admin admits a device twice."""
    believed: dict[str, _Claim] = {}
    admins = {founder}
    while True:
        found: dict[str, _Claim] = {}
        for claim in sorted(claims, key=lambda claim: claim[-1]):
            if claim[0] in admins and claim[1] not in believed:
                found.setdefault(claim[1], claim)
        if not found:
            return believed
        believed |= found
        admins |= {device for device, claim in found.items() if is_admin(claim[5])}


def _revocations(db: Database, believed: Mapping[str, _Claim]) -> dict[str, tuple[bool, int | None]]:
    """Revoked devices: (True, the first position at which an admin said so, None if the relay has not placed it yet)."""
    admins = {device for device, claim in believed.items() if is_admin(claim[5])}
    found: dict[str, tuple[bool, int | None]] = {}
    for fact, author, device in db.execute("SELECT fact, author, device FROM roster_revoked ORDER BY fact").fetchall():
        if author not in admins:
            continue
        low = bytes.fromhex(fact)
        row = db.execute(
            "SELECT e.position FROM chain c JOIN entry ON entry.chain = c.id JOIN envelope e ON e.id = entry.envelope"
            " WHERE c.compartment = ? AND c.author = ? AND entry.hash >= ? AND entry.hash < ?",
            (ROSTER, author, low, low + b"\xff" * 17),
        ).fetchone()
        at = row[0] if row else None
        before = found.get(device, (True, None))[1]
        found[device] = (True, min(filter(None, (at, before)), default=None))
    return found
