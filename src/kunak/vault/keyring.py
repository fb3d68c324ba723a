"""What this device is and what it may open: its own keys, its recipients, the secrets of compartments, who else holds them,
and the labels under which their envelopes will come."""

from __future__ import annotations

import hashlib
import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.journal.entry import DeviceId
from kunak.journal.grants import NO_EPOCH, is_week, pairwise
from kunak.sealing.compartment import AgreementKey, identity_of, label, label_key, pair_label_key, reply_key_of
from kunak.sealing.hybrid import Identity
from kunak.sealing.letter import first_letter_label
from kunak.sealing.signature import SigningKey
from kunak.vault import labels, sparing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.store import Database, Vault

# So many envelopes of one author may be withheld before we no longer recognise the next. Whoever withholds more is found by
# what the author says of the log (entry.md, `seen`).
AHEAD: Final = 4


class Founder(msgspec.Struct, frozen=True):
    """The device whose word made the first roster: id and public keys in hex, and the root key's signature over them."""

    id: str
    key: str
    agreement: str
    signature: str


class Organisation(msgspec.Struct, frozen=True):
    """organisation.json: what a relay is given, and all that a stranger may know. `root`: public half of the root key."""

    format: str
    id: str
    root: str
    name: dict[str, str]
    founder: Founder


class Own(msgspec.Struct, frozen=True):
    """This device. `signing` and `agreement` are seeds."""

    id: str
    signing: bytes
    agreement: bytes
    role: str
    callsign: str
    relay: str
    organisation: Organisation

    @property
    def device(self) -> DeviceId:
        return DeviceId(self.id)


