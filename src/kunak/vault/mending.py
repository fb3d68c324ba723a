"""A damaged vault is made anew out of what is kept beside it (sparing.py): this device's keys, and what was not sent. Everything else comes
back from the relay with the next sync, as on a new desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kunak.vault import outbox, sparing
from kunak.vault.damage import DamagedVault
from kunak.vault.keyring import Keyring, Own
from kunak.vault.sparing import Given, Recipient, Record, Secret, Setting, Unsent
from kunak.vault.store import Vault

if TYPE_CHECKING:
    from pathlib import Path

    from kunak.vault.store import Database

# While it stands, nothing is written: this device does not know yet what it wrote last.
MENDING = "mending"


class Mended(msgspec.Struct, frozen=True):
    """`compartments` whose keys are here again; `unsent` parcels that will be sent; `lost` records that could not be read."""

    compartments: int
    unsent: int
    lost: int


class StillMending(Exception):
    """The desk was mended and has not read everything again."""


def mend(folder: Path, passphrase: str) -> Mended:
    """Put the damaged database aside and make another. Raises NoVault, VaultInUse, WrongPassphrase; DamagedVault if that is not possible."""
    with Vault.lay_anew(folder, passphrase) as vault:
        read = [file.read() for file in sparing.files_of(folder, vault.key_beside)]
        keys, no_keys = sparing.decode(read[0][0])
        parcels, no_parcels = sparing.decode(read[1][0])
        if not any(isinstance(each, Setting) and each.name == "own" for each in keys):
            vault.take_back()
            raise DamagedVault(
                "The vault is damaged, and its spare keys beside it too. What the relay has acknowledged is not lost: ask an admin for a new "
                "invitation, and join again in a new folder."
            )
        unsent = {each.id: each for each in parcels if isinstance(each, Unsent)}
        with vault.transaction() as db:
            compartments = _keys(db, Keyring(vault), keys)
            for each in sorted(unsent.values(), key=lambda one: one.id):
                _put(db, each)
            db.execute("INSERT INTO setting VALUES (?, '1')", (MENDING,))
            db.execute("INSERT OR REPLACE INTO setting VALUES ('ask due', '1')")
        # What is promised there may be among what could not be read: the new vault is not to be taken for one that lost it.
        sparing.files_of(folder, vault.key_beside)[1].rewrite(map(msgspec.msgpack.encode, unsent.values()))
    return Mended(compartments, len(unsent), read[0][1] + read[1][1] + no_keys + no_parcels)


def _keys(db: Database, keyring: Keyring, records: list[Record]) -> int:
    """How many compartments."""
    own: Own | None = None
    for each in records:
        if isinstance(each, Setting):
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (each.name, each.value))
            if each.name == "own":
                own = msgspec.msgpack.decode(each.value, type=Own)
    assert own is not None
    compartments = set()
    for each in records:
        if isinstance(each, Recipient):
            keyring.add_recipient(db, each.seed, each.made)
        elif isinstance(each, Secret):
            keyring.hold(db, each.compartment, each.epoch, each.secret, each.members, each.since, each.given)
            compartments.add(each.compartment)
    for given in {each.compartment: each for each in records if isinstance(each, Given)}.values():
        row = (given.compartment, own.id, given.top, given.head, given.number)
        db.execute("INSERT INTO chain (compartment, author, top, head, number) VALUES (?, ?, ?, ?, ?)", row)
    founder = own.organisation.founder
    if founder.id != own.id:
        keyring.introduce(db, founder.id, bytes.fromhex(founder.key))
        keyring.expect_pairwise(db, founder.id, bytes.fromhex(founder.agreement))
    return len(compartments)


def _put(db: Database, parcel: Unsent) -> None:
    row = (parcel.id, parcel.kind, parcel.place, parcel.token, parcel.sealed, parcel.day)
    db.execute("INSERT INTO outbox (id, kind, place, token, sealed, day) VALUES (?, ?, ?, ?, ?, ?)", row)
    if parcel.kind == "message":
        reply = (parcel.token.hex(), parcel.place.hex())
        db.execute("INSERT OR IGNORE INTO message VALUES (?, ?, NULL, NULL, NULL)", reply)


def is_mending(db: Database) -> bool:
    return db.execute("SELECT 1 FROM setting WHERE name = ?", (MENDING,)).fetchone() is not None


def has_read_everything(db: Database) -> bool:
    """Called once the log was read to its end; whether that ended the mending."""
    if not is_mending(db) or outbox.count(db):
        return False
    db.execute("DELETE FROM setting WHERE name = ?", (MENDING,))
    return True
