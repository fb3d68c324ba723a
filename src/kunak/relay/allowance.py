"""How much may come in, so that a flood neither fills the disk nor pushes out earlier mail. Nothing is ever evicted.

Persons, whom nobody knows yet, have limits for each day: first letters, later letters and files each their own, so that a flood
of invented first letters does not silence those who are already talking with the helpline. Devices of the roster have no
such limits, and room on the disk that persons cannot take.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from kunak.relay.refusals import Full
from kunak.relay.writer import Transaction, Work

MEBIBYTE: Final = 1024 * 1024
GIBIBYTE: Final = 1024 * MEBIBYTE


class Source(enum.Enum):
    """Who sends: a device of the roster, or somebody whom nobody knows yet."""

    DEVICE = "device"
    PERSON = "person"


class Kind(enum.Enum):
    """What persons fill."""

    FIRST_LETTERS = "first letters"
    LETTERS = "letters"
    FILES = "files"


@dataclass(frozen=True)
class Limits:
    """Bytes. The defaults hold a thousand times the letters of the published year's worst day (docs/running-a-relay.md)."""

    first_letters_a_day: int = 32 * MEBIBYTE  # about 5,000 new mailboxes with their first letters
    letters_a_day: int = 64 * MEBIBYTE
    files_a_day: int = 4 * GIBIBYTE
    free_for_devices: int = 2 * GIBIBYTE  # below this much free disk, persons are asked to wait
    free_for_removing: int = 256 * MEBIBYTE  # below this, devices too: deleting needs room as well
    messages_a_mailbox: int = 200  # that wait unread

    def a_day(self, kind: Kind) -> int:
        """What persons may bring of this kind in a day."""
        return {
            Kind.FIRST_LETTERS: self.first_letters_a_day,
            Kind.LETTERS: self.letters_a_day,
            Kind.FILES: self.files_a_day,
        }[kind]


def check_room(limits: Limits, by: Source, free: int) -> None:
    """`free`: bytes of the disk. Raises Full."""
    reserve = limits.free_for_removing if by is Source.DEVICE else limits.free_for_devices
    if free < reserve:
        raise Full(
            "The relay's disk is nearly full. What was sent earlier is safe; this was not kept. Try again later."
        )


_FILL: Final = """INSERT INTO filled (kind, day, bytes) VALUES (?, ?, ?) ON CONFLICT (kind) DO UPDATE SET
    bytes = CASE WHEN filled.day = excluded.day THEN filled.bytes + excluded.bytes ELSE excluded.bytes END,
    day = excluded.day RETURNING bytes"""


def fill(kind: Kind, size: int, day: int, limits: Limits) -> Work[None]:
    """Count what persons bring, in the transaction that keeps it. Raises Full, and then all of it is taken back."""

    def work(transaction: Transaction) -> None:
        filled = int(transaction.rows(_FILL, (kind.value, day, size))[0][0])
        if filled > limits.a_day(kind):
            raise Full(
                "More came today than this relay takes in a day. What was sent earlier is safe. Try again tomorrow."
            )

    return work
