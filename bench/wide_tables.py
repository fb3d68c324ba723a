"""Invented tables of many kinds with known totals: what priors and shares of the average were chosen and judged on.

Each table is drawn from the exact probabilities of all patterns. Seeds 0 to 299 chose, seeds from 1000 on judged
(docs/decisions/estimate-average.md); `python -m bench.wide_tables 1000 1050` prints coverage and score of the average.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bench.simulated_tables import Case
from kunak.count.estimate.table import Table, membership

Array = NDArray[np.float64]
Terms = Mapping[tuple[int, ...], float]

KINDS = (
    "independent", "one pair", "two pairs", "strong pair", "pair apart", "random ties", "triple", "logit normal",
    "logit normal pair", "beta", "two kinds", "two kinds easy-hard", "three kinds", "strata", "referral",
)  # fmt: skip
RATES = {"low": (0.04, 0.18), "middle": (0.08, 0.32), "high": (0.15, 0.5)}
TOTALS = (300, 500, 1000, 2000, 5000, 10000)


def case(seed: int) -> Case:
    """The table of this seed, with at least ten people on two lists."""
    random = np.random.default_rng([seed, 77])
    kind = KINDS[seed % len(KINDS)]
    width = int(random.choice([3, 4, 5, 6], p=[0.4, 0.32, 0.22, 0.06]))
    rates = str(random.choice(list(RATES)))
    total = int(random.choice(TOTALS))
    several = np.array([code.bit_count() > 1 for code in range(2**width)])
    while True:
        chance = patterns(kind, width, rates, random)
        cells = random.multinomial(total, chance / chance.sum())
        cells[0] = 0
        if cells[several].sum() >= 10:
            return Case(kind, rates, total, Table(tuple(f"l{i}" for i in range(width)), cells.astype(np.int64)))


def patterns(kind: str, width: int, rates: str, random: np.random.Generator) -> Array:
    """The probability of every pattern."""
    lowest, highest = RATES[rates]
    base = _odds(random.uniform(lowest, highest, width))
    order = random.permutation(width)
    first = (min(order[:2]), max(order[:2]))
    if kind in TIED:
        return _together(base, _ties(kind, width, order, random), width)
    if kind.startswith("logit normal"):
        spread = random.uniform(0.3, 1.0)
        points, weights = np.polynomial.hermite_e.hermegauss(31)
        ties: Terms = {first: random.uniform(0.5, 1.5)} if kind.endswith("pair") else {}
        parts = [_together(base + spread * z, ties, width) for z in points]
        return np.asarray(weights / weights.sum() @ np.stack(parts))
    if kind == "beta":
        unlike = random.uniform(0.3, 1.0)
        more = random.gamma(1 / unlike**2, unlike**2, 400)
        chance = np.clip(_share(base)[None, :] * more[:, None], 1e-4, 0.95)[:, None, :]
        return np.asarray(np.prod(np.where(membership(width)[None], chance, 1 - chance), axis=2).mean(axis=0))
    if kind == "referral":
        return _referred(base, order, width, random)
    return _of_kinds(kind, base, (lowest, highest), width, random)


TIED = ("independent", "one pair", "two pairs", "strong pair", "pair apart", "random ties", "triple")


def _ties(kind: str, width: int, order: NDArray[np.int64], random: np.random.Generator) -> Terms:
    """What lists add to or take from each other, in log odds."""

    def pair(number: int) -> tuple[int, ...]:
        inside = 2 * number + 1 < width
        return tuple(sorted((order[2 * number], order[2 * number + 1]) if inside else (order[0], order[2])))

    strengths = {"one pair": (0.5, 2.0), "strong pair": (1.5, 3.0), "pair apart": (0.5, 2.0), "triple": (0.3, 1.0)}
    ties: dict[tuple[int, ...], float] = {}
    if kind in strengths:
        ties[pair(0)] = random.uniform(*strengths[kind]) * (-1 if kind == "pair apart" else 1)
    if kind == "triple" and width > 3:
        ties[tuple(sorted(order[:3]))] = random.uniform(0.3, 1)
    if kind == "two pairs":
        ties = {pair(i): random.uniform(0.5, 1.6) for i in range(2)}
    if kind == "random ties":
        ties = {(i, j): random.normal(0, 0.4) for i in range(width) for j in range(i + 1, width)}
    return ties


def _together(base: Array, ties: Terms, width: int) -> Array:
    """Probabilities of all patterns of lists with these log odds and ties; a pair keeps the lists' rates about."""
    on = membership(width).astype(np.float64)
    odds = on @ base
    for lists, tie in ties.items():
        middle = _share(base) if len(lists) == 2 else np.zeros(width)
        odds = odds + tie * np.prod([on[:, i] - middle[i] for i in lists], axis=0)
    chance = np.exp(odds - odds.max())
    return np.asarray(chance / chance.sum())


def _of_kinds(kind: str, base: Array, reach: tuple[float, float], width: int, random: np.random.Generator) -> Array:
    """A few kinds of people, or strata."""
    if kind == "two kinds easy-hard":
        share, apart = random.uniform(0.2, 0.5), random.uniform(0.6, 1.6)
        easy, hard = _together(base + apart * (1 - share), {}, width), _together(base - apart * share, {}, width)
        return np.asarray(share * easy + (1 - share) * hard)
    if kind == "strata":
        number = int(random.integers(2, 5))
        shares = random.dirichlet(np.full(number, 3.0))
        rates = [np.clip(random.uniform(*reach, width) * random.uniform(0.5, 1.5), 0.02, 0.8) for _ in shares]
        return np.asarray(shares @ np.stack([_together(_odds(one), {}, width) for one in rates]))
    number = 2 if kind == "two kinds" else 3
    shares = random.dirichlet(np.full(number, 4.0))
    leanings = random.normal(0, 0.5, (number, 1)) + random.normal(0, 0.5, (number, width))
    return np.asarray(shares @ np.stack([_together(base + leaning, {}, width) for leaning in leanings]))


def _referred(base: Array, order: NDArray[np.int64], width: int, random: np.random.Generator) -> Array:
    """One list tells another of some of its people."""
    share, (one, other) = random.uniform(0.1, 0.4), order[:2]
    chance = _together(base, {}, width)
    codes = np.arange(2**width)
    told = ((codes >> one) & 1 == 1) & ((codes >> other) & 1 == 0)
    after = chance.copy()
    after[told] -= share * chance[told]
    np.add.at(after, codes[told] | (1 << other), share * chance[told])
    return after


def _odds(chance: Array) -> Array:
    return np.asarray(np.log(chance / (1 - chance)))


def _share(odds: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-odds)))


def main(first: int, end: int) -> None:
    """Coverage and score of the average and what it mixes, on the tables of these seeds."""
    from bench.estimate import MIXED, measured_row, mixed_answers  # noqa: PLC0415 - it reads this module

    measured = [mixed_answers(case(seed)) for seed in range(first, end)]
    for name in MIXED:
        sys.stdout.write(f"{measured_row(name, [one[name] for one in measured if name in one])}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
