"""A secret split among people who would have to come together: SLIP-39 (`shamir-mnemonic`)."""

from __future__ import annotations

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

SECRET_SIZE = 32


class SharesMistake(Exception):
    """Too few shares, a mistyped word, or shares of different secrets. The sentence says which."""


def split(secret: bytes, threshold: int, count: int) -> list[str]:
    """`count` shares of 33 words, any `threshold` of which give back the secret (32 bytes)."""
    if len(secret) != SECRET_SIZE:
        raise ValueError("a secret has 32 bytes")
    shares: list[str] = generate_mnemonics(1, [(threshold, count)], secret)[0]
    return shares


def combine(shares: list[str]) -> bytes:
    """The secret. Raises SharesMistake."""
    try:
        secret: bytes = combine_mnemonics([" ".join(share.lower().split()) for share in shares])
    except MnemonicError as error:
        raise SharesMistake(str(error)) from None
    return secret
