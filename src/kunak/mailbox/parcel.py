"""A file on its way from a person's browser to the relay's disk: cleaned if it is a photo, sealed, cut into chunks, forgotten.

One parcel holds less than two chunks in memory, whatever the file's size. Its seed goes into the letter; whoever has the seed
can open the file, nobody else (docs/formats/letter.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from kunak.frame.form import Refused, Upload
from kunak.mailbox.cleaner import Cleaner, NotAPhoto
from kunak.mailbox.photo import cleaner_for, tells_but_cannot_be_cleaned
from kunak.relay import refusals
from kunak.sealing.file import LIMIT, FileSealer
from kunak.sealing.letter import FileReference, chunk_id

_ENOUGH_TO_KNOW = 12  # bytes by which a photo is known
MOST_AT_ONCE = 24  # files on their way
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,40}/[a-z0-9][a-z0-9.+-]{0,80}")


class TooLarge(Refused):
    """The file is larger than 500 MB."""


class NoRoom(Refused):
    """The relay has no room for it now."""


class CannotClean(Refused):
    """It begins like a photo and does not go on like one: what it tells besides its picture cannot be taken out for certain."""


class UnknownKind(Refused):
    """A photo of a kind that we cannot clean (HEIC and the like)."""


class Crowd(Refused):
    """So many files are on their way in this moment that this one is not begun."""


class Gate:
    """How many files may be on their way at once: each holds up to a megabyte of memory until it has arrived."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._inside: set[int] = set()

    def enter(self, parcel: object) -> None:
        """Raises Crowd."""
        if len(self._inside) >= self._most:
            raise Crowd
        self._inside.add(id(parcel))

    def leave(self, parcel: object) -> None:
        """It has arrived, or never will; said twice is no mistake."""
        self._inside.discard(id(parcel))


class Blobs(Protocol):
    """What a parcel needs of the relay's blobs."""

    async def put(self, blob: bytes, chunk: bytes) -> None: ...
    async def discard(self, blobs: Sequence[bytes]) -> None: ...


class Parcel:
    """A sink for one file (frame.form.Sink). `as_is`: a photo keeps everything that it tells."""

    def __init__(self, upload: Upload, blobs: Blobs, gate: Gate, *, as_is: bool) -> None:
        """Raises Crowd."""
        gate.enter(self)
        self._gate = gate
        self._upload = upload
        self._blobs = blobs
        self._as_is = as_is
        self._sealer = FileSealer()
        self._beginning = bytearray()
        self._cleaner: Cleaner | None = None
        self._known = False
        self._received = 0
        self._chunks = 0

    async def write(self, data: bytes) -> None:
        """Raises TooLarge, NoRoom, CannotClean."""
        self._received += len(data)
        if self._received > LIMIT:
            raise TooLarge
        if not self._known:
            self._beginning += data
            if len(self._beginning) < _ENOUGH_TO_KNOW:
                return
            data = self._recognise()
        await self._take(data)

    async def close(self) -> None:
        """Raises NoRoom, CannotClean."""
        if not self._known:
            await self._take(self._recognise())
        if self._cleaner is not None:
            try:
                self._cleaner.finish()
            except NotAPhoto as trouble:
                raise CannotClean from trouble
        await self._ship(self._sealer.finish())
        self._gate.leave(self)

    async def abort(self) -> None:
        """What was already on the relay's disk is deleted."""
        self._gate.leave(self)
        await self._blobs.discard([chunk_id(self._sealer.seed, number) for number in range(self._chunks)])

    @property
    def reference(self) -> FileReference:
        """What the letter says of the file, once it is closed."""
        media_type = self._upload.media_type
        if self._cleaner is not None:
            media_type = self._cleaner.media_type
        elif not _MEDIA_TYPE.fullmatch(media_type):
            media_type = "application/octet-stream"
        return FileReference(
            self._upload.name, self._sealer.size, self._sealer.seed, media_type, self._cleaner is not None
        )

    def _recognise(self) -> bytes:
        self._known = True
        beginning = bytes(self._beginning)
        self._beginning.clear()
        if not self._as_is:
            self._cleaner = cleaner_for(beginning)
            if tells_but_cannot_be_cleaned(beginning):
                raise UnknownKind
        return beginning

    async def _take(self, data: bytes) -> None:
        if self._cleaner is not None:
            try:
                data = self._cleaner.update(data)
            except NotAPhoto as trouble:
                raise CannotClean from trouble
        await self._ship(self._sealer.update(data))

    async def _ship(self, chunks: Iterator[bytes]) -> None:
        for chunk in chunks:
            # Counted first: a chunk whose answer never came may be on the disk all the same.
            self._chunks += 1
            try:
                await self._blobs.put(chunk_id(self._sealer.seed, self._chunks - 1), chunk)
            except refusals.Refused as refusal:
                raise NoRoom from refusal
