"""Sealed records in a file beside the vault, each on its own: a flipped bit costs one record and no more. docs/formats/vault.md"""

from __future__ import annotations

import hmac
import os
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# By it the next record is found when the length of one is damaged.
MARK: Final = b"\xf5kunak\x0d\x0a"
_LENGTH, _NONCE, _TAG = 4, 12, 16


class SpareFile:
    """`key`: the vault's; the file's own is derived from it and from its name."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._cipher = ChaCha20Poly1305(hmac.digest(key, b"kunak/1 " + path.name.encode(), "sha256"))

    def append(self, records: Iterable[bytes], *, durable: bool = True) -> None:
        """Written at the end; `durable`: on the disk when this returns."""
        with self._path.open("ab") as file:
            file.write(b"".join(self._sealed(record) for record in records))
            if durable:
                file.flush()
                os.fsync(file.fileno())

    def rewrite(self, records: Iterable[bytes]) -> None:
        """Another content; what was there before is overwritten. One of the two is whole at any time."""
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        with fresh.open("wb") as file:
            file.write(b"".join(self._sealed(record) for record in records))
            file.flush()
            os.fsync(file.fileno())
        old = self._path.open("r+b") if self._path.exists() else None
        fresh.replace(self._path)
        if old is not None:
            with old:
                old.write(bytes(os.fstat(old.fileno()).st_size))
                old.flush()
                os.fsync(old.fileno())

    def empty(self) -> None:
        with self._path.open("wb"):
            pass

    def read(self) -> tuple[list[bytes], int]:
        """The records that are whole, in order, and how many are damaged (at least)."""
        content = self._path.read_bytes() if self._path.exists() else b""
        records, damaged, at = [], 0, 0
        while at < len(content):
            record, after = self._open(content, at)
            if record is not None:
                records.append(record)
                at = after
                continue
            damaged += 1
            following = content.find(MARK, at + 1)
            at = following if following >= 0 else len(content)
        return records, damaged

    def _sealed(self, record: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        length = (len(record) + _TAG).to_bytes(_LENGTH, "big")
        return MARK + length + nonce + self._cipher.encrypt(nonce, record, MARK + length)

    def _open(self, content: bytes, at: int) -> tuple[bytes | None, int]:
        start = at + len(MARK) + _LENGTH
        length = content[at + len(MARK) : start]
        end = start + _NONCE + int.from_bytes(length, "big")
        if content[at : at + len(MARK)] != MARK or end > len(content):
            return None, at
        try:
            nonce = content[start : start + _NONCE]
            return self._cipher.decrypt(nonce, content[start + _NONCE : end], MARK + length), end
        except InvalidTag:
            return None, at
