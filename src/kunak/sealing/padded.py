"""An age file whose stored size is a bucket: what the relay keeps of letters, replies and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.sealing.age import Identity, Recipient, open_sealed, seal, sealed_size
from kunak.sealing.padding import bucket, pad, unpad
from kunak.sealing.payload import SEALED_CHUNK, TAG

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER = sealed_size(0) - TAG


def seal_padded(content: bytes, recipient: Recipient) -> bytes:
    """Sealed bytes of a bucket's size."""
    stored = bucket(sealed_size(len(content) + 1))
    while (plain := _plain_size(stored)) is None or plain <= len(content):
        stored = bucket(stored + 1)
    return seal(pad(content, plain), [recipient])


def open_padded(sealed: bytes, identities: Sequence[Identity]) -> bytes:
    """The content. Raises NotForYou or Damaged."""
    return unpad(open_sealed(sealed, identities))


def _plain_size(stored: int) -> int | None:
    """The plain size that seals to exactly `stored` bytes; None if there is none (a chunk is never only a tag)."""
    payload = stored - _HEADER
    chunks = -(-payload // SEALED_CHUNK)
    plain = payload - chunks * TAG
    return plain if sealed_size(plain) == stored else None
