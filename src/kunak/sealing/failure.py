"""What can be wrong with sealed bytes, and by whose fault."""

from __future__ import annotations


class NotForYou(Exception):
    """Sealed to somebody else: none of the identities opens it. Another key may."""


class Damaged(Exception):
    """Not the bytes that were sealed: cut short, changed, or never sealed. No key will help."""


class DamagedHeader(Damaged):
    """The header is not one that the format allows, or its MAC does not hold."""


class DamagedPayload(Damaged):
    """The header is whole; what follows it was changed or cut short."""


class DamagedArmor(Damaged):
    """The text around an armoured file is not strict PEM."""
