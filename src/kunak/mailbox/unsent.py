"""Files whose letter has not been sent: chosen, sealed, kept for an hour in case the person puts the letter right, then deleted.

Without this everybody could fill the relay's disk with files that no letter names and nobody can ever open. Only ids of chunks
are remembered, in memory. A restart forgets them, and with them the keys by which a form names its files: what the relay's books
then still call loose (relay/loose.py) has no owner, and is removed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from kunak.sealing.file import chunks_of
from kunak.sealing.letter import FileReference, chunk_id

KEPT_FOR = 60 * 60  # seconds: as long as a form can be sent


class Discards(Protocol):
    """What is needed of the relay's blobs."""

    async def discard(self, blobs: Sequence[bytes]) -> None: ...


class Unsent:
    """Remembers files from their arrival until their letter is sent, or their hour is over."""

    def __init__(self, blobs: Discards, ticks: Callable[[], float] = time.monotonic) -> None:
        self._blobs = blobs
        self._ticks = ticks
        self._files: dict[bytes, tuple[float, list[bytes]]] = {}

    def arrived(self, files: Iterable[FileReference]) -> None:
        """These are on the disk, and their letter is not sent yet; said again, their hour begins anew."""
        for file in files:
            chunks = chunks_named(file)
            self._files[chunks[0]] = (self._ticks() + KEPT_FOR, chunks)

    def holds(self, file: FileReference) -> bool:
        """Whether it is still here."""
        return chunk_id(file.seed, 0) in self._files

    def sent(self, files: Iterable[FileReference]) -> None:
        """The letter that names these is durable."""
        for file in files:
            self._files.pop(chunk_id(file.seed, 0), None)

    async def sweep(self) -> None:
        """Delete what waited for too long."""
        now = self._ticks()
        over = [first for first, (until, _) in self._files.items() if until <= now]
        for first in over:
            await self._blobs.discard(self._files.pop(first)[1])


def chunks_named(file: FileReference) -> list[bytes]:
    """The ids of a file's chunks."""
    return [chunk_id(file.seed, number) for number in range(chunks_of(file.size))]
