"""Files beside a letter: an age file under a key of its own, cut into chunks of one size (docs/formats/letter.md).

The relay sees how many chunks a file has, and nothing else. Constant memory on both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.sealing.age import Opener, Sealer, plain_size, sealed_size
from kunak.sealing.failure import Damaged
from kunak.sealing.hybrid import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

STORED_CHUNK = 262_144
# Issue 2: 500 MB a file.
LIMIT = 500_000_000


class TooLarge(Exception):
    """More than a file may have."""


def chunks_of(size: int) -> int:
    """How many chunks the relay keeps for a file of `size` bytes."""
    return sealed_size(padded_size(size)) // STORED_CHUNK


def padded_size(size: int) -> int:
    """The smallest plain size, not below `size`, that seals to whole chunks."""
    chunks = -(-sealed_size(size) // STORED_CHUNK)
    while (plain := plain_size(chunks * STORED_CHUNK)) is None or plain < size:
        chunks += 1
    return plain


class FileSealer:
    """Takes a file piece by piece, gives the relay's chunks. Its seed and size go into the letter."""

    def __init__(self, seed: bytes | None = None, limit: int = LIMIT) -> None:
        identity = Identity.generate() if seed is None else Identity.from_seed(seed)
        self.seed = identity.seed
        self.size = 0
        self._limit = limit
        self._sealer = Sealer([identity.recipient])
        self._held = bytearray(self._sealer.header())

    def update(self, data: bytes) -> Iterator[bytes]:
        """The chunks that are now complete. Raises TooLarge."""
        self.size += len(data)
        if self.size > self._limit:
            raise TooLarge("the file is too large")
        self._held += self._sealer.update(data)
        return self._whole_chunks()

    def finish(self) -> Iterator[bytes]:
        """The remaining chunks."""
        self._held += self._sealer.update(bytes(padded_size(self.size) - self.size)) + self._sealer.finish()
        return self._whole_chunks()

    def _whole_chunks(self) -> Iterator[bytes]:
        while len(self._held) >= STORED_CHUNK:
            chunk = bytes(self._held[:STORED_CHUNK])
            del self._held[:STORED_CHUNK]
            yield chunk


class FileOpener:
    """Takes the relay's chunks in order, gives the file. Raises Damaged or NotForYou."""

    def __init__(self, seed: bytes, size: int) -> None:
        self._opener = Opener([Identity.from_seed(seed)])
        self._missing = size

    def update(self, chunk: bytes) -> bytes:
        return self._cut(self._opener.update(chunk))

    def finish(self) -> bytes:
        """Raises Damaged if chunks are missing."""
        last = self._cut(self._opener.finish())
        if self._missing:
            raise Damaged("the file is shorter than its letter says")
        return last

    def _cut(self, plain: bytes) -> bytes:
        """Without the zeros that fill the last chunk."""
        kept = plain[: self._missing]
        if any(plain[len(kept) :]):
            raise Damaged("the file is longer than its letter says")
        self._missing -= len(kept)
        return kept
