"""How a device joins: docs/formats/invitation.md. An invitation is words and a file, good for one device, once."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kunak.desk.organisation import DeviceKeys, check_founder
from kunak.desk.workbench import Workbench
from kunak.journal.entry import Hex16, Hex32
from kunak.journal.grants import (
    ROSTER,
    DeviceAdmitted,
    InvitationWithdrawn,
    Invited,
    Role,
    held_by_role,
)
from kunak.sealing.code import Code, new_code, root_of
from kunak.sealing.failure import Damaged, NotForYou
from kunak.sealing.hybrid import Recipient
from kunak.sealing.padded import open_padded, seal_padded
from kunak.sealing.signature import BadSignature, SigningKey
from kunak.vault import labels, troubles
from kunak.vault.keyring import Organisation, Own, new_device_id
from kunak.vault.store import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kunak.desk.relay_client import Relay
    from kunak.vault.folding import Room
    from kunak.vault.store import Database

FORMAT: Final = "kunak-invitation/1"
GOOD_FOR_DAYS: Final = 14
_SALT, _NONCE, _PROOF = 16, 12, 32


class InvitationMistake(Exception):
    """The words do not open this file, or it is not an invitation. The sentence says what to do."""


class KnownDevice(msgspec.Struct, frozen=True):
    id: Hex16
    key: Hex32
    agreement: Hex32
    recipient: str


class Invitation(msgspec.Struct, frozen=True):
    """What the file holds. `key`: seed of the one-use device key."""

    format: str
    organisation: Organisation
    relay: str
    invitation: Hex16
    key: bytes
    role: Role
    callsign: str
    admin: KnownDevice


class JoinRequest(msgspec.Struct, frozen=True):
    type: Literal["join"]
    invitation: Hex16
    id: Hex16
    key: Hex32
    agreement: Hex32
    recipient: str


@dataclass(frozen=True)
class Given:
    """`code` is read out, `file` is sent: by two different ways."""

    invitation: str
    code: Code
    file: bytes


def invite(bench: Workbench, role: Role, callsign: str, language: str = "en") -> Given:
    """An admin invites one device. Raises NotHeld on a desk that is no admin's."""
    own, key, name = bench.keyring.own, SigningKey.generate(), secrets.token_hex(16)
    bench.keyring.newest("root")
    with bench.vault.transaction() as db:
        invited = Invited(name, key.public.hex(), role, callsign, bench.today + GOOD_FOR_DAYS)
        bench.pen.write(ROSTER, [invited])
        db.execute("INSERT INTO invitation VALUES (?, ?)", (name, key.seed))
        labels.expect(db, "join", [(join_label(key.seed), 0)], f"join:{name}")
    admin = _known(bench, own.id)
    content = Invitation(FORMAT, own.organisation, own.relay, name, key.seed, role, callsign, admin)
    code, salt, nonce = new_code(language), secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = ChaCha20Poly1305(root_of(code, salt)).encrypt(nonce, msgspec.json.encode(content), None)
    return Given(name, code, salt + nonce + sealed)


def withdraw(bench: Workbench, invitation: str) -> None:
    """The file or the words went astray."""
    bench.pen.write(ROSTER, [InvitationWithdrawn(invitation)])


def read_invitation(file: bytes, code: Code) -> Invitation:
    """Raises InvitationMistake."""
    salt, nonce, sealed = file[:_SALT], file[_SALT : _SALT + _NONCE], file[_SALT + _NONCE :]
    try:
        content = ChaCha20Poly1305(root_of(code, salt)).decrypt(nonce, sealed, None)
        read = msgspec.json.decode(content, type=Invitation)
    except (InvalidTag, ValueError, msgspec.MsgspecError):
        raise InvitationMistake(
            "These words do not open this invitation. Check that words and file belong together; if they do, ask for a new one."
        ) from None
    if read.format != FORMAT:
        raise InvitationMistake("This invitation is for another version of Kunak. Update, or ask for a new one.")
    try:
        check_founder(read.organisation)
    except (BadSignature, ValueError):
        raise InvitationMistake("This invitation contradicts itself. Do not use it; ask for a new one.") from None
    return read


def join(
    folder: Path,
    passphrase: str,
    invitation: Invitation,
    clock: Callable[[], float],
    rooms: Sequence[Room] | None = None,
    vault: Vault | None = None,
) -> Workbench:
    """A new vault with keys of its own. The join request waits in it until `ask_to_join` has sent it."""
    vault = vault or Vault.create(folder, passphrase)
    keys, device = DeviceKeys.generate(), new_device_id()
    own = Own(
        device,
        keys.signing.seed,
        keys.agreement.seed,
        invitation.role,
        invitation.callsign,
        invitation.relay,
        invitation.organisation,
    )
    request = JoinRequest(
        "join",
        invitation.invitation,
        device,
        keys.signing.public.hex(),
        keys.agreement.public.hex(),
        str(keys.identity.recipient),
    )
    encoded = msgspec.json.encode(request)
    proof = hmac.digest(invitation.key, encoded, "sha256")
    sealed = seal_padded(proof + encoded, Recipient.parse(invitation.admin.recipient))
    bench = Workbench.over(vault, rooms, clock)
    with vault.transaction() as db:
        bench.keyring.become(db, own, keys.identity.seed, bench.today)
        for known in (invitation.organisation.founder, invitation.admin):
            bench.keyring.introduce(db, known.id, bytes.fromhex(known.key))
            bench.keyring.expect_pairwise(db, known.id, bytes.fromhex(known.agreement))
        asking = Asking(invitation.invitation, invitation.key, join_label(invitation.key), sealed)
        db.execute("INSERT INTO setting VALUES ('asking', ?)", (msgspec.msgpack.encode(asking),))
    return bench


