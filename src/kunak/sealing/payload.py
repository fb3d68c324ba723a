"""The payload of an age v1 file: chunks of 64 KiB, each sealed under its number and whether it is the last.

Source: https://c2sp.org/age, "Payload" (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kunak.sealing.failure import DamagedPayload

CHUNK = 65_536
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 16

Bytes = bytes | bytearray | memoryview


def sealed_size(plain_size: int) -> int:
    """Size of nonce and chunks for a payload of `plain_size` bytes. An empty payload is one empty chunk."""
    return NONCE + plain_size + TAG * max(1, -(-plain_size // CHUNK))


class Stream:
    """Seals or opens (one of the two) the chunks of one payload, in order."""

    def __init__(self, key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)
        self._number = 0

    def seal(self, chunk: Bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(self._nonce(last=last), chunk, None)
        self._number += 1
        return sealed

    def open(self, sealed: Bytes, *, last: bool) -> bytes:
        """Raises DamagedPayload if these are not the bytes of this chunk, or more or less was to follow."""
        if last and len(sealed) <= TAG and self._number:
            # An empty last chunk is allowed for an empty payload only: one meaning, one spelling.
            raise DamagedPayload("the end is missing: fetch the file again")
        try:
            chunk = self._cipher.decrypt(self._nonce(last=last), sealed, None)
        except InvalidTag:
            raise self._misplaced(sealed, last=last) from None
        self._number += 1
        return chunk

    def _misplaced(self, sealed: Bytes, *, last: bool) -> DamagedPayload:
        """What is wrong with a chunk that did not open: is it the last one although more follows, or the other way round?"""
        if len(sealed) == SEALED_CHUNK:
            try:
                genuine = self._cipher.decrypt(self._nonce(last=not last), sealed, None)
            except InvalidTag:
                pass
            else:
                return DamagedPayload("the end is missing, or something follows it: fetch the file again", genuine)
        return DamagedPayload("a part was changed or is missing: fetch the file again")

    def _nonce(self, *, last: bool) -> bytes:
        # The number may serve as nonce because the key is of this file alone. The last byte tells the last chunk
        # from all others: without it, a file cut off after a whole chunk would pass for complete.
        return (self._number << 8 | last).to_bytes(12, "big")
