"""A word that might stand in a list, as a language's module proposes it."""

from __future__ import annotations

from dataclasses import dataclass

# Nine letters only for words that everybody knows, where too few short ones are left.
SHORTEST, SHORT, LONGEST = 4, 8, 9


@dataclass(frozen=True)
class Candidate:
    """`tier`: whole groups of words come one after another; `frequency` on Zipf's scale; `sounds`: keys, one a pronunciation."""

    word: str
    tier: int
    frequency: float
    sounds: tuple[str, ...]
