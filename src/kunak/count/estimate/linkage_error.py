"""The total when the links between the lists may be wrong: tables as they might be had every link been right.

Source: the idea of Tancredi & Liseo 2011 (Annals of Applied Statistics 5, 1553-1585) and Sadinle 2018 (Annals of Applied
Statistics 12, 1013-1038), to carry the error of the links into the total, done here by drawing corrected tables; a missed
link takes a person out of the overlap and so makes the total too high (Ding & Fienberg 1994, Survey Methodology 20, 149-158).
Counts are people; recall and precision are shares of pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.answer import Answer, NoEstimate, from_draws
from kunak.count.estimate.methods import Effort, answer_by, asked_for, enough
from kunak.count.estimate.table import Table, canonical
from kunak.count.estimate.told import told

TABLES = 24  # enough that the pooled interval no longer moves by more than the methods' own noise
DRAWS = 1000
# Pairs of records of one person on two lists that no probability tells of, because nothing brought the two together: so large a share
# in a small file, and so much more for each person on the lists, because frequent keys are left out of large files. Measured on
# invented lists of 1,200, 8,700, 29,000 and 62,000 people, and taken as the same share of so many pairs would have shown it.
NEVER_COMPARED, NEVER_MORE, NEVER_MOST, NEVER_SEEN_IN = 0.017, 0.25e-6, 0.2, 200.0
CALIBRATION = (
    0.5  # the probabilities' log odds may all be off by so much (standard deviation), on lists unlike the invented
)

Tables = list[Table]  # one per stratum, or one


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


@dataclass(frozen=True)
class LinkedPeople:
    """The people whom the links made, and which two of them may be one.

    `patterns` and `strata` have an entry per person: the lists as bits, the number of the stratum. `doubts` are pairs of
    people (lower number first) with the chance that they are one; `found` and `wrong` are the expected pairs of records
    of two lists that are rightly and wrongly linked.
    """

    patterns: NDArray[np.int64]
    strata: NDArray[np.int64]
    doubts: Sequence[tuple[int, int, float]]
    found: float
    wrong: float

    @property
    def missed(self) -> float:
        """The expected pairs of people that are one, those that were never compared among them."""
        return (sum(chance for _, _, chance in self.doubts) + self.never * self.found) / (1 - self.never)

    @property
    def never(self) -> float:
        """The share of pairs that were never compared in so large a file."""
        return min(NEVER_COMPARED + NEVER_MORE * len(self.patterns), NEVER_MOST)


def as_reviewed(tables: Sequence[Table], quality: LinkQuality) -> Callable[[np.random.Generator], Tables]:
    """Tables corrected at random as often as a review says that links are wrong."""
    tables = [canonical(table) for table in tables]

    def draw(random: np.random.Generator) -> Tables:
        recall, precision = quality.draw(random)
        return [relink(table, recall, precision, random) for table in tables]

    return draw


def as_doubted(tables: Sequence[Table], linked: LinkedPeople) -> Callable[[np.random.Generator], Tables]:
    """Tables in which those people are made one whose records may be one person's, as often as their chance says.

    What was never compared, and wrong links, are put right by their share. `tables` give lists and names, by stratum.
    """
    doubts = sorted(linked.doubts, key=lambda one: (-one[2], one[0], one[1]))
    odds = np.log([chance / (1 - chance) for _, _, chance in doubts])
    precision = (linked.found + 0.5, linked.wrong + 0.5)

    def draw(random: np.random.Generator) -> Tables:
        chance = 1 / (1 + np.exp(-(odds + CALIBRATION * random.standard_normal())))
        merged = _united(linked, [doubts[i][:2] for i in np.flatnonzero(random.random(len(doubts)) < chance)])
        missed = random.beta(NEVER_SEEN_IN * linked.never, NEVER_SEEN_IN * (1 - linked.never))
        recall, right = 1 - missed, random.beta(*precision)
        sizes = range(len(tables))
        cells = [np.bincount(merged[0][merged[1] == one], minlength=2 ** tables[one].width) for one in sizes]
        return [
            relink(Table(table.lists, counts.astype(np.int64), table.name), recall, right, random)
            for table, counts in zip(tables, cells, strict=True)
        ]

    return draw


def _united(linked: LinkedPeople, pairs: Sequence[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Patterns and strata of the people when these pairs are one; whoever has the lower number keeps the stratum.

    A person who fits two others is one of them, not both: the first pair that names somebody counts.
    """
    patterns, gone = linked.patterns.copy(), np.zeros(len(linked.patterns), dtype=bool)
    taken: set[int] = set()
    for one, other in pairs:
        if taken.isdisjoint((one, other)):
            taken |= {one, other}
            patterns[one] |= patterns[other]
            gone[other] = True
    return patterns[~gone], linked.strata[~gone]


def allowing_for_links(
    draw: Callable[[np.random.Generator], Tables],
    method: str,
    seed: int,
    effort: Effort,
    done: Callable[[], None] = lambda: None,
) -> Answer:
    """The answer over corrected tables (`as_reviewed`, `as_doubted`), strata added; `done` is called after each.

    Raises NoEstimate where most of the corrected tables have no answer.
    """
    random = np.random.default_rng([seed, 7])
    pooled, answer = [], None
    for _ in range(TABLES):
        total = np.zeros(DRAWS)
        answered = False
        for corrected in draw(random):
            try:
                answer = asked_for(method, answer_by(enough(method, corrected.width), corrected, seed, effort))
            except NoEstimate:
                total += corrected.observed
                continue
            answered = True
            total += random.permutation(np.quantile(answer.draws, (np.arange(DRAWS) + 0.5) / DRAWS))
        if answered:
            pooled.append(total)
        done()
    if answer is None or len(pooled) < TABLES / 2:
        raise NoEstimate(told("links"))
    return from_draws(answer.method, np.concatenate(pooled), answer.warnings, answer.diagnostics)


def relink(table: Table, recall: float, precision: float, random: np.random.Generator) -> Table:
    """One table as it might be: some people who were split are made whole, some who were two are parted again."""
    cells = table.cells.copy()
    several = [code for code in range(len(cells)) if code.bit_count() > 1]
    for code in sorted(several, key=lambda one: (-one.bit_count(), one)):
        parts = [(code & ~(1 << i), 1 << i) for i in range(table.width) if code >> i & 1]
        whole = recall ** (
            code.bit_count() / 2
        )  # a spoilt record misses all of its pairs: half a pair's chance a record
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
