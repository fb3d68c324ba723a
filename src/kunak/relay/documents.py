"""The organisation's signed documents: the roster (which devices may append and read) and the helpline (who is written to).

Both are signed by the organisation's root key, whose public half is the only thing that a relay must be given. The relay may
not reach `sealing`, so it checks with libsodium's Ed25519 directly (docs/formats/signature.md, docs/formats/relay.md); that takes
half of the time of OpenSSL's, on the way of every request.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

import msgspec
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from kunak.relay.log import Log
from kunak.relay.refusals import Malformed, NotAllowed

_SIGNATURE_SIZE: Final = 64


class Organisation(msgspec.Struct, frozen=True):
    """organisation.json. `id` is hex of 16 bytes, `root` hex of 32."""

    format: str
    id: str
    root: str
    name: dict[str, str] = {}

    @classmethod
    def read(cls, path: Path) -> Organisation:
        """The file that `kunak org create` wrote. Raises Malformed."""
        return cls.decode(path.read_bytes())

    @classmethod
    def decode(cls, content: bytes) -> Organisation:
        """Raises Malformed."""
        try:
            organisation = msgspec.json.decode(content, type=cls)
            sizes = len(bytes.fromhex(organisation.id)), len(bytes.fromhex(organisation.root))
        except (msgspec.MsgspecError, ValueError) as trouble:
            raise Malformed("organisation.json is damaged. Take it again from the admin's desk.") from trouble
        if organisation.format != "kunak-organisation/1" or sizes != (16, 32):
            raise Malformed("organisation.json is of a kind that this version of Kunak does not know.")
        return organisation


class RosterDevice(msgspec.Struct, frozen=True):
    """A device that may append and read. `id` is hex of 16 bytes, `key` hex of an Ed25519 public key."""

    id: str
    key: str


class Roster(msgspec.Struct, frozen=True):
    """docs/formats/relay.md."""

    format: str
    organisation: str
    version: int
    devices: list[RosterDevice]


class Week(msgspec.Struct, frozen=True):
    """The key of a week: letters are sealed to `recipient` from day `from_day` on."""

    from_day: int = msgspec.field(name="from")
    recipient: str


class Helpline(msgspec.Struct, frozen=True):
    """docs/formats/relay.md: what a person's page needs to write to the helpline and to believe its replies."""

    format: str
    organisation: str
    version: int
    name: dict[str, str]
    reply_keys: list[str]
    weeks: list[Week]


T = TypeVar("T", Roster, Helpline)


class Documents:
    """The newest roster and helpline document, checked when they come in and again when they are read from the disk."""

    def __init__(self, log: Log, organisation: Organisation) -> None:
        self._log = log
        self.organisation = organisation
        self._root = VerifyKey(bytes.fromhex(organisation.root))
        self._devices: dict[str, VerifyKey] = {}
        self._roster_bytes = b""
        self._helpline_bytes = b""
        self._helpline: Helpline | None = None
        for name, take in (("roster", self._take_roster), ("helpline", self._take_helpline)):
            kept = log.document(name)
            if kept is not None:
                take(kept[1])

    def key_of(self, device: str) -> VerifyKey | None:
        """The key of a device (hex id) of the roster, or None."""
        return self._devices.get(device)

    @property
    def roster_bytes(self) -> bytes | None:
        """The roster as it was signed."""
        return self._roster_bytes or None

    @property
    def helpline_bytes(self) -> bytes | None:
        """The helpline document as it was signed."""
        return self._helpline_bytes or None

    @property
    def helpline(self) -> Helpline | None:
        """The helpline document, its signature checked; None until an admin's desk has sent one."""
        return self._helpline

    async def put_roster(self, document: bytes) -> None:
        """Take a new roster. Raises NotAllowed, Malformed, Outdated."""
        roster = self._checked("roster", document, Roster)
        _devices(roster)
        await self._log.put_document("roster", roster.version, document)
        self._take_newest("roster")

    async def put_helpline(self, document: bytes) -> None:
        """Take a new helpline document. Raises NotAllowed, Malformed, Outdated."""
        helpline = self._checked("helpline", document, Helpline)
        await self._log.put_document("helpline", helpline.version, document)
        self._take_newest("helpline")

    def _take_newest(self, name: str) -> None:
        # Two puts may have come at once; the database has decided which of them is the newer.
        kept = self._log.document(name)
        if kept is not None:
            (self._take_roster if name == "roster" else self._take_helpline)(kept[1])

    def _take_roster(self, document: bytes) -> None:
        self._devices = _devices(self._checked("roster", document, Roster))
        self._roster_bytes = document

    def _take_helpline(self, document: bytes) -> None:
        self._helpline = self._checked("helpline", document, Helpline)
        self._helpline_bytes = document

    def _checked(self, purpose: str, document: bytes, kind: type[T]) -> T:
        signature, content = document[:_SIGNATURE_SIZE], document[_SIGNATURE_SIZE:]
        try:
            self._root.verify(b"kunak/1 " + purpose.encode() + b"\0" + content, signature)
        except (CryptoError, ValueError) as trouble:
            raise NotAllowed("This document is not signed by the organisation's root key.") from trouble
        try:
            decoded = msgspec.json.decode(content, type=kind)
        except (msgspec.MsgspecError, ValueError) as trouble:
            raise Malformed(f"This document is not a {purpose} document of this version.") from trouble
        if decoded.format != f"kunak-{purpose}/1" or decoded.organisation != self.organisation.id:
            raise Malformed(f"This document is not a {purpose} document of this organisation.")
        return decoded


def _devices(roster: Roster) -> dict[str, VerifyKey]:
    try:
        return {d.id: VerifyKey(bytes.fromhex(d.key)) for d in roster.devices}
    except (CryptoError, ValueError) as trouble:
        raise Malformed("A device in the roster has a key that is none.") from trouble
