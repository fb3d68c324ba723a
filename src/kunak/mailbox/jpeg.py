"""JPEG: what of a photo in this format passes, and how long each part may be (ITU-T T.81; JFIF 1.02)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import ClassVar

from kunak.mailbox.cleaner import Cleaner, NotAPhoto, Steps, Wish
from kunak.mailbox.orientation import UPRIGHT, block_with, orientation_in


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
            orientation = orientation_in(content)
            if orientation != UPRIGHT:
                exif = b"Exif\x00\x00" + block_with(orientation)
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
