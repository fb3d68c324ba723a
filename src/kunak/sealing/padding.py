"""The sizes that anybody may see (docs/formats/padding.md)."""

from __future__ import annotations

from kunak.sealing.failure import Damaged

SMALLEST = 4_096
# Up to here sizes double; above, Padmé wastes less (at most 12 %, and less the larger it gets).
_DOUBLING = 65_536
_MARK = b"\x80"


def bucket(size: int) -> int:
    """The smallest allowed stored size that holds `size` bytes."""
    if size <= SMALLEST:
        return SMALLEST
    if size <= _DOUBLING:
        return 1 << (size - 1).bit_length()
    return -(-_padme(size) // SMALLEST) * SMALLEST


def pad(content: bytes, size: int) -> bytes:
    """`content`, 0x80, zeros: exactly `size` bytes (ISO/IEC 7816-4). Raises ValueError if it does not fit."""
    if len(content) >= size:
        raise ValueError("the content does not fit")
    return (content + _MARK).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The content. Raises Damaged if the end is not 0x80 and zeros."""
    end = padded.rfind(_MARK)  # ten times quicker than stripping zeros
    if end < 0 or not padded.endswith(bytes(len(padded) - end - 1)):
        raise Damaged("the padding is not as it was written")
    return padded[:end]


def _padme(size: int) -> int:
    """Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019, algorithm 1)."""
    exponent = size.bit_length() - 1
    free = exponent - exponent.bit_length()
    return (size + (1 << free) - 1) >> free << free
