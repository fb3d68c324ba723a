"""What can be wrong with sealed bytes, and by whose fault."""

from __future__ import annotations


class NotForYou(Exception):
    """Sealed to somebody else: none of the identities opens it. Another key may."""


class Damaged(Exception):
    """Not the bytes that were sealed: cut short, changed, or never sealed. No key will help."""


class DamagedHeader(Damaged):
    """The header is not one that the format allows."""


class DamagedMac(Damaged):
    """A header that the format allows, but not the one that was written."""


class DamagedPayload(Damaged):
    """The header is whole; what follows it was changed or cut short. `genuine`: a chunk that is as it was sealed, but out of place."""

    def __init__(self, sentence: str, genuine: bytes = b"") -> None:
        super().__init__(sentence)
        self.genuine = genuine


class DamagedArmor(Damaged):
    """The text around an armoured file is not strict PEM."""
