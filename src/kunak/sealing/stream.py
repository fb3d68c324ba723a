"""What streams are asked for: no more than this, so that a pipe, a file and an armoured text all serve."""

from __future__ import annotations

from typing import Protocol


class Readable(Protocol):
    """`read` gives up to `size` bytes, and none only at the end."""

    def read(self, size: int, /) -> bytes: ...


class Writable(Protocol):
    """`write` takes all bytes that it is given."""

    def write(self, data: bytes, /) -> int: ...
