"""When lists cannot answer, and when their answer must come with a warning.

Sources: Manrique-Vallier, Ball & Sulmont 2019 and Zwierzchowski & Tabeau 2010 on what lists must share before anything is
estimated; Chan, Silverman & Vincent 2021 on lists that never meet; Aleshin-Guendel, Sadinle & Wakefield 2024 on how little
the data can say of the unseen without an assumption. Counts are people.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from kunak.count.estimate.answer import NoEstimate
from kunak.count.estimate.table import Table
from kunak.count.estimate.told import Told, told

FEWEST_LISTS = 3
FEW_MEETINGS = 10  # people on two lists or more, under which an interval says little
NEARLY_THE_SAME = 0.95  # of the people of both lists are on both
FEW_PEOPLE = 30


def refuse_hopeless(table: Table) -> None:
    """Raise NoEstimate where no method could answer, with the reason."""
    if table.observed == 0:
        raise NoEstimate(told("empty"))
    filled = [i for i in range(table.width) if table.on(1 << i)]
    if len(filled) < FEWEST_LISTS:
        raise NoEstimate(told("too few lists", lists=len(filled)))
    if meetings(table) == 0:
        raise NoEstimate(told("no overlap"))
    for i, j in combinations(filled, 2):
        if table.on(1 << i) == table.on(1 << j) == table.on(1 << i | 1 << j):
            raise NoEstimate(told("identical", one=table.lists[i], other=table.lists[j]))
    together = max(connected(table), key=len)
    if len(together) < FEWEST_LISTS:
        raise NoEstimate(told("apart"))
    for i in filled:
        if table.on(1 << i) == table.observed:
            raise NoEstimate(told("everybody", one=table.lists[i]))


def meetings(table: Table) -> int:
    """How many people stand on two lists or more."""
    several = np.array([code.bit_count() > 1 for code in range(len(table.cells))])
    return int(table.cells[several].sum())


def connected(table: Table) -> list[set[int]]:
    """Groups of lists that are tied to each other by at least one shared person."""
    groups: list[set[int]] = [{i} for i in range(table.width)]
    for i, j in combinations(range(table.width), 2):
        if table.on(1 << i | 1 << j):
            first, second = (next(group for group in groups if one in group) for one in (i, j))
            if first is not second:
                groups.remove(second)
                first |= second
    return groups


def warnings(table: Table) -> list[Told]:
    """What an honest reader must be told beside the number."""
    say = []
    shared = meetings(table)
    if shared < FEW_MEETINGS:
        say.append(told("few shared", people=shared))
    if table.observed < FEW_PEOPLE:
        say.append(told("few people", people=table.observed))
    names = table.lists
    say += [told("names nobody", one=names[i]) for i in range(table.width) if not table.on(1 << i)]
    largest = max(connected(table), key=len)
    say += [told("shares nobody", one=names[i]) for i in range(table.width) if table.on(1 << i) and i not in largest]
    for i, j in combinations(range(table.width), 2):
        both, either = table.on(1 << i | 1 << j), table.on(1 << i) + table.on(1 << j) - table.on(1 << i | 1 << j)
        if either and both / either > NEARLY_THE_SAME:
            say.append(told("nearly the same", one=names[i], other=names[j]))
    for i, j in ((i, j) for i in range(table.width) for j in range(table.width) if i != j):
        if 0 < table.on(1 << i) == table.on(1 << i | 1 << j):
            say.append(told("within", one=names[i], other=names[j]))
    return say
