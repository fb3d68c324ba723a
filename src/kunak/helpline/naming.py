"""What helpers call somebody before there is a pseudonym: short, the same on every desk, easy to say over the phone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.store import Database

# No vowels (no words by accident), nothing that is mistaken for another by eye or ear.
LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 6


class CaseNames(Protocol):
    """Pseudonyms of cases, from the room that knows them (this room stands below it)."""

    def __call__(self, db: Database, cases: Iterable[str], /) -> dict[str, str]: ...


def short_name(mailbox: str) -> str:
    """`7K3-MQ2`: about 29 bits of the mailbox id's hash; 10,000 persons share a name with a chance of one in ten, two of them."""
    number = int.from_bytes(hashlib.sha256(b"kunak/1 short name" + mailbox.encode()).digest()[:8])
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters[:3]) + "-" + "".join(letters[3:])
