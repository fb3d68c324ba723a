"""Chunks of files, 262,144 sealed bytes each, kept under the id that the sealed file's seed gives them.

A chunk that was acknowledged is on the disk (`ChunkFolder`), or with the object store that the operator chose (objects.py).
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from kunak.relay.allowance import Source
from kunak.relay.refusals import Full, Malformed, Refused, Unknown
from kunak.relay.wire import BLOB_SIZE, ID_SIZE, SECONDS_A_DAY, day_of

log = logging.getLogger("kunak")


class Books(Protocol):
    """Who says whether there is room, and remembers which chunks no letter names yet (log.Log)."""

    async def allow_chunk(self, chunk: bytes, by: Source) -> None:
        """Raises Full."""

    async def settle_chunks(self, chunks: Sequence[bytes]) -> None:
        """These are gone. Raises Full."""


class Chunks(Protocol):
    """A place for chunks. May be slow: it is called from threads. `name` has 32 hexadecimal digits."""

    def put(self, name: str, chunk: bytes) -> None:
        """Durable when it returns. Raises Full, Unavailable."""

    def get(self, name: str) -> bytes:
        """Raises Unknown, Unavailable."""

    def has(self, name: str) -> bool:
        """Raises Unavailable."""

    def delete(self, name: str) -> None:
        """One that is not there is no mistake. Raises Unavailable."""


class Blobs:
    """The same chunk twice is a second try, and an upload that broke off goes on where it was."""

    def __init__(self, chunks: Chunks, books: Books) -> None:
        """`books` counts a chunk before it is kept."""
        self._chunks = chunks
        self._books = books

    async def put(self, blob: bytes, chunk: bytes, by: Source = Source.PERSON) -> None:
        """Keep a chunk. Raises Malformed for a wrong size, Full."""
        if len(chunk) != BLOB_SIZE:
            raise Malformed(f"A chunk has exactly {BLOB_SIZE} bytes.")
        if await self.has(blob):
            return
        await self._books.allow_chunk(blob, by)
        await asyncio.to_thread(self._chunks.put, _name(blob), chunk)

    async def get(self, blob: bytes) -> bytes:
        """A chunk. Raises Unknown."""
        return await asyncio.to_thread(self._chunks.get, _name(blob))

    async def has(self, blob: bytes) -> bool:
        """Whether a chunk is here."""
        return await asyncio.to_thread(self._chunks.has, _name(blob))

    async def delete(self, blob: bytes) -> None:
        """Forget a chunk; one that is not there is no mistake."""
        await asyncio.to_thread(self._chunks.delete, _name(blob))

    async def discard(self, blobs: Sequence[bytes]) -> None:
        """Forget what a person sent and no letter will name. Raises nothing: what cannot be removed now is removed at the next start."""
        try:
            for blob in blobs:
                await self.delete(blob)
            await self._books.settle_chunks(blobs)
        except (Refused, OSError):
            log.warning("chunks of files that nobody sent could not be removed now")


def _name(blob: bytes) -> str:
    if len(blob) != ID_SIZE:
        raise Malformed("A chunk's id has 16 bytes.")
    return blob.hex()


class ChunkFolder:
    """A folder on this machine: written beside, flushed, renamed, the folder flushed; overwritten before it is unlinked."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for beside in folder.glob("*.part"):  # a relay was killed while it wrote them
            beside.unlink()

    def put(self, name: str, chunk: bytes) -> None:
        """Raises Full."""
        # Two uploads of one chunk at once must not write into each other's file.
        beside = self._folder / f"{name}.{os.urandom(4).hex()}.part"
        midnight = day_of(self._clock()) * SECONDS_A_DAY
        try:
            with beside.open("wb") as file:
                file.write(chunk)
                file.flush()
                os.utime(file.fileno(), (midnight, midnight))  # the disk keeps no hour either
                os.fsync(file.fileno())
            beside.rename(self._folder / name)
            self._flush_folder()
        except OSError as trouble:
            beside.unlink(missing_ok=True)
            raise Full("The relay's disk is full. This part of the file was not kept; try again later.") from trouble

    def get(self, name: str) -> bytes:
        """Raises Unknown."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError as trouble:
            raise Unknown("There is no such part of a file here.") from trouble

    def has(self, name: str) -> bool:
        """Whether a chunk is here."""
        return (self._folder / name).exists()

    def delete(self, name: str) -> None:
        """Overwrite it, then unlink it."""
        path = self._folder / name
        try:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)
        self._flush_folder()

    def _flush_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
