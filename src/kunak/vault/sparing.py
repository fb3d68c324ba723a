"""What could not be had again from the relay if the vault were damaged, kept once more beside it: this device's keys (`vault.spare`), and
what was not sent yet (`vault.unsent`). mending.py makes a vault of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from kunak.vault.damage import DamagedVault
from kunak.vault.spare import SpareFile

if TYPE_CHECKING:
    from pathlib import Path

    from kunak.vault.store import Database, Vault

KEYS: Final = "vault.spare"
UNSENT: Final = "vault.unsent"


class Recipient(msgspec.Struct, frozen=True, array_like=True, tag="recipient"):
    seed: bytes
    made: int


class Secret(msgspec.Struct, frozen=True, array_like=True, tag="secret"):
    compartment: str
    epoch: int
    secret: bytes
    since: int
    given: int
    members: list[str]


class Given(msgspec.Struct, frozen=True, array_like=True, tag="given"):
    """How far this device has come in what it grants to another: the relay's log tells it of everything else that it wrote."""

    compartment: str
    top: int
    head: bytes
    number: int


class Setting(msgspec.Struct, frozen=True, array_like=True, tag="setting"):
    """What a device is, and whom it believed when it joined."""

    name: str
    value: bytes


class Unsent(msgspec.Struct, frozen=True, array_like=True, tag="unsent"):
    id: int
    kind: str
    place: bytes
    token: bytes
    sealed: bytes
    day: int


class Committed(msgspec.Struct, frozen=True, array_like=True, tag="committed"):
    """The vault has all up to this number; if it does not, somebody or something took them away."""

    last: int


Record = Recipient | Secret | Given | Setting | Unsent | Committed
_encode = msgspec.msgpack.Encoder().encode
_decoder: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def files_of(folder: Path, key: bytes) -> tuple[SpareFile, SpareFile]:
    """Keys, and what was not sent."""
    return SpareFile(folder / KEYS, key), SpareFile(folder / UNSENT, key)


def decode(records: list[bytes]) -> tuple[list[Record], int]:
    """The records, and how many of them are none."""
    found: list[Record] = []
    for record in records:
        try:
            found.append(_decoder.decode(record))
        except msgspec.MsgspecError:
            continue
    return found, len(records) - len(found)


class Sparing:
    """One for each open vault: works at the ends of its transactions (`Vault.beside`)."""

    def __init__(self, vault: Vault) -> None:
        self._keys, self._unsent = files_of(vault.folder, vault.key_beside)
        self._new: list[Record] = []
        self._told: int | None = None
        self._check(vault.db)
        parcels = _parcels(vault.db, 0)
        self._last = parcels[-1].id if parcels else 0
        self._keys.rewrite(map(_encode, _all_keys(vault.db)))
        self._unsent.rewrite(map(_encode, parcels))

    @classmethod
    def attach(cls, vault: Vault) -> None:
        """To a vault that has none yet. Raises DamagedVault."""
        if vault.beside is None:
            vault.beside = cls(vault)

    def _check(self, db: Database) -> None:
        """Raises DamagedVault if the vault has lost work that it had taken: a damaged write-ahead log is silently cut off by SQLite."""
        records, _ = decode(self._unsent.read()[0])
        promised = max((record.last for record in records if isinstance(record, Committed)), default=0)
        row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        if promised > (row[0] if row else 0):
            raise DamagedVault(
                "This desk's vault has lost its newest work. What was not sent is kept beside it: kunak org mend."
            )

    def keep(self, record: Record) -> None:
        """Within a transaction: a key that is new."""
        self._new.append(record)

    def before_commit(self, db: Database) -> None:
        """On the disk before the vault has it: what is written twice is sent once, what is written nowhere is lost."""
        if self._new:
            self._keys.append([_encode(each) for each in self._new])
            self._new = []
        if parcels := _parcels(db, self._last):
            self._unsent.append(map(_encode, parcels))
            self._told = parcels[-1].id

    def after_commit(self, db: Database) -> None:
        if self._told is not None:
            self._last, self._told = self._told, None
            self._unsent.append([_encode(Committed(self._last))], durable=False)
        elif self._last and db.execute("SELECT 1 FROM outbox LIMIT 1").fetchone() is None:
            self._unsent.empty()
            self._last = 0

    def rolled_back(self) -> None:
        self._new, self._told = [], None

    def scrub(self, db: Database) -> None:
        """Keys were destroyed in the vault: here too."""
        self._keys.rewrite(map(_encode, _all_keys(db)))


def _all_keys(db: Database) -> list[Record]:
    found: list[Record] = [Setting(name, value) for name, value in db.execute(_SETTINGS).fetchall()]
    found += [Recipient(*row) for row in db.execute("SELECT seed, made FROM recipient ORDER BY rowid").fetchall()]
    members: dict[tuple[str, int], list[str]] = {}
    for compartment, epoch, device in db.execute("SELECT compartment, epoch, device FROM member").fetchall():
        members.setdefault((compartment, epoch), []).append(device)
    rows = db.execute("SELECT compartment, epoch, secret, since, given FROM secret").fetchall()
    for compartment, epoch, secret, since, day in rows:
        found.append(Secret(compartment, epoch, secret, since, day, members.get((compartment, epoch), [])))
    given = db.execute(
        "SELECT compartment, top, head, number FROM chain WHERE compartment GLOB 'to:*' AND author = ?", (_own(db),)
    )
    return found + [Given(*row) for row in given.fetchall()]


def _own(db: Database) -> str:
    row = db.execute("SELECT value FROM setting WHERE name = 'own'").fetchone()
    return msgspec.msgpack.decode(row[0])["id"] if row else ""


_SETTINGS: Final = "SELECT name, value FROM setting WHERE name = 'own' OR name GLOB 'introduced *'"


def _parcels(db: Database, after: int) -> list[Unsent]:
    rows = db.execute("SELECT id, kind, place, token, sealed, day FROM outbox WHERE id > ? ORDER BY id", (after,))
    return [Unsent(*row) for row in rows.fetchall()]
