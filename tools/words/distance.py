"""Which words lie too near each other, found through what remains when letters are left out (as SymSpell does)."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from rapidfuzz.distance import OSA


class Near:
    """Words taken so far, asked for neighbours: one slip is a letter more, less, other, or two letters swapped."""

    def __init__(self, slips: int) -> None:
        self._slips = slips
        self._by_remainder: dict[str, list[str]] = defaultdict(list)

    def add(self, text: str) -> None:
        for remainder in self._remainders(text):
            self._by_remainder[remainder].append(text)

    def has_near(self, text: str) -> bool:
        """Whether a text taken before is at most so many slips away."""
        near = {other for remainder in self._remainders(text) for other in self._by_remainder.get(remainder, ())}
        return any(OSA.distance(text, other, score_cutoff=self._slips) <= self._slips for other in near)

    def _remainders(self, text: str) -> set[str]:
        return {
            "".join(letter for place, letter in enumerate(text) if place not in left_out)
            for count in range(self._slips + 1)
            for left_out in combinations(range(len(text)), count)
        }
