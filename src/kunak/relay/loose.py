"""Chunks of files whose letter has not been sent yet, so that a relay that was killed meanwhile knows what has no owner.

A chunk is noted before it is kept, and settled in the very transaction that keeps its letter: nothing that a letter names is
ever swept away, and nothing that no letter names stays for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kunak.relay.writer import Transaction, Work

ALL: Final = "SELECT chunk FROM loose"
_NOTE: Final = "INSERT INTO loose (chunk) VALUES (?) ON CONFLICT (chunk) DO NOTHING"


def note(chunk: bytes) -> Work[None]:
    """No letter names it yet."""

    def work(transaction: Transaction) -> None:
        transaction.change(_NOTE, (chunk,))

    return work


def settle(chunks: Sequence[bytes]) -> Work[None]:
    """A letter names these now, or they are gone."""

    def work(transaction: Transaction) -> None:
        for chunk in chunks:
            transaction.change("DELETE FROM loose WHERE chunk = ?", (chunk,))

    return work
