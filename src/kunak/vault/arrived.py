"""An envelope on its way into the vault."""

from __future__ import annotations

import msgspec


class Arrived(msgspec.Struct, frozen=True):
    """An envelope as the relay shows it. `sealed` is None once it was shredded; `digest` is SHA-256 of the sealed bytes."""

    position: int
    day: int
    label: bytes
    sealed: bytes | None
    digest: bytes
