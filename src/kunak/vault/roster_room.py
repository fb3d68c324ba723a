"""Folds the entries of the compartment `roster`: who comes and goes, what is asked for, which public keys are offered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.journal.grants import (
    INTAKE,
    PLACES,
    ROSTER,
    DeviceAdmitted,
    DeviceRevoked,
    GrantAsked,
    InvitationWithdrawn,
    Invited,
    KeyOffered,
    RecipientRenewed,
    is_week,
)
from kunak.journal.shredding import ShredAgreed, ShredAsked, ShredStopped
from kunak.sealing.hybrid import Recipient

if TYPE_CHECKING:
    from kunak.vault.folding import Fact
    from kunak.vault.store import Database

_EVENTS = msgspec.json.Decoder(
    DeviceAdmitted
    | RecipientRenewed
    | DeviceRevoked
    | GrantAsked
    | KeyOffered
    | Invited
    | InvitationWithdrawn
    | ShredAsked
    | ShredAgreed
    | ShredStopped
)
_HEX32: Final = re.compile("[0-9a-f]{64}")


class RosterRoom:
    """Folds what is said in `roster`; the same words elsewhere are nobody's."""

    name: Final = "roster"
    hears: Final = ("roster",)
    schema: Final = """
        CREATE TABLE roster_admitted (fact TEXT PRIMARY KEY, author TEXT NOT NULL, device TEXT NOT NULL, key BLOB NOT NULL,
            agreement BLOB NOT NULL, recipient BLOB NOT NULL, role TEXT NOT NULL, callsign TEXT NOT NULL,
            invitation TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_invited (fact TEXT PRIMARY KEY, author TEXT NOT NULL, invitation TEXT NOT NULL, key BLOB NOT NULL,
            role TEXT NOT NULL, callsign TEXT NOT NULL, last_day INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_withdrawn (fact TEXT PRIMARY KEY, author TEXT NOT NULL, invitation TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_renewed (fact TEXT PRIMARY KEY, device TEXT NOT NULL, sequence INTEGER NOT NULL,
            recipient BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_revoked (fact TEXT PRIMARY KEY, author TEXT NOT NULL, device TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_offered (fact TEXT PRIMARY KEY, author TEXT NOT NULL, compartment TEXT NOT NULL, epoch INTEGER NOT NULL,
            key TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_shred_asked (fact TEXT PRIMARY KEY, author TEXT NOT NULL, shred TEXT NOT NULL, compartments TEXT NOT NULL,
            alone INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_shred_said (fact TEXT PRIMARY KEY, author TEXT NOT NULL, shred TEXT NOT NULL, kind TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE roster_asked (fact TEXT PRIMARY KEY, device TEXT NOT NULL, sequence INTEGER NOT NULL) WITHOUT ROWID;
    """

    def fold(self, db: Database, fact: Fact) -> None:
        if fact.compartment != ROSTER:
            return
        match _EVENTS.decode(fact.body):
            case DeviceAdmitted() as said:
                keys = (bytes.fromhex(said.key), bytes.fromhex(said.agreement))
                row = (fact.id, fact.author, said.device, *keys, _raw(said.recipient), said.role, said.callsign)
                db.execute(
                    "INSERT OR IGNORE INTO roster_admitted VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, said.invitation)
                )
            case Invited() as said:
                invited = (said.invitation, bytes.fromhex(said.key), said.role, said.callsign, said.last_day)
                db.execute(
                    "INSERT OR IGNORE INTO roster_invited VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (fact.id, fact.author, *invited),
                )
            case InvitationWithdrawn(invitation=invitation):
                db.execute(
                    "INSERT OR IGNORE INTO roster_withdrawn VALUES (?, ?, ?)", (fact.id, fact.author, invitation)
                )
            case RecipientRenewed(recipient=recipient):
                renewal = (fact.id, fact.author, fact.sequence, _raw(recipient))
                db.execute("INSERT OR IGNORE INTO roster_renewed VALUES (?, ?, ?, ?)", renewal)
            case DeviceRevoked(device=device):
                db.execute("INSERT OR IGNORE INTO roster_revoked VALUES (?, ?, ?)", (fact.id, fact.author, device))
            case KeyOffered() as said:
                offer = (fact.id, fact.author, said.compartment, said.epoch, _public(said))
                db.execute("INSERT OR IGNORE INTO roster_offered VALUES (?, ?, ?, ?, ?)", offer)
            case GrantAsked():
                db.execute("INSERT OR IGNORE INTO roster_asked VALUES (?, ?, ?)", (fact.id, fact.author, fact.sequence))
            case said:
                _fold_shredding(db, fact, said)


def _fold_shredding(db: Database, fact: Fact, said: ShredAsked | ShredAgreed | ShredStopped) -> None:
    match said:
        case ShredAsked() as said:
            asked = (fact.id, fact.author, said.shred, msgspec.json.encode(said.compartments).decode(), said.alone)
            db.execute("INSERT OR IGNORE INTO roster_shred_asked VALUES (?, ?, ?, ?, ?, ?)", (*asked, fact.time))
        case ShredAgreed() | ShredStopped() as said:
            word = (fact.id, fact.author, said.shred, "agreed" if isinstance(said, ShredAgreed) else "stopped")
            db.execute("INSERT OR IGNORE INTO roster_shred_said VALUES (?, ?, ?, ?)", word)


def _public(said: KeyOffered) -> str:
    """The key as it was spelled, if it is one."""
    if said.compartment in (INTAKE, PLACES):
        if not _HEX32.fullmatch(said.key):
            raise msgspec.ValidationError("not a reply key")
    elif is_week(said.compartment):
        _raw(said.key)
    else:
        raise msgspec.ValidationError("nobody is offered a key of that")
    return said.key


def _raw(recipient: str) -> bytes:
    try:
        return bytes(Recipient.parse(recipient))
    except ValueError as wrong:
        raise msgspec.ValidationError("not a recipient") from wrong
