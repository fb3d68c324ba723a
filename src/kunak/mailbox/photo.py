"""Takes out of a photo what it tells besides its picture: place, time, camera, names, hidden small pictures, comments.

The picture itself is not touched: nothing is decoded, so nothing is lost and nothing that a photo contains can be run.
Segments pass one after another; only those that are needed to show the picture are let through (a list of what may pass,
never a list of what may not). Bytes come in pieces of any size and leave at once: memory is bounded whatever the photo's size.

    cleaner = cleaner_for(first_bytes)      # None: not a photo that we know
    out = cleaner.update(piece); ...; cleaner.finish()

What is taken and what remains: docs/decisions/photos-lose-their-metadata.md.
Sources: ITU-T T.81 (JPEG), JFIF 1.02, Exif 2.32; PNG (W3C, third edition); WebP container (RFC 9649).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import ClassVar

from kunak.mailbox.cleaner import Cleaner, NotAPhoto, Steps, Wish


class Jpeg(Cleaner):
    """Lets through tables, frame and scans; writes a plain JFIF head, and of the Exif data the orientation alone."""

    media_type = "image/jpeg"
    # Longest segment of each kind, its two bytes of length included; a longer one could carry something else (T.81, annex B).
    # SOF0-3, 5-7, 9-11, 13-15 with four components; hierarchical frames (DHP, EXP) no phone writes.
    LONGEST: ClassVar = {code: 20 for code in range(0xC0, 0xD0) if code not in {0xC4, 0xC8, 0xCC}} | {
        0xC4: 2 + 8 * (17 + 256),  # DHT: eight tables
        0xCC: 2 + 32 * 2,  # DAC
        0xDA: 6 + 4 * 2,  # SOS
        0xDB: 2 + 4 * 129,  # DQT: four tables of 16 bits
        0xDC: 4,  # DNL
        0xDD: 4,  # DRI
    }
    JFIF = (
        b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"  # version 1.02, square pixels, no small picture
    )
    ADOBE = 12  # bytes of an Adobe segment: without it the colours of some pictures turn over

    def _clean(self) -> Steps:
        if (yield "take", 2) != b"\xff\xd8":
            raise NotAPhoto("no start")
        self._out += b"\xff\xd8"
        while True:
            marker = yield from self._marker()
            if marker == 0xD9:
                self._out += b"\xff\xd9"
                # What phones hang behind the end: films, depth maps, the uncropped original.
                yield "rest", 0
            length = int.from_bytes((yield "take", 2), "big")
            if length < 2:
                raise NotAPhoto("a segment without length")
            if length <= self.LONGEST.get(marker, 0):
                content = yield "take", length - 2
                if not _has_the_shape_of(marker, content):
                    raise NotAPhoto("a table that is none")
                self._out += bytes((0xFF, marker)) + length.to_bytes(2, "big") + content
                if marker == 0xDA:
                    yield "scan", 0
            elif 0xE0 <= marker <= 0xEF or marker == 0xFE:
                self._out += self._plain(marker, (yield "take", length - 2))
            else:
                raise NotAPhoto("an unknown segment, or one too long for its kind")

    def _marker(self) -> Generator[Wish, bytes, int]:
        if (yield "take", 1) != b"\xff":
            raise NotAPhoto("no marker")
        while (code := (yield "take", 1)) == b"\xff":  # fill bytes
            pass
        return code[0]

    def _plain(self, marker: int, content: bytes) -> bytes:
        """What is kept of an application segment."""
        if marker == 0xE0 and content.startswith(b"JFIF\x00"):
            return self.JFIF
        if marker == 0xEE and len(content) == self.ADOBE and content.startswith(b"Adobe"):
            return b"\xff\xee" + (self.ADOBE + 2).to_bytes(2, "big") + content
        if marker == 0xE1 and content.startswith(b"Exif\x00\x00"):
            orientation = exif_orientation(content[6:])
            if orientation != 1:
                exif = b"Exif\x00\x00" + _exif_with(orientation)
                return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
        return b""


def _has_the_shape_of(marker: int, content: bytes) -> bool:
    """Whether a segment is built as its kind is (T.81, annex B). One damaged marker must not turn Exif data into a table."""
    match marker:
        case 0xC4:
            return _fills(content, _huffman_table)
        case 0xDB:
            return _fills(content, _quantisation_table)
        case 0xCC:
            return len(content) % 2 == 0 and all(byte in _TABLE_IDS for byte in content[::2])
        case 0xDA:
            return bool(content) and len(content) == 4 + 2 * content[0]
        case 0xDC | 0xDD:
            return len(content) == 2
        case _:
            return len(content) > 5 and len(content) == 6 + 3 * content[5]


# A table's first byte: class or precision (0, 1) in the upper half, destination (0 to 3) in the lower.
_TABLE_IDS = frozenset({0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13})


def _huffman_table(rest: bytes) -> int:
    """Bytes of the Huffman table that these begin with: its byte, sixteen counts, and as many values as they add up to."""
    return 17 + sum(rest[1:17])


def _quantisation_table(rest: bytes) -> int:
    """Bytes of the quantisation table that these begin with: its byte and 64 values of one or two bytes."""
    return 1 + 64 * (1 + (rest[0] >> 4))


def _fills(content: bytes, size_of: Callable[[bytes], int]) -> bool:
    """Whether the content is one or more whole tables and nothing else."""
    while content and content[0] in _TABLE_IDS and len(content) >= size_of(content):
        content = content[size_of(content) :]
    return not content


def exif_orientation(tiff: bytes) -> int:
    """Which side of the picture is up, 1 to 8 (Exif 2.32, tag 0x0112); 1 when it is not said."""
    order = {b"II*\x00": "little", b"MM\x00*": "big"}.get(tiff[:4])
    if order is None:
        return 1
    little = order == "little"

    def number(start: int, length: int) -> int:
        return int.from_bytes(tiff[start : start + length], "little" if little else "big")

    start = number(4, 4)
    for index in range(min(number(start, 2), 200)):
        entry = start + 2 + 12 * index
        if number(entry, 2) == 0x0112:
            value = number(entry + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1


def _exif_with(orientation: int) -> bytes:
    """The smallest Exif block: one entry, SHORT, count 1, no further directory."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\x00\x00"
    return b"MM\x00*\x00\x00\x00\x08" + b"\x00\x01" + entry + b"\x00\x00\x00\x00"


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
            elif kind[:1].islower():
                yield "drop", length + 4
            else:
                raise NotAPhoto("a chunk that a reader must know")
            if kind == b"IEND":
                # Behind the end some phones left what had been cropped away (CVE-2023-21036).
                yield "rest", 0


