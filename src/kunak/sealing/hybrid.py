"""Recipients and identities of the kind `mlkem768x25519`: safe while either ML-KEM-768 or X25519 is.

Source: https://c2sp.org/age, "MLKEM768-X25519"; HPKE is RFC 9180, its hybrid KEM draft-ietf-hpke-pq (X-Wing).
"""

from __future__ import annotations

import secrets
from functools import cached_property, lru_cache
from hashlib import shake_256
from typing import TYPE_CHECKING, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from kunak.sealing import bech32
from kunak.sealing.failure import DamagedHeader
from kunak.sealing.header import Stanza, base64, from_base64

if TYPE_CHECKING:
    from collections.abc import Sequence

KIND = "mlkem768x25519"
RECIPIENT_SIZE = 1_216
SEED_SIZE = 32

_RECIPIENT_PREFIX = "age1pq"
_IDENTITY_PREFIX = "age-secret-key-pq-"
_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_ENCAPSULATED = 1_120
_MLKEM_PUBLIC = 1_184
_MLKEM_SEED = 64
_WRAPPED = 32
_ARGUMENTS = 2


@lru_cache(maxsize=256)
def _raw_recipient(text: str) -> bytes:
    # 2 ms for 1,216 bytes; a desk parses the same few recipients at every step. They are public.
    prefix, raw = bech32.decode(text)
    if prefix != _RECIPIENT_PREFIX or text != text.lower():
        raise ValueError("not a recipient of the kind age1pq1…")
    return raw


class Recipient:
    """Whom to seal to. Text `age1pq1…`; bytes: ML-KEM-768 encapsulation key (1,184) ‖ X25519 public key (32)."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != RECIPIENT_SIZE:
            raise ValueError("a recipient has 1,216 bytes")
        self._raw = bytes(raw)
        self._key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self._raw[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(self._raw[_MLKEM_PUBLIC:]),
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises ValueError if these bytes are not a public key."""
        return cls(raw)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError if the text is not the spelling of a hybrid recipient."""
        return cls(_raw_recipient(text))

    def wrap(self, file_key: bytes) -> Stanza:
        sealed = _SUITE.encrypt(file_key, self._key, info=_INFO)
        return Stanza((KIND, base64(sealed[:_ENCAPSULATED])), sealed[_ENCAPSULATED:])

    def __bytes__(self) -> bytes:
        return self._raw

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self._raw)

    def __repr__(self) -> str:
        return f"Recipient({str(self)[:16]}…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipient) and self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)


class Identity:
    """What opens: a seed of 32 bytes. Text `AGE-SECRET-KEY-PQ-1…`."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise ValueError("a seed has 32 bytes")
        self.seed = bytes(seed)

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(SEED_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        return cls(seed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError if the text is not the spelling of a hybrid identity."""
        prefix, seed = bech32.decode(text)
        if prefix != _IDENTITY_PREFIX or text != text.upper():
            raise ValueError("not an identity of the kind AGE-SECRET-KEY-PQ-1…")
        return cls(seed)

    @cached_property
    def _keys(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        # One seed for both: SHAKE-256 stretches it to the 64 bytes of ML-KEM and the 32 of X25519.
        expanded = shake_256(self.seed).digest(_MLKEM_SEED + SEED_SIZE)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED]),
            X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:]),
        )

    @cached_property
    def recipient(self) -> Recipient:
        mlkem, x25519 = self._keys
        return Recipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    @cached_property
    def _private(self) -> MLKEM768X25519PrivateKey:
        return MLKEM768X25519PrivateKey(*self._keys)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or None if no stanza is for us. Raises DamagedHeader for a stanza of our kind that is malformed."""
        return next((key for stanza in stanzas if stanza.kind == KIND and (key := self._unwrap(stanza))), None)

    def _unwrap(self, stanza: Stanza) -> bytes | None:
        if len(stanza.arguments) != _ARGUMENTS:
            raise DamagedHeader("a hybrid stanza has two arguments")
        encapsulated = from_base64(stanza.arguments[1])
        # Only the size of one file key is tried: a longer body could be made to open under many keys at once.
        if len(encapsulated) != _ENCAPSULATED or len(stanza.body) != _WRAPPED:
            raise DamagedHeader("a hybrid stanza has the wrong size")
        try:
            return _SUITE.decrypt(encapsulated + stanza.body, self._private, info=_INFO)
        except InvalidTag:
            self._refuse_low_order(encapsulated[-SEED_SIZE:])
            return None

    def _refuse_low_order(self, share: bytes) -> None:
        """A stanza for somebody else is no fault; one whose X25519 part gives a secret that anybody could guess is."""
        try:
            self._keys[1].exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise DamagedHeader("a hybrid stanza names a key that anybody could guess") from None

    def __str__(self) -> str:
        return bech32.encode(_IDENTITY_PREFIX, self.seed).upper()

    def __repr__(self) -> str:
        return "Identity(…)"  # a secret stays out of logs and tracebacks
