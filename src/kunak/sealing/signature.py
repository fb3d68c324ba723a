"""Ed25519 with a purpose (docs/formats/signature.md): what was signed for one thing is worth nothing for another."""

from __future__ import annotations

import secrets
from enum import StrEnum
from functools import cached_property
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError

SIZE = 64
KEY_SIZE = 32


class BadSignature(Exception):
    """Not signed by this key for this purpose, or changed since."""


class Purpose(StrEnum):
    """Every thing that is ever signed. None is the beginning of another, and the zero byte would tell them apart anyway."""

    ENTRY = "entry"
    ROSTER = "roster"
    HELPLINE = "helpline"
    REPLY = "reply"
    INVITATION = "invitation"
    RELEASE = "release"


class SigningKey:
    """An Ed25519 private key (RFC 8032), kept as its seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != KEY_SIZE:
            raise ValueError("a seed has 32 bytes")
        self.seed = bytes(seed)
        self._key = Ed25519PrivateKey.from_private_bytes(self.seed)

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(KEY_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        return cls(seed)

    @cached_property
    def public(self) -> bytes:
        """32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        """64 bytes over exactly these bytes."""
        return self._key.sign(_bound(purpose, message))

    def __repr__(self) -> str:
        return "SigningKey(…)"


def verify(public: bytes, purpose: Purpose, message: bytes, signature: bytes) -> None:
    """Raises BadSignature."""
    if len(signature) != SIZE or len(public) != KEY_SIZE:
        raise BadSignature(f"the signature ({purpose}) does not hold")
    # libsodium verifies in half the time of OpenSSL; a new desk does it a hundred thousand times.
    try:
        crypto_sign_open(signature + _bound(purpose, message), public)
    except CryptoError:
        raise BadSignature(f"the signature ({purpose}) does not hold") from None


def _bound(purpose: Purpose, message: bytes) -> bytes:
    return _PREFIXES[purpose] + message


_PREFIXES: Final = {purpose: b"kunak/1 " + purpose.encode("ascii") + b"\0" for purpose in Purpose}
