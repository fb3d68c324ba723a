"""Chunks of files, 262,144 sealed bytes each, kept under the id that the sealed file's seed gives them.

A chunk that was acknowledged is on the disk: written beside, flushed, renamed, the folder flushed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from kunak.relay.allowance import Source
from kunak.relay.refusals import Full, Malformed, Unknown
from kunak.relay.wire import BLOB_SIZE, ID_SIZE, SECONDS_A_DAY, day_of

Allow = Callable[[Source], Awaitable[None]]


class Blobs:
    """A folder of chunks. Its methods run in threads; the same chunk twice is a second try."""

    def __init__(self, folder: Path, clock: Callable[[], float], allow: Allow) -> None:
        """`allow` counts a chunk before it is kept, and raises Full."""
        self._allow = allow
        self._folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def put(self, blob: bytes, chunk: bytes, by: Source = Source.PERSON) -> None:
        """Keep a chunk. Raises Malformed for a wrong size, Full."""
        if len(chunk) != BLOB_SIZE:
            raise Malformed(f"A chunk has exactly {BLOB_SIZE} bytes.")
        if self.has(blob):
            return
        await self._allow(by)
        await asyncio.to_thread(self._put, blob, chunk)

    async def get(self, blob: bytes) -> bytes:
        """A chunk. Raises Unknown."""
        return await asyncio.to_thread(self._get, blob)

    async def delete(self, blob: bytes) -> None:
        """Forget a chunk; one that is not there is no mistake."""
        await asyncio.to_thread(self._path(blob).unlink, missing_ok=True)

    def has(self, blob: bytes) -> bool:
        """Whether a chunk is here, so that an upload that broke off goes on where it was."""
        return self._path(blob).exists()

    def _path(self, blob: bytes) -> Path:
        if len(blob) != ID_SIZE:
            raise Malformed("A chunk's id has 16 bytes.")
        return self._folder / blob.hex()

    def _put(self, blob: bytes, chunk: bytes) -> None:
        path = self._path(blob)
        beside = path.with_suffix(".part")
        midnight = day_of(self._clock()) * SECONDS_A_DAY
        try:
            with beside.open("wb") as file:
                file.write(chunk)
                file.flush()
                os.utime(file.fileno(), (midnight, midnight))  # the disk keeps no hour either
                os.fsync(file.fileno())
            beside.rename(path)
            self._flush_folder()
        except OSError as trouble:
            beside.unlink(missing_ok=True)
            raise Full("The relay's disk is full. This part of the file was not kept; try again later.") from trouble

    def _flush_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _get(self, blob: bytes) -> bytes:
        try:
            return self._path(blob).read_bytes()
        except FileNotFoundError as trouble:
            raise Unknown("There is no such part of a file here.") from trouble