class Asking(msgspec.Struct, frozen=True):
    """A join request that is not sent yet: invitation id, its seed, label and sealed bytes."""

    invitation: str
    seed: bytes
    label: bytes
    sealed: bytes


def asking(bench: Workbench) -> Asking | None:
    row = bench.vault.db.execute("SELECT value FROM setting WHERE name = 'asking'").fetchone()
    return msgspec.msgpack.decode(row[0], type=Asking) if row else None


def ask_to_join(bench: Workbench, as_invitation: Relay) -> None:
    """Send the request, signed with the invitation's key: `as_invitation` is a client that was made with it (`asking`). Sending
    it twice does no harm. Raises Unreachable, RelayRefused."""
    waiting = asking(bench)
    if waiting is None:
        return
    as_invitation.append([(waiting.label, waiting.sealed)])
    with bench.vault.transaction() as db:
        db.execute("DELETE FROM setting WHERE name = 'asking'")


def admit_who_asked(bench: Workbench) -> None:
    """The first who asked under an open invitation is admitted and granted what the role holds; a second one is an alarm."""
    rows = bench.vault.db.execute(
        "SELECT invitation, position, sealed FROM join_request WHERE done = 0 ORDER BY position"
    ).fetchall()
    for invitation, position, sealed in rows:
        with bench.vault.transaction() as db:
            _admit(bench, db, invitation, sealed)
            db.execute("UPDATE join_request SET done = 1 WHERE invitation = ? AND position = ?", (invitation, position))


def _admit(bench: Workbench, db: Database, invitation: str, sealed: bytes) -> None:
    request = _read_request(bench, db, invitation, sealed)
    if request is None:
        sentence = "A request to join could not be read; whoever sent it is not admitted."
        troubles.note(db, "join-unread", invitation[:8], sentence, bench.clock())
        return
    taken = db.execute("SELECT device FROM roster_admitted WHERE invitation = ?", (invitation,)).fetchall()
    if any(device == request.id for (device,) in taken):
        return
    if taken:
        sentence = (
            "A second device asked to join with an invitation that was already used: somebody has copied it. Ask the helper whether the "
            "admitted device is theirs, and revoke it if not."
        )
        troubles.note(db, "invitation-copied", invitation[:8], sentence, bench.clock())
        return
    row = db.execute(
        "SELECT role, callsign FROM roster_invited WHERE invitation = ? AND last_day >= ?"
        " AND invitation NOT IN (SELECT invitation FROM roster_withdrawn)",
        (invitation, bench.today),
    ).fetchone()
    if row is None:
        sentence = "Somebody asked to join with an invitation that has run out or was withdrawn. Invite them again."
        troubles.note(db, "join-late", invitation[:8], sentence, bench.clock())
        return
    role, callsign = row
    admitted = DeviceAdmitted(request.id, request.key, request.agreement, request.recipient, role, callsign, invitation)
    bench.pen.write(ROSTER, [admitted])
    bench.pen.grant_all([name for name in held_by_role(role) if bench.keyring.holds(name)], request.id)


def _read_request(bench: Workbench, db: Database, invitation: str, sealed: bytes) -> JoinRequest | None:
    (seed,) = db.execute("SELECT seed FROM invitation WHERE id = ?", (invitation,)).fetchone()
    try:
        content = open_padded(sealed, bench.keyring.identities())
        proof, encoded = content[:_PROOF], content[_PROOF:]
        if not hmac.compare_digest(proof, hmac.digest(seed, encoded, "sha256")):
            return None
        request = msgspec.json.decode(encoded, type=JoinRequest)
        Recipient.parse(request.recipient)
    except (NotForYou, Damaged, ValueError, msgspec.MsgspecError):
        return None
    return request if request.invitation == invitation else None


def join_label(seed: bytes) -> bytes:
    return hmac.digest(seed, b"kunak/1 join", "sha256")[:16]


def _known(bench: Workbench, device: str) -> KnownDevice:
    found = bench.roster.get(device)
    if found is None:
        raise RuntimeError("the roster does not know its own admin")
    return KnownDevice(found.id, found.key.hex(), found.agreement.hex(), str(Recipient.from_bytes(found.recipient)))
