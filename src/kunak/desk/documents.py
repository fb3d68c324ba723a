"""The two documents that an admin's desk signs with the organisation's root key: docs/formats/relay.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from kunak.journal.grants import INTAKE, PLACES, ROOT, first_day, is_week, of_letters, week_of
from kunak.sealing.signature import SIZE, BadSignature, Purpose, SigningKey, verify
from kunak.vault import offers

if TYPE_CHECKING:
    from kunak.desk.workbench import Workbench
    from kunak.vault.keyring import Organisation

WEEKS_AHEAD: Final = 8
# Replies signed before the last change of the reply key still wait in mailboxes.
REPLY_KEYS: Final = 4  # two desks may have begun each of the last two at once


class RosterDevice(msgspec.Struct, frozen=True):
    id: str
    key: str


class RosterDocument(msgspec.Struct, frozen=True, kw_only=True):
    format: str = "kunak-roster/1"
    organisation: str
    version: int
    devices: list[RosterDevice]


class Week(msgspec.Struct, frozen=True):
    from_day: int = msgspec.field(name="from")
    recipient: str


class HelplineDocument(msgspec.Struct, frozen=True, kw_only=True):
    format: str = "kunak-helpline/1"
    organisation: str
    version: int
    name: dict[str, str]
    reply_keys: list[str]
    weeks: list[Week]


def roster_document(bench: Workbench, version: int) -> RosterDocument:
    """All active devices and open invitations."""
    db, roster = bench.vault.db, bench.roster
    devices = [RosterDevice(device.id, device.key.hex()) for device in roster.active()]
    devices += [RosterDevice(name, key.hex()) for name, key in roster.open_invitations(db, bench.today)]
    return RosterDocument(organisation=bench.keyring.own.organisation.id, version=version, devices=devices)


def helpline_document(bench: Workbench, version: int) -> HelplineDocument:
    """The keys of this week and of those ahead, as the desks that open letters offer them; the week before stays for pages that were
    opened on Sunday night."""
    organisation = bench.keyring.own.organisation
    this = first_day(week_of(bench.today))
    keys = public_keys(bench)
    weeks = [
        Week(first_day(name), said[0]) for name, said in keys.items() if is_week(name) and first_day(name) >= this - 7
    ]
    reply_keys = keys.get(INTAKE, [])[:REPLY_KEYS] + keys.get(PLACES, [])[:REPLY_KEYS]
    weeks.sort(key=lambda week: week.from_day)
    return HelplineDocument(
        organisation=organisation.id, version=version, name=organisation.name, reply_keys=reply_keys, weeks=weeks
    )


def public_keys(bench: Workbench) -> dict[str, list[str]]:
    """The public halves of `intake` and of each week, the one to use first. An admin's desk from before desks offered them holds them
    itself, until it has handed them over."""
    said = offers.standing(bench.vault.db, bench.roster)
    keys = {name: list(dict.fromkeys(offer.key for offer in each)) for name, each in said.items()}
    for name in filter(of_letters, bench.keyring.compartments()):
        if name not in keys:
            keys[name] = [bench.keyring.public_half(name, bench.keyring.newest(name)[1])]
    return keys


def signed(bench: Workbench, document: RosterDocument | HelplineDocument) -> bytes:
    """By the root key, which only admins hold. Raises NotHeld."""
    _, seed = bench.keyring.newest(ROOT)
    purpose = Purpose.ROSTER if isinstance(document, RosterDocument) else Purpose.HELPLINE
    encoded = msgspec.json.encode(document)
    return SigningKey.from_seed(seed).sign(purpose, encoded) + encoded


def read_roster(content: bytes, organisation: Organisation) -> RosterDocument | None:
    """None for a document that the organisation did not sign, or that is not one."""
    return _read(content, organisation, Purpose.ROSTER, RosterDocument)


def read_helpline(content: bytes, organisation: Organisation) -> HelplineDocument | None:
    """None for a document that the organisation did not sign, or that is not one."""
    return _read(content, organisation, Purpose.HELPLINE, HelplineDocument)


T = TypeVar("T", RosterDocument, HelplineDocument)


def _read(content: bytes, organisation: Organisation, purpose: Purpose, kind: type[T]) -> T | None:
    try:
        verify(bytes.fromhex(organisation.root), purpose, content[SIZE:], content[:SIZE])
        return msgspec.json.decode(content[SIZE:], type=kind)
    except (BadSignature, msgspec.MsgspecError):
        return None