class Webp(Cleaner):
    """Keeps every chunk's place and length, so that the size in the head stays true, and blanks what is not the picture."""

    media_type = "image/webp"
    PASSES = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM"})
    KEPT_FLAGS = 0x10 | 0x02  # transparency, movement; the flags of Exif, XMP and a colour profile are taken off
    BLANK = b"JUNK"  # readers must ignore chunks that they do not know (RFC 9649, section 2.7.1.6)

    def _clean(self) -> Steps:
        head = yield "take", 12
        if head[:4] != b"RIFF" or head[8:] != b"WEBP":
            raise NotAPhoto("no start")
        self._out += head
        left = int.from_bytes(head[4:8], "little") - 4
        while left > 0:
            head = yield "take", 8
            kind, length = head[:4], int.from_bytes(head[4:], "little")
            padded = length + length % 2
            left -= 8 + padded
            if left < 0:
                raise NotAPhoto("a chunk longer than the picture")
            if kind == b"VP8X" and length == 10:
                flags = yield "take", 10
                self._out += head + bytes((flags[0] & self.KEPT_FLAGS, 0, 0, 0)) + flags[4:]
            elif kind == b"ANMF" and length >= 16:
                # A frame's own chunks follow its 16 bytes: they are walked through like all others.
                self._out += head
                yield "pass", 16
                left += padded - 16
            elif kind in self.PASSES:
                self._out += head
                yield "pass", padded
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
