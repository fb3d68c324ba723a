"""What hinders the sync at the moment, in a sentence that says what to do.

The relay's own sentences are English and for whoever runs it; a desk tells what the short words of docs/formats/relay.md mean for a
helper. All sentences are marked here and translated where they are shown.
"""

from __future__ import annotations

from typing import Final, Protocol

from kunak.frame.words import mark

AWAY: Final = mark("The relay cannot be reached. You can go on working; everything is sent when it is back.")
NOT_THE_RELAY: Final = mark(
    "Something other than the relay answered. Check the network; everything is sent when it is back."
)
DISK_FULL: Final = mark(
    "This machine's disk is full: nothing can be kept that comes. Nothing is lost. Make room on the disk; the desk goes on by itself."
)
FAILED: Final = mark("Something failed in the desk itself. It tries again by itself. If it stays so, tell an admin.")
MENDING: Final = mark("This desk was mended, and reads everything again.")
LIED: Final = mark(
    "The relay gave an answer that cannot be true: it is broken or hostile, or something stands between. Nothing of yours is lost. Tell an admin."
)
NOT_ADMITTED: Final = mark(
    "The relay does not know this device yet: it is admitted when the admin who invited it starts their desk. Nothing to do but wait."
)
REFUSED: Final = {
    "full": mark(
        "The relay's disk is full. Nothing is lost: what you write waits in this desk. Tell whoever runs the relay to make room."
    ),
    "clock": mark(
        "This machine's clock and the relay's differ by more than five minutes. Set this machine's date, time and time zone; "
        "if they are right, tell whoever runs the relay. Nothing is lost meanwhile."
    ),
    "not-allowed": mark(
        "The relay does not let this device in any more: it was revoked. If you did not expect that, ask an admin by voice. "
        "What you wrote stays in this desk."
    ),
    "busy": mark("The relay has more to do than it can just now. The desk tries again by itself."),
    "closing": mark("The relay is being started anew. The desk tries again by itself."),
    "unavailable": mark("Something that the relay needs does not answer. The desk tries again by itself."),
}


class Refusal(Protocol):
    """What the relay said no with (relay_client.RelayRefused): `word` as in docs/formats/relay.md; in `str`, its own sentence."""

    @property
    def word(self) -> str: ...


def sentence_of(refused: Refusal, *, admitted: bool = True) -> str:
    """What to do about a refusal. `admitted`: whether this desk holds the organisation's roster. A word that is newer than this desk
    is told in the relay's own words."""
    if refused.word == "not-allowed" and not admitted:
        return NOT_ADMITTED
    return REFUSED.get(refused.word, str(refused))
