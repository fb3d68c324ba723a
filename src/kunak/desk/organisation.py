"""Making an organisation: its root key, the first admin's vault, the roster, the recovery shares. The keys of letters are made by the
first desk that opens letters (letter_keys.py): this one only if its founder is a caseworker too."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.desk.letter_keys import keep_letter_keys
from kunak.desk.workbench import Workbench
from kunak.journal.grants import NO_EPOCH, RECOVERY, ROOT, ROSTER, DeviceAdmitted, Role, is_admin
from kunak.sealing.compartment import AgreementKey, new_secret
from kunak.sealing.derive import derive
from kunak.sealing.hybrid import Identity
from kunak.sealing.shares import split
from kunak.sealing.signature import Purpose, SigningKey, verify
from kunak.vault.keyring import Founder, Organisation, Own, new_device_id
from kunak.vault.store import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kunak.vault.folding import Room

FORMAT: Final = "kunak-organisation/1"


@dataclass(frozen=True)
class Created:
    """`document`: bytes of organisation.json, which the relay is given. `shares`: shown once, kept nowhere."""

    bench: Workbench
    document: bytes
    shares: list[str]


@dataclass(frozen=True)
class DeviceKeys:
    """What a device is made of; `of_recovery` are those of the pseudo-device that grants are kept for in case of loss."""

    signing: SigningKey
    agreement: AgreementKey
    identity: Identity

    @classmethod
    def generate(cls) -> DeviceKeys:
        return cls(SigningKey.generate(), AgreementKey.generate(), Identity.generate())

    @classmethod
    def of_recovery(cls, secret: bytes) -> DeviceKeys:
        """From the 32 bytes that the shares give back."""
        return cls(
            SigningKey.from_seed(derive(secret, "kunak/1 recovery signing")),
            AgreementKey.from_seed(derive(secret, "kunak/1 recovery agreement")),
            Identity.from_seed(derive(secret, "kunak/1 recovery recipient")),
        )


def create(
    folder: Path,
    passphrase: str,
    *,
    name: Mapping[str, str],
    callsign: str,
    relay: str,
    clock: Callable[[], float],
    role: Role = "admin",
    shares: tuple[int, int] = (3, 5),
    rooms: Sequence[Room] | None = None,
    vault: Vault | None = None,
) -> Created:
    """A new organisation with its first admin. `name` by language; `role`: admin, or admin+caseworker.
    `shares`: (needed, given) pieces of the recovery secret.
    Everything for the relay waits in the outbox. `vault`: one made before, for tests with cheaper parameters."""
    if not is_admin(role):
        raise ValueError("who makes an organisation is its first admin")
    vault = vault or Vault.create(folder, passphrase)
    root, keys, recovery_secret = SigningKey.generate(), DeviceKeys.generate(), new_secret()
    device, identifier = new_device_id(), secrets.token_hex(16)
    founder = introduction(root, identifier, device, keys)
    organisation = Organisation(FORMAT, identifier, root.public.hex(), dict(name), founder)
    own = Own(device, keys.signing.seed, keys.agreement.seed, role, callsign, relay, organisation)
    bench = Workbench.over(vault, rooms, clock)
    with vault.transaction() as db:
        bench.keyring.become(db, own, keys.identity.seed, bench.today)
        bench.keyring.hold(db, ROSTER, 0, new_secret(), [device, RECOVERY], 0, bench.today)
        bench.keyring.hold(db, ROOT, NO_EPOCH, root.seed, [device, RECOVERY], 0, bench.today)
        bench.pen.write(ROSTER, [
            admission(device, keys, role, callsign),
            admission(RECOVERY, DeviceKeys.of_recovery(recovery_secret), "recovery", ""),
        ])  # fmt: skip
        # Only now is the recovery device in the roster, and can be sent what was made before it.
        for compartment in (ROSTER, ROOT):
            bench.pen.spread(db, compartment, *bench.keyring.newest(compartment))
        keep_letter_keys(bench)
    return Created(bench, msgspec.json.encode(organisation), split(recovery_secret, *shares))


def introduction(root: SigningKey, organisation: str, device: str, keys: DeviceKeys) -> Founder:
    """The root key says which device speaks first: whoever recovers from shares believes no other."""
    said = bytes.fromhex(organisation + device) + keys.signing.public + keys.agreement.public
    signature = root.sign(Purpose.INVITATION, b"founder" + said)
    return Founder(device, keys.signing.public.hex(), keys.agreement.public.hex(), signature.hex())


def check_founder(organisation: Organisation) -> None:
    """Raises BadSignature."""
    founder = organisation.founder
    said = bytes.fromhex(organisation.id + founder.id + founder.key + founder.agreement)
    signature = bytes.fromhex(founder.signature)
    verify(bytes.fromhex(organisation.root), Purpose.INVITATION, b"founder" + said, signature)


def admission(device: str, keys: DeviceKeys, role: str, callsign: str) -> DeviceAdmitted:
    return msgspec.convert(
        {
            "type": "roster.device_admitted",
            "device": device,
            "key": keys.signing.public.hex(),
            "agreement": keys.agreement.public.hex(),
            "recipient": str(keys.identity.recipient),
            "role": role,
            "callsign": callsign,
        },
        DeviceAdmitted,
    )
