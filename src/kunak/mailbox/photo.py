"""Takes out of a photo what it tells besides its picture: place, time, camera, names, hidden small pictures, comments.

The picture itself is not touched: nothing is decoded, so nothing is lost and nothing that a photo contains can be run.
Segments pass one after another; only those that are needed to show the picture are let through (a list of what may pass,
never a list of what may not). Bytes come in pieces of any size and leave at once: memory is bounded whatever the photo's size.

    cleaner = cleaner_for(first_bytes)      # None: not a photo that we know
    out = cleaner.update(piece); ...; cleaner.finish()

What is taken and what remains: docs/decisions/photos-lose-their-metadata.md.
JPEG has a file of its own (jpeg.py), and so has the one thing that is kept of Exif data (orientation.py).
Sources: PNG (W3C, third edition); WebP container (RFC 9649).
"""

from __future__ import annotations

import zlib
from typing import ClassVar

from kunak.mailbox.cleaner import Cleaner, NotAPhoto, Steps
from kunak.mailbox.jpeg import Jpeg
from kunak.mailbox.orientation import ENOUGH, UPRIGHT, block_with, orientation_in


class Png(Cleaner):
    """Lets through the chunks that draw the picture (and its movement), each with the length that it may have."""

    media_type = "image/png"
    SIGNATURE = b"\x89PNG\r\n\x1a\n"
    # Longest content of each kind; what is longer than its kind allows could carry something else. IDAT, fdAT: no bound.
    LONGEST: ClassVar = {
        b"IHDR": 13, b"PLTE": 768, b"IDAT": 2**31, b"IEND": 0, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"sBIT": 4,
        b"bKGD": 6, b"cICP": 4, b"acTL": 8, b"fcTL": 26, b"fdAT": 2**31,
    }  # fmt: skip

    def _clean(self) -> Steps:
        if (yield "take", 8) != self.SIGNATURE:
            raise NotAPhoto("no start")
        self._out += self.SIGNATURE
        while True:
            head = yield "take", 8
            length, kind = int.from_bytes(head[:4], "big"), head[4:]
            if length >= 2**31:
                raise NotAPhoto("a chunk too long")
            if length <= self.LONGEST.get(kind, -1):
                self._out += head
                yield "pass", length + 4
            elif kind == b"eXIf":
                known = yield "take", min(length, ENOUGH)
                yield "drop", length - len(known) + 4
                self._out += self._upright(known)
            elif kind[:1].islower():
                yield "drop", length + 4
            else:
                raise NotAPhoto("a chunk that a reader must know")
            if kind == b"IEND":
                # Behind the end some phones left what had been cropped away (CVE-2023-21036).
                yield "rest", 0

    @staticmethod
    def _upright(exif: bytes) -> bytes:
        """A chunk that says only which side is up, if it is not said already by saying nothing."""
        orientation = orientation_in(exif)
        if orientation == UPRIGHT:
            return b""
        block = b"eXIf" + block_with(orientation)
        return (len(block) - 4).to_bytes(4, "big") + block + zlib.crc32(block).to_bytes(4, "big")


class Webp(Cleaner):
    """Keeps every chunk's place and length, so that the size in the head stays true, and blanks what is not the picture.

    Of Exif data the orientation stays, in a block of the length that the data had: the head, which says that there is one, has
    left long before.
    """

    media_type = "image/webp"
    PASSES = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM"})
    EXIF = 0x08
    KEPT_FLAGS = 0x10 | EXIF | 0x02  # transparency, movement; the flags of XMP and a colour profile are taken off
    BLANK = b"JUNK"  # readers must ignore chunks that they do not know (RFC 9649, section 2.7.1.6)

    def _clean(self) -> Steps:
        head = yield "take", 12
        if head[:4] != b"RIFF" or head[8:] != b"WEBP":
            raise NotAPhoto("no start")
        self._out += head
        left = int.from_bytes(head[4:8], "little") - 4
        tells_what_is_up = False
        while left > 0:
            head = yield "take", 8
            kind, length = head[:4], int.from_bytes(head[4:], "little")
            padded = length + length % 2
            left -= 8 + padded
            if left < 0:
                raise NotAPhoto("a chunk longer than the picture")
            if kind == b"VP8X" and length == 10:
                flags = yield "take", 10
                tells_what_is_up = bool(flags[0] & self.EXIF)
                self._out += head + bytes((flags[0] & self.KEPT_FLAGS, 0, 0, 0)) + flags[4:]
            elif kind == b"ANMF" and length >= 16:
                # A frame's own chunks follow its 16 bytes: they are walked through like all others.
                self._out += head
                yield "pass", 16
                left += padded - 16
            elif kind in self.PASSES:
                self._out += head
                yield "pass", padded
            elif kind == b"EXIF" and tells_what_is_up and length >= len(block_with(UPRIGHT)):
                tells_what_is_up = False  # a second one is read by nobody
                known = yield "take", min(length, ENOUGH)
                self._out += head + block_with(orientation_in(known)).ljust(len(known), b"\0")
                yield "blank", padded - len(known)
            else:
                self._out += self.BLANK + head[4:]
                yield "blank", padded
        yield "rest", 0


# Brands of ISO base media files that are still pictures (ISO/IEC 23008-12, AVIF), and the two beginnings of TIFF and raw photos.
_PICTURE_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})
_TIFF = (b"II*\x00", b"MM\x00*")


def tells_but_cannot_be_cleaned(first: bytes) -> bool:
    """Whether a file that begins with these bytes (12 suffice) is a photo that tells place and time, of a kind not known here."""
    return (first[4:8] == b"ftyp" and first[8:12] in _PICTURE_BRANDS) or first[:4] in _TIFF


def cleaner_for(first: bytes) -> Cleaner | None:
    """The cleaner for a photo that begins with these bytes (12 suffice); None for any other file."""
    if first.startswith(b"\xff\xd8\xff"):
        return Jpeg()
    if first.startswith(Png.SIGNATURE):
        return Png()
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return Webp()
    return None
