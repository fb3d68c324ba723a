"""Bech32 (BIP 173) without its length limit: how recipients and identities are written as text."""

from __future__ import annotations

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6
_TOP = 25


def encode(prefix: str, data: bytes) -> str:
    """Lower-case text for `data` under the human-readable `prefix` (given in lower case)."""
    values = _regroup(data, 8, 5, pad=True)
    checksum = _polymod([*_expand(prefix), *values, *[0] * _CHECKSUM]) ^ 1
    tail = [(checksum >> 5 * (_CHECKSUM - 1 - place)) & 31 for place in range(_CHECKSUM)]
    return prefix + "1" + "".join(ALPHABET[value] for value in [*values, *tail])


def decode(text: str) -> tuple[str, bytes]:
    """The prefix (lower case) and the bytes. Raises ValueError for anything but the one spelling of them."""
    if text not in (text.lower(), text.upper()):
        raise ValueError("mixed case")
    text = text.lower()
    prefix, separator, body = text.rpartition("1")
    if not separator or not prefix or len(body) < _CHECKSUM or not prefix.isascii():
        raise ValueError("not bech32")
    try:
        values = [_VALUE[letter] for letter in body]
    except KeyError:
        raise ValueError("not bech32") from None
    if _polymod([*_expand(prefix), *values]) != 1:
        raise ValueError("the checksum does not hold")
    return prefix, _regroup(values[:-_CHECKSUM], 5, 8, pad=False)


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> _TOP
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            if (top >> bit) & 1:
                checksum ^= generator
    return checksum


def _expand(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _regroup(values: bytes | list[int], width: int, target: int, *, pad: bool) -> bytes:
    """Bits of `values` in groups of `target`. Left-over bits are padded, or must be few and zero."""
    held, bits, out = 0, 0, bytearray()
    for value in values:
        held = held << width | value
        bits += width
        while bits >= target:
            bits -= target
            out.append(held >> bits & ((1 << target) - 1))
        held &= (1 << bits) - 1
    if pad and bits:
        out.append(held << (target - bits))
    elif not pad and (bits >= width or held):
        raise ValueError("the padding is not canonical")
    return bytes(out)
