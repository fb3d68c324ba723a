"""Which side of a photo is up: read out of its Exif data, and written into a block that says nothing else (Exif 2.32; TIFF 6.0)."""

from __future__ import annotations

from typing import Final

UPRIGHT: Final = 1
ENOUGH: Final = 1 << 16  # bytes of Exif data among which the orientation stands: it is of the first directory
_PREFIX: Final = b"Exif\x00\x00"  # before the block in JPEG; some write it in PNG and WebP too


def orientation_in(exif: bytes) -> int:
    """Which side of the picture is up, 1 to 8 (tag 0x0112); 1 when it is not said."""
    tiff = exif.removeprefix(_PREFIX)
    order = {b"II*\x00": "little", b"MM\x00*": "big"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    little = order == "little"

    def number(start: int, length: int) -> int:
        return int.from_bytes(tiff[start : start + length], "little" if little else "big")

    start = number(4, 4)
    for index in range(min(number(start, 2), 200)):
        entry = start + 2 + 12 * index
        if number(entry, 2) == 0x0112:
            value = number(entry + 8, 2)
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def block_with(orientation: int) -> bytes:
    """The smallest Exif block, 26 bytes: one entry, SHORT, count 1, no further directory."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\x00\x00"
    return b"MM\x00*\x00\x00\x00\x08" + b"\x00\x01" + entry + b"\x00\x00\x00\x00"
