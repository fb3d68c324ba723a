"""The total when the links between the lists may be wrong: tables as they might be had every link been right.

Source: the idea of Tancredi & Liseo 2011 (Annals of Applied Statistics 5, 1553-1585), to carry the error of the links into the
total, done here by drawing corrected tables; a missed link takes a person out of the overlap and so makes the total too
high (Ding & Fienberg 1994, Survey Methodology 20, 149-158). Counts are people; recall and precision are shares of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.answer import Answer, NoEstimate, from_draws
from kunak.count.estimate.methods import Effort, answer_by, asked_for, needed
from kunak.count.estimate.table import Table, canonical
from kunak.count.estimate.told import told

TABLES = 16  # enough that the pooled interval no longer moves by more than the methods' own noise
DRAWS = 1000


@dataclass(frozen=True)
class LinkQuality:
    """What a review of links found, in pairs of records of two lists."""

    found: float  # one person, and linked
    missed: float  # one person, and not linked
    wrong: float  # two people, and linked

    def draw(self, random: np.random.Generator) -> tuple[float, float]:
        """A recall and a precision that this review allows (Jeffreys' prior)."""
        recall = random.beta(self.found + 0.5, self.missed + 0.5)
        return max(float(recall), 0.2), max(float(random.beta(self.found + 0.5, self.wrong + 0.5)), 0.2)


def allowing_for_links(table: Table, quality: LinkQuality, method: str, seed: int, effort: Effort) -> Answer:
    """The answer over tables whose links are corrected at random, as often as the review says that they are wrong.

    Raises NoEstimate where most of the corrected tables have no answer.
    """
    table = canonical(table)
    random = np.random.default_rng([seed, 7])
    draws, answer = [], None
    for _ in range(TABLES):
        recall, precision = quality.draw(random)
        try:
            corrected = relink(table, recall, precision, random)
            answer = asked_for(method, answer_by(needed(method), corrected, seed, effort))
        except NoEstimate:
            continue
        draws.append(np.quantile(answer.draws, (np.arange(DRAWS) + 0.5) / DRAWS))
    if answer is None or len(draws) < TABLES / 2:
        raise NoEstimate(told("links"))
    return from_draws(answer.method, np.concatenate(draws), answer.warnings, answer.diagnostics)


def relink(table: Table, recall: float, precision: float, random: np.random.Generator) -> Table:
    """One table as it might be: some people who were split are made whole, some who were two are parted again."""
    cells = table.cells.copy()
    several = [code for code in range(len(cells)) if code.bit_count() > 1]
    for code in sorted(several, key=lambda one: (-one.bit_count(), one)):
        parts = [(code & ~(1 << i), 1 << i) for i in range(table.width) if code >> i & 1]
        whole = recall ** (code.bit_count() - 1)
        wrong = random.binomial(cells[code], 1 - precision)
        _move(cells, code, parts, -_spread(wrong, len(parts), random))
        split = random.poisson(cells[code] * (1 - whole) / whole)
        _move(cells, code, parts, _spread(split, len(parts), random))
    cells[0] = 0
    return Table(table.lists, cells, table.name)


def _spread(people: int, ways: int, random: np.random.Generator) -> NDArray[np.int64]:
    return random.multinomial(people, np.full(ways, 1 / ways))


def _move(cells: NDArray[np.int64], code: int, parts: list[tuple[int, int]], people: NDArray[np.int64]) -> None:
    """Make so many pairs of parts one person each (or, if negative, so many persons two), as far as there are any."""
    for (one, other), wanted in zip(parts, people.tolist(), strict=True):
        at_most = min(cells[one], cells[other]) if one != other else cells[one] // 2
        moved = min(wanted, int(at_most)) if wanted > 0 else wanted
        cells[code] += moved
        cells[one] -= moved
        cells[other] -= moved
