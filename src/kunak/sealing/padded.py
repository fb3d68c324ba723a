"""An age file whose stored size is a bucket: what the relay keeps of letters, replies and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.sealing.age import Identity, Recipient, open_sealed, plain_size, seal, sealed_size
from kunak.sealing.padding import bucket, pad, unpad

if TYPE_CHECKING:
    from collections.abc import Sequence


def seal_padded(content: bytes, recipient: Recipient) -> bytes:
    """Sealed bytes of a bucket's size."""
    stored = bucket(sealed_size(len(content) + 1))
    while (plain := plain_size(stored)) is None or plain <= len(content):
        stored = bucket(stored + 1)
    return seal(pad(content, plain), [recipient])


def open_padded(sealed: bytes, identities: Sequence[Identity]) -> bytes:
    """The content. Raises NotForYou or Damaged."""
    return unpad(open_sealed(sealed, identities))
