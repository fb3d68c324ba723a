"""The older kinds of recipient, so that the ordinary age tool and we read each other: X25519 and passphrases.

Source: https://c2sp.org/age, "X25519" and "scrypt". Neither withstands a quantum computer: nothing of our own is sealed to them.
"""

from __future__ import annotations

import re
import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kunak.sealing import bech32
from kunak.sealing.failure import DamagedHeader
from kunak.sealing.header import Stanza, base64, from_base64

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = 32
_WRAPPED = 32
_SALT = 16
# A wrapping key is used once, for one file key: that is why its nonce may be zero.
_NONCE = bytes(12)
_RECIPIENT_PREFIX = "age"
_IDENTITY_PREFIX = "age-secret-key-"
_X25519_INFO = b"age-encryption.org/v1/X25519"
_SCRYPT_SALT = b"age-encryption.org/v1/scrypt"
_X25519_ARGUMENTS = 2
_SCRYPT_ARGUMENTS = 3
# 2^18 blocks of 1 KiB: about a second and 256 MiB, the age tool's own choice.
_WORK = 18
# A stranger's file may not make us fill the memory: 2^22 would already take 4 GiB. The age tool has the same limit.
_MOST_WORK = 22


class ClassicRecipient:
    """An X25519 public key, text `age1…`."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._key = X25519PublicKey.from_public_bytes(raw)

    @classmethod
    def parse(cls, text: str) -> Self:
        prefix, raw = bech32.decode(text)
        if prefix != _RECIPIENT_PREFIX or text != text.lower():
            raise ValueError("not a recipient of the kind age1…")
        return cls(raw)

    def wrap(self, file_key: bytes) -> Stanza:
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        key = _wrap_key(ephemeral.exchange(self._key), share, self._raw)
        return Stanza(("X25519", base64(share)), ChaCha20Poly1305(key).encrypt(_NONCE, file_key, None))

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self._raw)


class ClassicIdentity:
    """An X25519 private key, text `AGE-SECRET-KEY-1…`."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._key = X25519PrivateKey.from_private_bytes(raw)

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(_KEY))

    @classmethod
    def parse(cls, text: str) -> Self:
        prefix, raw = bech32.decode(text)
        if prefix != _IDENTITY_PREFIX or text != text.upper():
            raise ValueError("not an identity of the kind AGE-SECRET-KEY-1…")
        return cls(raw)

    @cached_property
    def recipient(self) -> ClassicRecipient:
        return ClassicRecipient(self._key.public_key().public_bytes_raw())

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or None if no stanza is for us. Raises DamagedHeader for an X25519 stanza that is malformed."""
        return next((key for stanza in stanzas if stanza.kind == "X25519" and (key := self._unwrap(stanza))), None)

    def _unwrap(self, stanza: Stanza) -> bytes | None:
        if len(stanza.arguments) != _X25519_ARGUMENTS:
            raise DamagedHeader("an X25519 stanza has two arguments")
        share = from_base64(stanza.arguments[1])
        if len(share) != _KEY or len(stanza.body) != _WRAPPED:
            raise DamagedHeader("an X25519 stanza has the wrong size")
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:  # a point of low order: the shared secret would be all zeros, known to everyone
            raise DamagedHeader("an X25519 stanza names a key that anybody could guess") from None
        key = _wrap_key(shared, share, bytes(self.recipient._raw))  # noqa: SLF001 - the other half of this very key
        return _unwrapped(key, stanza.body)

    def __str__(self) -> str:
        return bech32.encode(_IDENTITY_PREFIX, self._raw).upper()

    def __repr__(self) -> str:
        return "ClassicIdentity(…)"


class Passphrase:
    """Seals to, and opens with, a passphrase (scrypt). A file sealed to a passphrase has no other recipient."""

    def __init__(self, passphrase: str, work: int = _WORK) -> None:
        self._passphrase = passphrase.encode()
        self._work = work

    def wrap(self, file_key: bytes) -> Stanza:
        salt = secrets.token_bytes(_SALT)
        sealed = ChaCha20Poly1305(self._key(salt, self._work)).encrypt(_NONCE, file_key, None)
        return Stanza(("scrypt", base64(salt), str(self._work)), sealed)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or None if this is not the passphrase. Raises DamagedHeader for a malformed stanza."""
        if stanzas[0].kind != "scrypt":
            return None
        stanza = stanzas[0]
        if len(stanza.arguments) != _SCRYPT_ARGUMENTS:
            raise DamagedHeader("a scrypt stanza has three arguments")
        salt, work = from_base64(stanza.arguments[1]), stanza.arguments[2]
        if len(salt) != _SALT or len(stanza.body) != _WRAPPED or not re.fullmatch("[1-9][0-9]?", work, re.ASCII):
            raise DamagedHeader("a scrypt stanza has the wrong size")
        if int(work) > _MOST_WORK:
            raise DamagedHeader("this passphrase file asks for more memory than is safe to give")
        return _unwrapped(self._key(salt, int(work)), stanza.body)

    def _key(self, salt: bytes, work: int) -> bytes:
        return Scrypt(_SCRYPT_SALT + salt, length=_KEY, n=1 << work, r=8, p=1).derive(self._passphrase)

    def __repr__(self) -> str:
        return "Passphrase(…)"


def refuse_mixed_passphrase(stanzas: Sequence[Stanza]) -> None:
    """Who opens a passphrase file believes that only holders of the passphrase could have written it."""
    if len(stanzas) > 1 and any(stanza.kind == "scrypt" for stanza in stanzas):
        raise DamagedHeader("a passphrase file may have no other recipient")


def _wrap_key(shared: bytes, share: bytes, recipient: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, share + recipient, _X25519_INFO).derive(shared)


def _unwrapped(key: bytes, body: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(key).decrypt(_NONCE, body, None)
    except InvalidTag:
        return None
