"""Does `kunak link --explain` keep its word? Of the pairs that it gives .7, how many are one person.

The model's probabilities were learnt from other seeds of bench.invented (learn_model --probability); `elsewhere` they were learnt
from nothing: other people, other clerks.
"""

from __future__ import annotations

import collections
import tempfile
from pathlib import Path

from bench.invented import ELSEWHERE, HERE, Hand, write
from bench.learn_model import fates
from bench.table import Row
from kunak.count.linkage.explain import probability
from kunak.count.names import read_tables

PEOPLE, SEEDS = 6_000, (811, 812, 813)
TITLE = f"the probabilities of kunak link --explain, {len(SEEDS)} times {PEOPLE:,} invented people"
_MOST_OFF = {"here": 0.02, "elsewhere": 0.05}


def told_and_true(hand: Hand) -> list[tuple[float, bool]]:
    """The told chance of every scored pair, and whether it is one person."""
    model = read_tables().model
    found = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), PEOPLE, seed, hand)
            for fate, pairs in fates(Path(folder)).items():
                found += [(probability(model, weight, fate), same) for weight, same in pairs]
    return found


def run() -> list[Row]:
    """A row for each tenth, and how far told and true are apart on average over all pairs."""
    rows = []
    for name, hand in (("here", HERE), ("elsewhere", ELSEWHERE)):
        tenths = collections.defaultdict(list)
        pairs = told_and_true(hand)
        for chance, same in pairs:
            tenths[min(int(chance * 10), 9)].append((chance, same))
        off, told = 0.0, []
        for tenth in sorted(tenths):
            inside = tenths[tenth]
            said, was = (sum(x) / len(inside) for x in zip(*inside, strict=True))
            off += abs(said - was) * len(inside) / len(pairs)
            told.append(
                Row(f"{name}: told {said:.2f}", f"{was:.2f} are one person", f"{len(inside):,} pairs", "", "", None)
            )
        most = _MOST_OFF[name]
        rows.append(
            Row(f"{name}: told and true apart", f"{off:.3f}", f"{len(pairs):,} pairs", "", f"<= {most}", off <= most)
        )
        rows += told
    return rows
