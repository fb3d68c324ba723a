"""HKDF-SHA256 (RFC 5869), 32 bytes unless said otherwise: every key that follows from another."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive(secret: bytes, info: str | bytes, *, salt: bytes | None = None, size: int = 32) -> bytes:
    """Another `info`, another key; nothing about one key follows from another."""
    return HKDF(SHA256(), size, salt, info.encode("ascii") if isinstance(info, str) else info).derive(secret)
