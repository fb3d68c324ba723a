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

FEWEST_LISTS = 3
FEW_MEETINGS = 10  # people on two lists or more, under which an interval says little
NEARLY_THE_SAME = 0.95  # of the people of both lists are on both
FEW_PEOPLE = 30


def refuse_hopeless(table: Table) -> None:
    """Raise NoEstimate where no method could answer, with the reason."""
    if table.observed == 0:
        raise NoEstimate("The table is empty: nobody is on any list.")
    filled = [i for i in range(table.width) if table.on(1 << i)]
    if len(filled) < FEWEST_LISTS:
        raise NoEstimate(
            f"Only {len(filled)} of the lists name anybody; at least three are needed, because with two "
            "nothing can tell lists that lean on each other from lists that miss many people."
        )
    if meetings(table) == 0:
        raise NoEstimate("No overlap: nobody stands on two lists, so nothing tells how many are on none.")
    for i, j in combinations(filled, 2):
        if table.on(1 << i) == table.on(1 << j) == table.on(1 << i | 1 << j):
            raise NoEstimate(
                f"The lists {table.lists[i]} and {table.lists[j]} are identical: one is a copy of the other and bears no "
                "witness of its own. Remove one and ask again."
            )
    together = max(connected(table), key=len)
    if len(together) < FEWEST_LISTS:
        raise NoEstimate(
            "The lists fall apart into groups that share nobody, none of three lists: no group can be estimated."
        )
    for i in filled:
        if table.on(1 << i) == table.observed:
            raise NoEstimate(
                f"Everybody is on the list {table.lists[i]}: the other lists found nobody new, so no estimate of the "
                "unseen exists. The other lists may have been drawn from it."
            )


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


def warnings(table: Table) -> list[str]:
    """What an honest reader must be told beside the number."""
    told = []
    shared = meetings(table)
    if shared < FEW_MEETINGS:
        told.append(f"Only {shared} people stand on two lists or more; the estimate hangs on each of them.")
    if table.observed < FEW_PEOPLE:
        told.append(f"Only {table.observed} people are on any list: too few to tell models apart.")
    names = table.lists
    told += [f"The list {names[i]} names nobody and adds nothing." for i in range(table.width) if not table.on(1 << i)]
    largest = max(connected(table), key=len)
    told += [
        f"The list {names[i]} shares nobody with the others: whom it was made of may be another population."
        for i in range(table.width)
        if table.on(1 << i) and i not in largest
    ]
    for i, j in combinations(range(table.width), 2):
        both, either = table.on(1 << i | 1 << j), table.on(1 << i) + table.on(1 << j) - table.on(1 << i | 1 << j)
        if either and both / either > NEARLY_THE_SAME:
            told.append(
                f"The lists {names[i]} and {names[j]} name nearly the same people: one may be copied from the other."
            )
    for i, j in ((i, j) for i in range(table.width) for j in range(table.width) if i != j):
        if 0 < table.on(1 << i) == table.on(1 << i | 1 << j):
            told.append(f"Everybody on the list {names[i]} is on {names[j]} too: it may have been drawn from it.")
    return told
