"""Chunks in an S3-compatible object store, for operators whose relay has a small disk.

The store keeps the second at which each object came, which we cannot keep it from doing (docs/LIMITS.md).
"""

from __future__ import annotations

import obstore
from obstore.store import ObjectStore, from_url

from kunak.relay.refusals import Unavailable, Unknown

_AWAY = "The relay's store for files does not answer. Nothing was lost; this was not kept. Try again in a minute."


class ChunkObjects:
    """`address`: what obstore understands, such as `s3://bucket/folder`; keys and endpoint come from the usual AWS_ variables."""

    def __init__(self, address: str, store: ObjectStore | None = None) -> None:
        """Raises ValueError for an address that names no store."""
        try:
            self._store = store or from_url(address)
        except obstore.exceptions.BaseError as trouble:
            raise ValueError("this is no address of an object store") from trouble

    def put(self, name: str, chunk: bytes) -> None:
        """Raises Unavailable."""
        try:
            obstore.put(self._store, name, chunk)
        except obstore.exceptions.BaseError as trouble:
            raise Unavailable(_AWAY) from trouble

    def get(self, name: str) -> bytes:
        """Raises Unknown, Unavailable."""
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except FileNotFoundError as trouble:
            raise Unknown("There is no such part of a file here.") from trouble
        except obstore.exceptions.BaseError as trouble:
            raise Unavailable(_AWAY) from trouble

    def has(self, name: str) -> bool:
        """Raises Unavailable."""
        try:
            obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        except obstore.exceptions.BaseError as trouble:
            raise Unavailable(_AWAY) from trouble
        return True

    def delete(self, name: str) -> None:
        """Raises Unavailable."""
        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return
        except obstore.exceptions.BaseError as trouble:
            raise Unavailable(_AWAY) from trouble
