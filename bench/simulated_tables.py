"""Invented tables of lists whose true total is known: who is listed where, under several kinds of dependence.

Each table is drawn from the exact probabilities of all patterns. A person's chance of standing on list j given the lists
before it is logistic: a rate for the list, plus the person's own conspicuousness, plus what earlier lists add or take.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.table import Table, membership

Array = NDArray[np.float64]

DEPENDENCE = (
    "independent",
    "one pair",
    "two pairs",
    "pair apart",
    "two kinds",
    "three kinds",
    "conspicuous",
    "conspicuous pair",
)
RATES = {"low": (0.04, 0.16), "middle": (0.08, 0.30), "high": (0.15, 0.50)}
WIDTHS = (3, 4, 5, 6)
TOTALS = (400, 1000, 2500, 6000)


@dataclass(frozen=True)
class Case:
    """One invented population, as its lists show it."""

    dependence: str
    rates: str
    total: int
    table: Table


def cases(number: int, seed: int) -> Iterator[Case]:
    """That many tables, going through every kind of dependence, number of lists and rate in turn."""
    random = np.random.default_rng(seed)
    grid = list(product(DEPENDENCE, WIDTHS, RATES))
    random.shuffle(grid)
    made = 0
    while made < number:
        dependence, width, rates = grid[made % len(grid)]
        total = int(random.choice(TOTALS))
        table = draw(str(dependence), int(width), str(rates), total, random)
        several = np.array([code.bit_count() > 1 for code in range(2 ** int(width))])
        if table.cells[several].sum() < 10:  # such a table is refused or warned of, not scored
            continue
        made += 1
        yield Case(str(dependence), str(rates), total, table)


def draw(dependence: str, width: int, rates: str, total: int, random: np.random.Generator) -> Table:
    """A table of `total` people of whom those on no list are forgotten."""
    chance = patterns(dependence, width, rates, random)
    cells = random.multinomial(total, chance)
    cells[0] = 0
    return Table(tuple(f"list {i + 1}" for i in range(width)), cells.astype(np.int64), dependence)


def patterns(dependence: str, width: int, rates: str, random: np.random.Generator) -> Array:
    """The probability of every pattern."""
    lowest, highest = RATES[rates]
    base = np.log(random.uniform(lowest, highest, width))
    base -= np.log1p(-np.exp(base))
    ties = np.zeros((width, width))
    if dependence in ("one pair", "conspicuous pair"):
        ties[0, 1] = random.uniform(0.6, 1.8)
    if dependence == "two pairs":
        ties[0, 1], ties[1, 2] = random.uniform(0.6, 1.8, 2)
    if dependence == "pair apart":
        ties[0, 1] = -random.uniform(0.6, 1.8)
    order = random.permutation(width)
    shares, leanings = _people(dependence, width, random)
    return sum(
        (share * _given(base[order] + leaning, ties) for share, leaning in zip(shares, leanings, strict=True)),
        np.zeros(2**width),
    )


def _people(dependence: str, width: int, random: np.random.Generator) -> tuple[Array, Array]:
    """Kinds of people: the share of each and how much oftener (in log odds) each list notes them."""
    if dependence.startswith("conspicuous"):
        points, weights = np.polynomial.hermite_e.hermegauss(21)
        spread = random.uniform(0.3, 0.8)
        return weights / weights.sum(), np.repeat(points[:, None] * spread, width, axis=1)
    kinds = {"two kinds": 2, "three kinds": 3}.get(dependence, 1)
    if kinds == 1:
        return np.ones(1), np.zeros((1, width))
    shares = random.dirichlet(np.full(kinds, 4.0))
    return shares, random.normal(0, 0.6, (kinds, 1)) + random.normal(0, 0.6, (kinds, width))


def _given(base: Array, ties: Array) -> Array:
    """Probabilities of all patterns for one kind of people, list after list."""
    width = len(base)
    on = membership(width).astype(np.float64)
    chance = np.ones(2**width)
    average = 1 / (1 + np.exp(-base))
    for j in range(width):
        odds = base[j] + (on[:, :j] - average[:j]) @ ties[:j, j]
        yes = 1 / (1 + np.exp(-odds))
        chance *= np.where(on[:, j] > 0, yes, 1 - yes)
    return np.asarray(chance)
