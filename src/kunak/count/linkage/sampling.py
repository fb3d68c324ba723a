"""How else the lists might be linked: a chance for every likely pair, and whole partitions drawn by these chances.

The error of the links belongs in whatever is counted from them (Tancredi & Liseo 2011, Annals of Applied Statistics 5,
1553-1585). A drawn partition takes each pair into account as often as the calibrated model says that it is one person, and
keeps to the rules of `clusters`: no drawn person has two given names either, and a reviewer's word binds in every draw.
What no key brought together stays apart in all of them: how much that is, only a reviewed random sample tells.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kunak.count.linkage import Decided, Prepared, decide
from kunak.count.linkage.explain import fate_of, probability
from kunak.count.linkage.scoring import Scored

_NEVER, _SURELY = 1e-9, 1 - 1e-9


def pair_chances(scored: Scored, decided: Decided, model: Mapping[str, Any]) -> list[tuple[int, int, float]]:
    """Every scored pair of nodes with the chance that it is one person, in the order of their weights."""
    chances = []
    for a, b, weight in scored.pairs():
        together, why = decided.fate.of(a, b, weight)
        known = float(together) if why == "reviewer" else probability(model, weight, fate_of(why, together=together))
        chances.append((a, b, known))
    return chances


def drawn_partitions(
    prepared: Prepared,
    chances: Sequence[tuple[int, int, float]],
    model: Mapping[str, Any],
    *,
    draws: int,
    seed: int,
    same: Sequence[tuple[int, int]] = (),
    different: Sequence[tuple[int, int]] = (),
) -> Iterator[Sequence[int]]:
    """So many partitions of the records, each the cluster of every record; the same seed draws the same ones.

    A pair weighs its chance against a lot drawn for it, both as log odds in bits: it reaches the threshold exactly as
    often as it is one person, and sure pairs are still taken before doubtful ones.
    """
    at_least = float(model["caution"]["pair"])
    for draw in range(draws):
        lots = random.Random(f"{seed} {draw}")  # noqa: S311 - a simulation, nothing secret
        weighed = [(a, b, at_least + _odds(chance) - _odds(lots.random())) for a, b, chance in chances]
        weighed.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
        yield decide(prepared, weighed, model, same=same, different=different).of_record


def _odds(chance: float) -> float:
    chance = min(max(chance, _NEVER), _SURELY)
    return math.log2(chance / (1 - chance))
