"""Envelopes inside a compartment, labels, and the keys that follow from its secret (docs/formats/compartment.md)."""

from __future__ import annotations

import secrets
from functools import cached_property
from hmac import digest
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kunak.sealing.derive import derive
from kunak.sealing.failure import Damaged
from kunak.sealing.hybrid import Identity
from kunak.sealing.padding import bucket, pad, unpad
from kunak.sealing.signature import SigningKey

SECRET_SIZE = 32
LABEL_SIZE = 16
_SALT = 16
_OVERHEAD = 32
# The salt makes every envelope's key fresh; a nonce beside it would only add bytes.
_NONCE = bytes(12)


def new_secret() -> bytes:
    """32 random bytes: whoever has them reads the compartment's epoch."""
    return secrets.token_bytes(SECRET_SIZE)


def seal_envelope(secret: bytes, label: bytes, content: bytes) -> bytes:
    """Salt ‖ sealed, of a bucket's size. `label` (16 bytes) is bound: the envelope opens under no other."""
    salt = secrets.token_bytes(_SALT)
    stored = bucket(len(content) + 1 + _OVERHEAD)
    return salt + _cipher(secret, salt).encrypt(_NONCE, pad(content, stored - _OVERHEAD), label)


def open_envelope(secret: bytes, label: bytes, sealed: bytes) -> bytes:
    """The content. Raises Damaged if these are not the bytes that were sealed with this secret under this label."""
    if len(sealed) <= _OVERHEAD:
        raise Damaged("the envelope is too short")
    salt = sealed[:_SALT]
    try:
        padded = _cipher(secret, salt).decrypt(_NONCE, memoryview(sealed)[_SALT:], label)
    except InvalidTag:
        raise Damaged("the envelope was changed, or belongs under another label") from None
    return unpad(padded)


def label_key(secret: bytes) -> bytes:
    """32 bytes: who holds them can find a compartment's envelopes, and read none."""
    return derive(secret, "kunak/1 label")


def label(label_key: bytes, author: bytes, number: int) -> bytes:
    """16 bytes under which `author` (16 bytes) posts the envelope that begins with entry `number`."""
    return digest(label_key, author + number.to_bytes(8, "big"), "sha256")[:LABEL_SIZE]


def identity_of(secret: bytes) -> Identity:
    """What letters to this compartment are sealed to."""
    return Identity.from_seed(derive(secret, "kunak/1 compartment recipient"))


def reply_key_of(secret: bytes) -> SigningKey:
    """The helpline's voice; `secret` is that of `intake`."""
    return SigningKey.from_seed(derive(secret, "kunak/1 reply key"))


class AgreementKey:
    """X25519 (RFC 7748): two devices agree on where they post for each other. Seals nothing."""

    def __init__(self, seed: bytes) -> None:
        self.seed = bytes(seed)
        self._key = X25519PrivateKey.from_private_bytes(self.seed)

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(SECRET_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        return cls(seed)

    @cached_property
    def public(self) -> bytes:
        """32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def exchange(self, peer: bytes) -> bytes:
        """32 bytes that both sides know. Raises ValueError for a peer's key of low order, which everybody could guess."""
        return self._key.exchange(X25519PublicKey.from_public_bytes(peer))

    def __repr__(self) -> str:
        return "AgreementKey(…)"


def pair_label_key(own: AgreementKey, peer_public: bytes, sender_id: bytes, receiver_id: bytes) -> bytes:
    """The label key of what `sender_id` posts for `receiver_id`; both compute the same."""
    return derive(own.exchange(peer_public), b"kunak/1 pair " + sender_id + receiver_id)


def _cipher(secret: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive(secret, "kunak/1 envelope", salt=salt))