class Keyring:
    """Reads through the vault's connection of the calling thread; what changes takes the transaction's."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._label_keys: dict[bytes, bytes] = {}
        self._public_halves: dict[bytes, str] = {}

    # --- this device

    @cached_property
    def own(self) -> Own:
        """Raises RuntimeError in a vault that belongs to no organisation yet."""
        row = self._vault.db.execute("SELECT value FROM setting WHERE name = 'own'").fetchone()
        if row is None:
            raise RuntimeError("this vault belongs to no organisation yet")
        return msgspec.msgpack.decode(row[0], type=Own)

    @cached_property
    def signing(self) -> SigningKey:
        return SigningKey.from_seed(self.own.signing)

    @cached_property
    def agreement(self) -> AgreementKey:
        return AgreementKey.from_seed(self.own.agreement)

    def become(self, db: Database, own: Own, recipient_seed: bytes, day: int) -> None:
        """Written once, when a vault is made."""
        packed = msgspec.msgpack.encode(own)
        db.execute("INSERT INTO setting VALUES ('own', ?)", (packed,))
        self.spare(sparing.Setting("own", packed))
        self.add_recipient(db, recipient_seed, day)

    def introduce(self, db: Database, device: str, key: bytes) -> None:
        """A device that the invitation vouches for, until the roster itself names it: the founder, and who invited us."""
        db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (f"introduced {device}", key))
        self.spare(sparing.Setting(f"introduced {device}", key))

    def introduced(self, device: str) -> bytes | None:
        row = self._vault.db.execute("SELECT value FROM setting WHERE name = ?", (f"introduced {device}",)).fetchone()
        return row[0] if row else None

    def add_recipient(self, db: Database, seed: bytes, day: int) -> None:
        db.execute("INSERT OR IGNORE INTO recipient VALUES (?, ?)", (seed, day))
        self.spare(sparing.Recipient(seed, day))

    def identities(self) -> list[Identity]:
        """Newest first: most of what comes was sealed to it."""
        rows = self._vault.db.execute("SELECT seed FROM recipient ORDER BY made DESC, rowid DESC").fetchall()
        return [Identity.from_seed(seed) for (seed,) in rows]

    # --- compartments

    def secrets_of(self, compartment: str, epoch: int) -> list[bytes]:
        """One, or several if two devices began the same epoch at once."""
        rows = self._vault.db.execute(
            "SELECT secret FROM secret WHERE compartment = ? AND epoch = ? ORDER BY secret", (compartment, epoch)
        )
        return [secret for (secret,) in rows.fetchall()]

    def all_secrets_of(self, compartment: str) -> list[bytes]:
        """Of all epochs, newest first."""
        rows = self._vault.db.execute(
            "SELECT secret FROM secret WHERE compartment = ? ORDER BY epoch DESC, secret", (compartment,)
        )
        return [secret for (secret,) in rows.fetchall()]

    def newest(self, compartment: str) -> tuple[int, bytes]:
        """Epoch and secret to write with. Raises NotHeld."""
        row = self._vault.db.execute(
            "SELECT epoch, secret FROM secret WHERE compartment = ? ORDER BY epoch DESC, secret LIMIT 1", (compartment,)
        ).fetchone()
        if row is None:
            raise NotHeld(compartment)
        return row[0], row[1]

    def holds(self, compartment: str) -> bool:
        return (
            self._vault.db.execute("SELECT 1 FROM secret WHERE compartment = ? LIMIT 1", (compartment,)).fetchone()
            is not None
        )

    def compartments(self) -> list[str]:
        rows = self._vault.db.execute("SELECT DISTINCT compartment FROM secret ORDER BY compartment").fetchall()
        return [name for (name,) in rows]

    def members(self, compartment: str) -> set[DeviceId]:
        """Who can read what is written from now on, as far as this desk knows: the newest epoch's."""
        rows = self._vault.db.execute(
            "SELECT device FROM member WHERE compartment = ?1 AND epoch ="
            " (SELECT max(epoch) FROM member WHERE compartment = ?1)",
            (compartment,),
        )
        return {DeviceId(device) for (device,) in rows.fetchall()}

    def ever_in(self, compartment: str) -> set[str]:
        """Who could read any epoch of it."""
        rows = self._vault.db.execute("SELECT DISTINCT device FROM member WHERE compartment = ?", (compartment,))
        return {device for (device,) in rows.fetchall()}

    def is_member(self, compartment: str, epoch: int, device: str) -> bool:
        row = self._vault.db.execute(
            "SELECT 1 FROM member WHERE compartment = ? AND epoch = ? AND device = ?", (compartment, epoch, device)
        ).fetchone()
        return row is not None

    def identity_of(self, compartment: str) -> list[Identity]:
        """What letters to this compartment open with, newest epoch first."""
        return [identity_of(secret) for secret in self.all_secrets_of(compartment)]

    def public_half(self, compartment: str, secret: bytes) -> str:
        """What everybody may know of a key of letters: the reply key in hex, or a week's recipient. Remembered: spelling a recipient
        takes 15 ms; under a hash, because the secret itself must be destroyable."""
        known = hashlib.sha256(secret).digest()
        if known not in self._public_halves:
            week = is_week(compartment)
            self._public_halves[known] = (
                str(identity_of(secret).recipient) if week else reply_key_of(secret).public.hex()
            )
        return self._public_halves[known]

    def hold(
        self, db: Database, compartment: str, epoch: int, secret: bytes, members: Iterable[str], since: int, day: int
    ) -> bool:
        """Take a secret in; whether it was new. Labels of all its members are expected from now on."""
        added = db.execute(
            "INSERT OR IGNORE INTO secret VALUES (?, ?, ?, ?, ?)", (compartment, epoch, secret, since, day)
        ).rowcount
        members = list(members)
        if added:
            self.spare(sparing.Secret(compartment, epoch, secret, since, day, members))
        if is_week(compartment):
            first = first_letter_label(identity_of(secret).recipient)
            labels.expect(db, "letter", [(first, 0)], compartment, epoch)
        for device in members:
            self.add_member(db, compartment, epoch, device, again=bool(added))
        return bool(added)

    def add_member(self, db: Database, compartment: str, epoch: int, device: str, *, again: bool = False) -> bool:
        """Somebody else reads and writes here; whether that was new."""
        added = db.execute("INSERT OR IGNORE INTO member VALUES (?, ?, ?)", (compartment, epoch, device)).rowcount
        if (added or again) and not is_week(compartment):
            self.expect(db, compartment, device)
        return bool(added)

    def destroy(self, db: Database, compartment: str) -> None:
        """Forget a compartment's secrets, here and for good. Call `Vault.scrub` after the transaction."""
        for (secret,) in db.execute("SELECT secret FROM secret WHERE compartment = ?", (compartment,)).fetchall():
            self._label_keys.pop(secret, None)
        db.execute("DELETE FROM secret WHERE compartment = ?", (compartment,))
        labels.forget_compartment(db, compartment)
        db.execute("DELETE FROM member WHERE compartment = ?", (compartment,))

    def spare(self, record: sparing.Record) -> None:
        """Keep it beside the vault too."""
        if self._vault.beside is not None:
            self._vault.beside.keep(record)

    # --- labels

    def expect(self, db: Database, compartment: str, author: str) -> None:
        """Recognise the next envelopes of an author in a compartment, in every epoch in which they may still come."""
        row = db.execute(
            "SELECT number FROM chain WHERE compartment = ? AND author = ?", (compartment, author)
        ).fetchone()
        number = row[0] if row else 0
        for epoch, secret in db.execute(
            "SELECT epoch, secret FROM secret WHERE compartment = ?", (compartment,)
        ).fetchall():
            numbers = range(number + 1, number + AHEAD + 1)
            self._expect(db, "entry", self._label_key(secret), numbers, compartment, epoch, author)

    def expect_after(self, db: Database, compartment: str, author: str, epoch: int, before: int, number: int) -> None:
        """`number` has come where `before` was the last: the window moves. Nobody goes back to an epoch before `epoch`."""
        rows = db.execute(
            "SELECT epoch, secret FROM secret WHERE compartment = ? AND epoch >= ?", (compartment, epoch)
        ).fetchall()
        for each, secret in rows:
            numbers = range(before + AHEAD + 1, number + AHEAD + 1)
            self._expect(db, "entry", self._label_key(secret), numbers, compartment, each, author)

    def expect_pairwise(self, db: Database, sender: str, agreement: bytes) -> None:
        """Recognise what `sender` grants to this device."""
        compartment = pairwise(self.own.id)
        row = db.execute(
            "SELECT number FROM chain WHERE compartment = ? AND author = ?", (compartment, sender)
        ).fetchone()
        number = row[0] if row else 0
        numbers = range(number + 1, number + AHEAD + 1)
        key = self.pair_key(agreement, sender, self.own.id)
        self._expect(db, "grant", key, numbers, compartment, NO_EPOCH, sender)

    def pair_key(self, peer_agreement: bytes, sender: str, receiver: str) -> bytes:
        """The label key of what sender posts for receiver; this device is one of them."""
        return pair_label_key(self.agreement, peer_agreement, bytes.fromhex(sender), bytes.fromhex(receiver))

    def label_of(self, secret: bytes, author: bytes, number: int) -> bytes:
        """The label of an envelope; `author`: the id's 16 bytes."""
        return label(self._label_key(secret), author, number)

    def _label_key(self, secret: bytes) -> bytes:
        key = self._label_keys.get(secret)
        if key is None:
            if len(self._label_keys) >= _MOST_LABEL_KEYS:
                self._label_keys.clear()
            key = self._label_keys[secret] = label_key(secret)
        return key

    @staticmethod
    def _expect(
        db: Database, purpose: str, key: bytes, numbers: Iterable[int], compartment: str, epoch: int, author: str
    ) -> None:
        sender = bytes.fromhex(author)
        labels.expect(
            db, purpose, [(label(key, sender, number), number) for number in numbers], compartment, epoch, author
        )


_MOST_LABEL_KEYS: Final = 50_000


class NotHeld(Exception):
    """This desk does not hold the compartment: somebody who does must grant it first."""

    def __init__(self, compartment: str) -> None:
        super().__init__(f"This desk may not write in {compartment.partition(':')[0]} here: ask a member for a grant.")
        self.compartment = compartment


def new_device_id() -> DeviceId:
    return DeviceId(secrets.token_hex(16))
