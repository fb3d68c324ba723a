"""Why the relay says no: each with a short word for programs, a sentence for people, and whether waiting helps.

These know nothing of HTTP; `api.py` maps them to status codes in one place.
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """The relay did not do what was asked; nothing was changed."""

    word: ClassVar[str] = "refused"
    again: ClassVar[bool] = False

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Full(Refused):
    """There is no room for this now. Nothing older was pushed out for it."""

    word = "full"
    again = True


class Unknown(Refused):
    """There is no such mailbox, blob or document."""

    word = "unknown"


class Changed(Refused):
    """Somebody else changed it in between; read it again, then try again."""

    word = "changed"
    again = True


class Malformed(Refused):
    """What was sent is not what docs/formats/relay.md describes."""

    word = "malformed"


class NotAllowed(Refused):
    """The request is not signed by a device of the roster, or the document not by the organisation's root key."""

    word = "not-allowed"


class ClockOff(Refused):
    """The signature is good, but made too long ago or in the future: the two clocks disagree."""

    word = "clock"


class Outdated(Refused):
    """A newer version of this document is already here."""

    word = "outdated"


class Closing(Refused):
    """The relay is going down; what it acknowledged is kept, this was not done."""

    word = "closing"
    again = True


class Busy(Refused):
    """Not now; the same request, signed anew, will do."""

    word = "busy"
    again = True


class TooLarge(Refused):
    """More bytes than one request may have."""

    word = "too-large"


class Unavailable(Refused):
    """Something that the relay needs does not answer."""

    word = "unavailable"
    again = True


class InUse(Refused):
    """Another relay works on this database."""

    word = "in-use"
